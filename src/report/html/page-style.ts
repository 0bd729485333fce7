// The style of pages: system fonts, colours of contrast AA in light and dark, one column on a phone, paper when printed.

/** The style sheet. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf7; --card: #ffffff; --ink: #1e1d1a; --muted: #5e5b53; --line: #dfdbd0; --faint: #f1eee6;
  --accent: #0b5a78; --best: #e3f0e4; --best-ink: #1d5427; --noise-ink: #5c5223; --mark: #0b5a78;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Georgia, "DejaVu Serif Condensed", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans Condensed", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15161a; --card: #1d1f24; --ink: #e9e7e1; --muted: #aaa79e; --line: #363940; --faint: #23252b;
    --accent: #86c5e6; --best: #1f3a26; --best-ink: #a9dcb2; --noise-ink: #d9c98a; --mark: #86c5e6;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.6 var(--serif); font-kerning: normal; text-rendering: optimizeLegibility;
}
.masthead, main, footer { max-width: 71rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem); }
.masthead { padding-top: clamp(2rem, 7vw, 5rem); }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.15; text-wrap: balance; letter-spacing: -0.011em; }
h1 { font-size: clamp(2rem, 5.2vw, 3.25rem); margin: 0 0 1rem; }
h2 { font-size: clamp(1.5rem, 3vw, 2rem); margin: 0 0 .5rem; }
h3 { font-size: 1.1875rem; margin: 0; letter-spacing: 0; }
p { margin: 0 0 .9em; text-wrap: pretty; }
.kicker { font: 600 .8125rem/1.4 var(--sans); letter-spacing: .09em; text-transform: uppercase; color: var(--muted); margin: 0 0 .75rem; }
.lead { font-size: clamp(1.125rem, 1.8vw, 1.3125rem); line-height: 1.5; max-width: 42rem; }
.section-lead { max-width: 42rem; color: var(--muted); }
section { padding-top: clamp(2rem, 5vw, 3.5rem); }
section + section { margin-top: clamp(2rem, 5vw, 3.5rem); border-top: 1px solid var(--line); }
a { color: var(--accent); text-decoration-thickness: .06em; text-underline-offset: .18em; }
a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
nav ol { list-style: none; padding: 0; margin: 1.75rem 0 0; display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; font: .9375rem/1.5 var(--sans); }
nav a { display: inline-block; padding: .2rem 0; }
small, .small { font-size: .875rem; }
.muted { color: var(--muted); }
.sans { font-family: var(--sans); }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
figure { margin: 0; }
figcaption { font: .875rem/1.45 var(--sans); color: var(--muted); margin-top: .5rem; }
img { display: block; max-width: 100%; height: auto; }
.drawing svg { display: block; max-width: 100%; height: auto; color: var(--ink); fill: var(--ink); }

/* What stands out: findings, and what cannot be compared. */
.findings { list-style: none; padding: 0; margin: 1.25rem 0 0; display: grid; gap: 0 2.25rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.findings li { border-top: 1px solid var(--line); padding: .9rem 0 1.5rem; }
.findings .label { font: 600 .75rem/1.4 var(--sans); letter-spacing: .07em; text-transform: uppercase; color: var(--muted); display: block; margin-bottom: .3rem; }
.findings strong { font-size: 1.25rem; line-height: 1.25; display: block; margin-bottom: .2rem; font-weight: 600; }
.findings p { margin: 0; font-size: .9688rem; line-height: 1.5; }
.note { border-left: 3px solid var(--accent); padding: .15rem 0 .15rem 1rem; margin: 1.25rem 0; max-width: 44rem; font-size: 1rem; }
.note p:last-child { margin: 0; }

/* Models as cards. */
.cards { display: grid; gap: 2.25rem 1.75rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 14.75rem), 1fr)); margin-top: 1.75rem; }
.card { display: flex; flex-direction: column; }
.card .sheet { background: #000; border-radius: .5rem; overflow: hidden; }
.card .sheet img { width: 100%; }
.card .sheet.drawn { background: var(--card); border: 1px solid var(--line); }
.card .none { border: 1px dashed var(--line); border-radius: .5rem; aspect-ratio: 1; display: grid; place-items: center; padding: 2rem; text-align: center; color: var(--muted); }
.card h3 { margin-top: .9rem; }
.card .facts { font: .875rem/1.5 var(--sans); color: var(--muted); margin: .1rem 0 .6rem; }
.card p { font-size: .9688rem; line-height: 1.5; margin-bottom: .5rem; }
.traits { margin: 0; font-size: .9688rem; line-height: 1.5; }
.traits dt { float: left; clear: left; font: 600 .8125rem/1.78 var(--sans); width: 1.6rem; }
.traits dd { margin: 0 0 .45rem 1.6rem; }
.traits .good { color: var(--best-ink); }
.traits .bad { color: var(--noise-ink); }

/* Chapters: a story beside what was drawn. */
.chapter { display: grid; gap: 1.75rem 2.75rem; grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); align-items: start; margin-top: 1.25rem; }
.chapter.sheets { grid-template-columns: 1fr 1fr; margin-top: 2rem; }
.chapter.alone { grid-template-columns: minmax(0, 44rem); }
.chapter .sheet { background: #000; border-radius: .5rem; overflow: hidden; }
.chapter .sheet img, .chapter .sheet.drawn svg { display: block; width: 100%; height: auto; }
.chapter .sheet.drawn { background: var(--card); border: 1px solid var(--line); }
.chapter .facts { font: .875rem/1.5 var(--sans); color: var(--muted); }
.chapter ul { padding-left: 1.2rem; }
.chapter li { margin-bottom: .5rem; }
.chapter .charts svg { width: 100%; }
.readings { margin: 1.1rem 0; padding: .9rem 0 .1rem; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); font-size: .9688rem; line-height: 1.5; }
.readings dt { font: 600 .75rem/1.4 var(--sans); letter-spacing: .05em; color: var(--muted); margin-bottom: .15rem; }
.readings dd { margin: 0 0 .8rem; }
.formulas { margin: 0 0 1.1rem; padding-left: 1rem; border-left: 3px solid var(--line); }
.formulas dt { font: 600 .75rem/1.6 var(--sans); letter-spacing: .05em; color: var(--muted); }
.formulas dd { margin: 0 0 .45rem; font-style: italic; overflow-wrap: anywhere; }
.commands dt { margin-top: 1rem; overflow-wrap: anywhere; }
.commands dd { margin: .15rem 0 0; color: var(--muted); }
@media (max-width: 46rem) { .chapter, .chapter.sheets { grid-template-columns: minmax(0, 1fr); } }

