// What each model took to train and takes to use.

import type { Cost } from '../evaluation.js';
import { bytesText, durationText, formatCount, rateText } from '../format.js';
import { type Html, html } from '../html/html.js';
import type { PageSection } from '../html/page.js';
import type { Subject } from '../subject.js';

interface Column {
  readonly title: string;
  readonly of: (cost: Cost) => number | undefined;
  readonly text: (value: number) => string;
  readonly better: 'higher' | 'lower';
}

const columns: readonly Column[] = [
  { title: 'Training', of: (cost) => cost.trainingSeconds, text: durationText, better: 'lower' },
  { title: 'Memory in training', of: (cost) => cost.trainingMemory, text: bytesText, better: 'lower' },
  { title: 'Numbers kept', of: (cost) => cost.parameters, text: formatCount, better: 'lower' },
  { title: 'Samples', of: (cost) => cost.samplesPerSecond, text: rateText, better: 'higher' },
];

/** The table; none where nothing is known. */
export function costSection(subjects: readonly Subject[]): PageSection | undefined {
  const known = columns.filter(({ of }) => subjects.some(({ evaluation }) => of(evaluation.cost) !== undefined));
  if (known.length === 0) return undefined;
  return {
    id: 'cost',
    title: 'What they cost',
    short: 'Cost',
    body: html`<div class="scroll" tabindex="0" role="region" aria-label="Cost of all models">
<table>
<caption>Measured on the machine that trained and evaluated them. Memory is the most that the training process held, program and data included; numbers kept are the model's weights, and whatever rows it keeps. Bars compare within a column, on a logarithmic scale.</caption>
<thead><tr><th scope="col">Model</th>${known.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${subjects.map(
  ({ name, evaluation: { cost } }) =>
    html`<tr><th scope="row">${name}</th>${known.map((column) => cell(column, column.of(cost), subjects))}</tr>
`,
)}
</tbody>
</table>
</div>`,
  };
}

function cell({ of, text, better }: Column, value: number | undefined, subjects: readonly Subject[]): Html {
  if (value === undefined)
    return html`<td class="none"><span aria-hidden="true">–</span><span class="visually-hidden">not known</span></td>`;
  const all = subjects.flatMap(({ evaluation }) => of(evaluation.cost) ?? []);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const isBest = all.length > 1 && high > low && value === (better === 'lower' ? low : high);
  const share = high > low ? Math.log(Math.max(value, 1e-9) / (low / 1.5)) / Math.log(high / (low / 1.5)) : 1;
  return html`<td class="${isBest && 'best'}"><span class="value">${text(value)}</span>${isBest && html` <span class="badge is-best">best</span>`}<span class="bar" aria-hidden="true"><i style="width:${(100 * Math.min(1, Math.max(0.02, share))).toFixed(0)}%"></i></span></td>`;
}
