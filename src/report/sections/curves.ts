// How the trainings went: the curves of each model in a chart of its own, since losses of different models have different meanings.
import { chartPanels } from '../../plot/index.js';
import { type Html, html, trusted } from '../html/html.js';
import type { PageSection } from '../html/page.js';
import type { Subject, TrainingCurves } from '../subject.js';

const [width, panelHeight, rest] = [400, 150, 90];

/** The section; none where no training left curves. */
export function curvesSection(subjects: readonly Subject[]): PageSection | undefined {
  const charts = subjects.flatMap(({ name, training }) =>
    training === undefined ? [] : [curvesFigure(training, name)],
  );
  if (charts.length === 0) return undefined;
  const without = subjects.filter(({ training }) => training === undefined).map(({ name }) => name);
  return {
    id: 'training',
    title: 'How they learnt',
    short: 'Training',
    lead: html`What each training told as it went. The curves of different models measure different things: look at where each flattens, not at which is lower.${
      without.length > 0 && html` ${list(without)} learnt in one go and left no curve.`
    }`,
    body: html`<div class="charts">${charts}</div>`,
  };
}

/** The curves of one training as a figure. */
export function curvesFigure({ over, panels }: TrainingCurves, caption: string): Html {
  const svg = chartPanels({
    ...{ xLabel: over, width, height: rest + panelHeight * panels.length },
    panels: panels.map(({ label, series }) => {
      const longest = Math.max(...series.map(({ x }) => x.length));
      return { yLabel: label, series, smoothing: longest > 60 ? 0.9 : 0 };
    }),
  });
  return html`<figure>${trusted(svg)}<figcaption>${caption}</figcaption></figure>`;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