/* Samples beside what is nearest to them. */
.pairs { display: grid; gap: 2rem; margin-top: 1.5rem; }
.pair-row { display: grid; gap: .9rem 1.75rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); align-items: start; }
.pair-row h3 { grid-column: 1 / -1; }
.pair-row .verdict { grid-column: 1 / -1; margin: -.5rem 0 0; font-size: .9688rem; color: var(--muted); max-width: 46rem; }
.pair-row img { width: 100%; border-radius: .35rem; }

/* Tables. */
.scroll { overflow-x: auto; margin: 1.5rem calc(-1 * clamp(0rem, 2vw, 1rem)) 0; padding: 0 clamp(0rem, 2vw, 1rem); }
table { border-collapse: collapse; font: .9063rem/1.45 var(--sans); min-width: 100%; font-variant-numeric: tabular-nums lining-nums; }
caption { caption-side: bottom; text-align: left; color: var(--muted); font-size: .875rem; padding-top: .9rem; max-width: 46rem; }
th, td { text-align: left; vertical-align: top; padding: .6rem .85rem; border-bottom: 1px solid var(--line); }
th.wrapped { white-space: normal; min-width: 6.5rem; max-width: 9rem; line-height: 1.3; }
thead th { font-weight: 600; vertical-align: bottom; border-bottom: 2px solid var(--ink); }
thead th:not(.wrapped) { white-space: nowrap; }
tbody th { font-weight: 600; background: var(--ground); }
th:first-child, td:first-child { padding-left: 0; }
.section-lead .badge { display: inline-block; margin: 0; }
h3.topic { margin: 2.5rem 0 0; }
h3.topic + .scroll { margin-top: .25rem; }
table.metrics { table-layout: fixed; width: 100%; }
table.metrics td { padding: .1rem .75rem .9rem 0; }
table.metrics th { padding-left: 0; padding-right: .75rem; }
table.metrics thead th { overflow-wrap: anywhere; white-space: normal; line-height: 1.25; }
tr.metric th { padding: .75rem 0 .35rem; border-bottom: 0; }
tr.metric .what { position: sticky; left: 0; max-width: min(46rem, calc(100vw - 2.5rem)); }
.measures { display: block; font-weight: 400; color: var(--muted); font-size: .8438rem; line-height: 1.4; margin-top: .05rem; text-wrap: pretty; }
.way { font-weight: 400; color: var(--muted); font-size: .8438rem; margin-left: .35rem; }
td .value { white-space: nowrap; font-size: 1rem; }
td .interval { display: block; color: var(--muted); font-size: .8125rem; text-wrap: balance; }
td svg.range { display: block; width: 6.5rem; height: .75rem; margin: .3rem 0 .1rem; overflow: visible; }
td.best .value { font-weight: 700; }
.badge { display: block; width: fit-content; font: 600 .75rem/1.4 var(--sans); padding: .02rem .4rem; border-radius: 1rem; margin-top: .15rem; white-space: nowrap; }
.badge.is-best { color: var(--best-ink); background: var(--best); border: 1px solid transparent; }
.badge.is-noise { color: var(--noise-ink); border: 1px dashed currentColor; }
td.apart { color: var(--muted); }
td.real, th.real { color: var(--muted); }
td.none { color: var(--muted); }
td.mark { text-align: center; }
td.mark .yes { color: var(--best-ink); font-weight: 700; }
.bar { display: block; height: .3rem; border-radius: .2rem; background: var(--faint); margin-top: .4rem; width: 6.5rem; }
.bar i { display: block; height: 100%; border-radius: .2rem; background: var(--mark); min-width: 2px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (min-width: 40rem) { .scroll tbody th[scope=row] { position: sticky; left: 0; z-index: 1; } }

/* Charts: drawn for white paper, worn by any page. */
.charts { display: grid; gap: 1.75rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); margin-top: 1.5rem; }
.charts figure { min-width: 0; }
.charts svg { display: block; max-width: 100%; height: auto; fill: var(--ink); }
.charts svg > rect:first-of-type { fill: none; }
.charts svg [stroke="#262626"] { stroke: var(--muted); }
.charts svg [stroke="#e4e4e4"] { stroke: var(--line); }
.charts svg text { fill: var(--ink); font-family: var(--sans); }
@media (prefers-color-scheme: dark) {
  .charts svg [stroke="#0072b2"] { stroke: #5fb4e8; }
  .charts svg [stroke="#d55e00"] { stroke: #f08a4b; }
  .charts svg [stroke="#009e73"] { stroke: #45c9a0; }
  .charts svg [stroke="#000000"] { stroke: #e9e7e1; }
  .sheet.drawn rect { fill: none; }
  .sheet.drawn path { stroke: #5fb4e8; stroke-opacity: .8; }
}
footer { border-top: 1px solid var(--line); margin-top: clamp(3rem, 8vw, 5rem); padding-top: 1.25rem; padding-bottom: 4rem; font: .875rem/1.55 var(--sans); color: var(--muted); }

@media print {
  :root { --ground: #fff; --card: #fff; --ink: #000; --muted: #444; --line: #bbb; --faint: #eee; --accent: #000; --best: #e9e9e9; --best-ink: #000; --noise-ink: #444; --mark: #444; }
  @page { margin: 16mm 14mm; }
  html { font-size: 10pt; }
  body { font-size: 10pt; line-height: 1.42; }
  nav, .skip { display: none; }
  .masthead, main, footer { max-width: none; padding: 0; }
  .masthead { padding-top: 0; }
  h1 { font-size: 22pt; } h2 { font-size: 15pt; } h2, h3 { break-after: avoid; }
  section { padding-top: 14pt; } section + section { margin-top: 14pt; }
  .chapter { grid-template-columns: 1.4fr 1fr; gap: 14pt; }
  .chapter.sheets { grid-template-columns: 1fr 1fr; margin-top: 12pt; }
  .chapter.alone { grid-template-columns: 1fr; }
  .card, .pair-row, figure, tr, .findings li { break-inside: avoid; }
  .cards { grid-template-columns: repeat(3, 1fr); gap: 14pt 12pt; }
  .charts { grid-template-columns: repeat(2, 1fr); }
  .scroll { overflow: visible; margin: 10pt 0 0; padding: 0; }
  table, table.metrics { font-size: 8pt; min-width: 0 !important; width: 100%; } th, td { padding: 3pt 5pt; } tbody th[scope=row], tr.metric .what { position: static; }
  td .value { font-size: 8.5pt; } td svg.range, .bar { width: 4rem; }
  .card .sheet, .badge, .bar i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  a { text-decoration: none; }
}
`;
