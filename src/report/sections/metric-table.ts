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

/** The tables, one for each topic; none where no metric was computed. */
export function metricsSection(
  subjects: readonly Subject[],
  contests: readonly Contest[],
  notes: readonly Content[] = [],
): PageSection | undefined {
  if (contests.length === 0) return undefined;
  const topics = [...new Set(contests.map(({ topic }) => topic))];
  const tables = topics.map((topic) =>
    topicTable(
      topic,
      subjects,
      contests.filter((contest) => contest.topic === topic),
    ),
  );
  return {
    id: 'metrics',
    title: 'How good they are',
    short: 'Metrics',
    lead: 'Every metric sees one side of a model only. Read the topics together: likelihoods can be high where samples are poor, and samples can be sharp because they are copied.',
    body: html`<p class="section-lead">The line below a value is its 95 % interval, on one scale for all models${
      contests.some(({ reference }) => reference !== undefined) &&
      '; the tick on it is what real rows reach in place of samples'
    }. <span class="badge is-best">best</span> stands only where a model beats the others by more than noise: one whose interval overlaps that of the best is <span class="badge is-noise">within noise</span> of it.</p>
${notes.map((note) => html`<div class="note"><p>${note}</p></div>`)}
${tables}`,
  };
}

function topicTable(topic: Contest['topic'], subjects: readonly Subject[], contests: readonly Contest[]): Html {
  const hasReference = contests.some(({ reference }) => reference !== undefined);
  const columns = subjects.length + (hasReference ? 1 : 0);
  return html`<h3 class="topic" id="metrics-${topic}">${topicTitles[topic]}</h3>
<div class="scroll" tabindex="0" role="region" aria-labelledby="metrics-${topic}">
<table class="metrics" style="min-width:${7.25 * columns}rem">
<caption class="visually-hidden">${topicTitles[topic]}</caption>
<thead><tr>${subjects.map(({ name }) => html`<th scope="col">${name}</th>`)}${
    hasReference && html`<th scope="col" class="real">real rows</th>`
  }</tr></thead>
${contests.map((contest) => body(contest, columns, hasReference))}</table>
</div>
`;
}

/** A metric: what it is across all columns, its values below. */
function body(contest: Contest, columns: number, hasReference: boolean): Html {
  const { title, measures, better, unit, entries, reference, features } = contest;
  const range = rangeOf(contest);
  const way = better === 'higher' ? '↑ more is better' : '↓ less is better';
  const about = [way, unit, features === undefined ? '' : `in ${features}`].filter((part) => part !== '').join(' · ');
  return html`<tbody>
<tr class="metric"><th scope="rowgroup" colspan="${columns}"><div class="what">${title} <span class="way">${about}</span><span class="measures">${measures}</span></div></th></tr>
<tr>${entries.map((entry) => cell(entry, range, reference?.value))}${
    hasReference &&
    html`<td class="real">${reference !== undefined && html`<span class="value">${formatValue(reference.value)}</span>`}</td>`
  }</tr>
</tbody>
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
  if (entry === undefined)
    return html`<td class="none"><span aria-hidden="true">–</span><span class="visually-hidden">not applicable</span></td>`;
  const { row: found, standing, why, subject } = entry;
  const { value, interval } = found;
  return html`<td class="${classes[standing]}"><span class="value">${formatValue(value)}</span>${
    range !== undefined && rangePicture(range, found, reference)
  }${hasWidth(interval) && html`<span class="interval">${interval.map(formatValue).join(' to ')}</span>`}${
    standing === 'best' && html`<span class="badge is-best">best</span>`
  }${standing === 'within-noise' && html`<span class="badge is-noise">within noise</span>`}${
    standing === 'apart' && html`<span class="interval">${why ?? ''}</span>`
  }<span class="visually-hidden">, ${subject.name}</span></td>`;
}

function hasWidth(interval: Entry['row']['interval']): interval is [number, number] {
  return interval !== undefined && interval[0] < interval[1];
}
