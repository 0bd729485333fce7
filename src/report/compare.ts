// Several models on one page: what they drew, how good, how new, how costly, what each is for. Sections can also be had one by one, for
// pages with a story around them.
import { ConfigError } from '../core/errors.js';
import { version } from '../core/version.js';
import { type Contest, contests, dataKey } from './contest.js';
import { formatCount } from './format.js';
import { type Content, html } from './html/html.js';
import { type PageSection, page } from './html/page.js';
import { abilitiesSection } from './sections/abilities.js';
import { copyingSection } from './sections/copying.js';
import { costSection } from './sections/cost.js';
import { curvesSection } from './sections/curves.js';
import { drawingsSection } from './sections/drawings.js';
import { findingsSection } from './sections/findings.js';
import { metricsSection } from './sections/metric-table.js';
import type { Subject } from './subject.js';

/** What a comparison is headed by. */
export interface ComparisonOptions {
  readonly title?: string;
}

/** A comparison, before it becomes a page. */
export interface Comparison {
  readonly contests: readonly Contest[];
  readonly sections: readonly PageSection[];
  /** What a reader has to know before comparing anything. */
  readonly notes: readonly string[];
}

/**
 * Compares models.
 *
 * @throws ConfigError for no model, and for models of different data, of which nothing can be compared
 */
export function compare(subjects: readonly Subject[]): Comparison {
  checkComparable(subjects);
  const all = contests(subjects);
  const notes = notesOf(subjects);
  const sections = [
    findingsSection(subjects, all),
    drawingsSection(subjects),
    metricsSection(subjects, all, notes),
    copyingSection(subjects),
    curvesSection(subjects),
    costSection(subjects),
    abilitiesSection(subjects),
  ].filter((section) => section !== undefined);
  return { contests: all, sections, notes };
}

/**
 * A comparison as one self-contained HTML page.
 *
 * @throws as {@link compare}
 * @example await writeFile('report.html', comparisonPage([await readSubject('runs/vae'), await readSubject('runs/dcgan')]))
 */
export function comparisonPage(subjects: readonly Subject[], { title }: ComparisonOptions = {}): string {
  const comparison = compare(subjects);
  const [
    {
      evaluation: { data },
    } = missing(),
  ] = subjects;
  const judges = data.heldOut ?? data.training;
  const count = numberWord(subjects.length);
  const description = `${count} generative ${subjects.length === 1 ? 'model' : 'models'} of ${data.name}, judged by ${formatCount(judges.rows)} rows${
    data.heldOut === undefined ? '' : ' that none of them was trained on'
  }.`;
  return page({
    title: title ?? (subjects.length === 1 ? `One model of ${data.name}` : `${count} models of ${data.name}`),
    kicker: 'Verisim comparison',
    description,
    lead: html`<p>${description}</p>`,
    sections: comparison.sections,
    colophon: colophon(subjects),
  });
}

/** How the page was made, and what was looked at. */
export function colophon(subjects: readonly Subject[]): Content {
  const dates = subjects.map(({ evaluation }) => evaluation.made.slice(0, 10)).toSorted();
  const span = dates[0] === dates.at(-1) ? dates[0] : `${dates[0]} to ${dates.at(-1)}`;
  const warnings = [
    ...new Set(subjects.flatMap(({ name, evaluation }) => evaluation.warnings.map((text) => `${name}: ${text}`))),
  ];
  return html`${warnings.map((text) => html`<p>${text}</p>`)}<p>Made by Verisim ${version} from evaluations of ${span}. Intervals are 95 %. ${papers(subjects)}</p>`;
}

function papers(subjects: readonly Subject[]): string {
  const cited = [...new Map(subjects.map(({ kind, paper }) => [kind, paper]))].map(
    ([kind, paper]) => `${kind}: ${paper}`,
  );
  return `Models after ${cited.join('; ')}.`;
}

function checkComparable(subjects: readonly Subject[]): void {
  const [first, ...others] = subjects;
  if (first === undefined) throw new ConfigError('There is nothing to compare; name at least one run.');
  const [a, what] = [
    first.evaluation.data,
    (name: string, shape: readonly number[]) => `${name} (rows of ${shape.join('x')})`,
  ];
  for (const {
    name,
    evaluation: { data: b },
  } of others)
    if (a.name !== b.name || a.exampleShape.join() !== b.exampleShape.join())
      throw new ConfigError(
        `${first.name} was evaluated on ${what(a.name, a.exampleShape)} and ${name} on ${what(b.name, b.exampleShape)}: ` +
          'of models of different data nothing can be compared. Compare runs of the same data.',
      );
}

/** Models of the same data set that were judged by other forms of its rows. */
function notesOf(subjects: readonly Subject[]): string[] {
  const keys = [...new Set(subjects.map(dataKey))];
  if (keys.length < 2) return [];
  const groups = keys.map((key) =>
    subjects
      .filter((subject) => dataKey(subject) === key)
      .map(({ name }) => name)
      .join(', '),
  );
  return [
    `These models were judged by different rows of the same data set (${groups.join(' / ')}): by other splits, or by rows that were ` +
      'binarised. Their values stand in one table, but only those judged by the same rows compete.',
  ];
}

function numberWord(count: number): string {
  const words = [
    'No',
    'One',
    'Two',
    'Three',
    'Four',
    'Five',
    'Six',
    'Seven',
    'Eight',
    'Nine',
    'Ten',
    'Eleven',
    'Twelve',
  ];
  return words[count] ?? String(count);
}

function missing(): never {
  throw new ConfigError('There is nothing to compare; name at least one run.');
}
