// The metrics as a table: a row for each, a column for each model, the best marked, differences within noise said to be so.
import type { Contest, Entry } from '../contest.js';
import { formatValue } from '../format.js';
import { type Content, type Html, html } from '../html/html.js';
import type { PageSection } from '../html/page.js';
import type { Subject } from '../subject.js';
import { rangeOf, rangePicture } from './range-picture.js';

/** Topics as headings. */
export const topicTitles: Readonly<Record<Contest['topic'], string>> = {
  likelihood: 'Likelihood: does it know unseen rows?',
  samples: 'Samples: do they look like the data?',
  copying: 'Copying: are they new?',
  diversity: 'Diversity: are they as varied as the data?',
  representation: 'Representation: are its codes of use?',
};

/** The table; none where no metric was computed. */
export function metricsSection(
  subjects: readonly Subject[],
  contests: readonly Contest[],
  notes: readonly Content[] = [],
): PageSection | undefined {
  if (contests.length === 0) return undefined;
  const hasReference = contests.some(({ reference }) => reference !== undefined);
  const topics = [...new Set(contests.map(({ topic }) => topic))];
  const columns = subjects.length + 1 + (hasReference ? 1 : 0);
  const head = html`<thead><tr><th scope="col">Metric</th>${subjects.map(({ name }) => html`<th scope="col">${name}</th>`)}${
    hasReference && html`<th scope="col">real rows</th>`
  }</tr></thead>`;
  const bodies = topics.map(
    (topic) => html`<tbody>
<tr class="topic"><th scope="rowgroup" colspan="${columns}">${topicTitles[topic]}</th></tr>
${contests.filter((contest) => contest.topic === topic).map((contest) => row(contest, hasReference))}
</tbody>
`,
  );
  return {
    id: 'metrics',
    title: 'How good they are',
    short: 'Metrics',
    lead: 'Every metric sees one side of a model only. Read the topics together: likelihoods can be high where samples are poor, and samples can be sharp because they are copied.',
    body: html`${notes.map((note) => html`<div class="note"><p>${note}</p></div>`)}
<div class="scroll" tabindex="0" role="region" aria-label="Metrics of all models">
<table>
<caption>The line below a value is its 95 % interval, on the same scale across the row; ${
      hasReference && 'the tick is what real rows reach; '
    }<b>best</b> is marked only where it beats the others by more than noise: values whose interval overlaps that of the best one do not differ from it with any certainty.</caption>
${head}
${bodies}
</table>
</div>`,
  };
}

function row(contest: Contest, hasReference: boolean): Html {
  const { title, measures, better, unit, entries, reference, features } = contest;
  const range = rangeOf(contest);
  const arrow = better === 'higher' ? '↑ more is better' : '↓ less is better';
  const about = [unit, features === undefined ? '' : `in ${features}`].filter((part) => part !== '').join(', ');
  return html`<tr><th scope="row">${title} <span class="measures">${measures}</span><span class="measures way">${arrow}${about !== '' && ` · ${about}`}</span></th>
${entries.map((entry) => cell(entry, range, reference?.value))}${
  hasReference &&
  html`<td class="real">${reference === undefined ? '' : html`<span class="value">${formatValue(reference.value)}</span>`}</td>`
}</tr>
`;
}

const classes: Readonly<Record<Entry['standing'], string>> = {
  best: 'best',
  'within-noise': '',
  behind: '',
  apart: 'apart',
  alone: '',
};

function cell(entry: Entry | undefined, range: ReturnType<typeof rangeOf>, reference: number | undefined): Html {
  if (entry === undefined) return html`<td class="none"><span aria-label="not applicable">–</span></td>`;
  const { row: found, standing, why, subject } = entry;
  const { value, interval } = found;
  return html`<td class="${classes[standing]}"><span class="value">${formatValue(value)}</span>${
    range !== undefined && rangePicture(range, found, reference)
  }${interval !== undefined && html`<span class="interval">${formatValue(interval[0])} to ${formatValue(interval[1])}</span>`}${
    standing === 'best' && html`<span class="badge is-best">best</span>`
  }${standing === 'within-noise' && html`<span class="badge is-noise">within noise</span>`}${
    standing === 'apart' && html`<span class="interval">${why ?? ''}</span>`
  }<span class="visually-hidden">, ${subject.name}</span></td>`;
}
