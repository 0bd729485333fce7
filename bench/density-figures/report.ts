// The figures of deep models as text for the documentation: a table, the options of each, and for goals that were missed the way there.
import { markdownTable } from '../figure-runs/markdown-table.js';
import { reaches } from './figure.js';
import type { DensityRecord } from './record.js';

/** Looks at the validation rows that a curve is shown by. */
const shownLooks = 8;

/** Markdown. */
export function densityText(records: readonly DensityRecord[]): string {
  return [
    markdownTable(
      ['model', 'data', 'measure', 'reached', 'goal', 'published', 'minutes', 'computing', 'cores', 'peak MB'],
      records.map((record) => [
        record.name,
        record.data,
        `${record.measure}, ${record.unit}`,
        `${inDigits(record.value, record)} ± ${inDigits(record.standardError, record)}`,
        goalOf(record),
        record.published,
        record.minutes.toFixed(1),
        record.processorMinutes?.toFixed(1) ?? '',
        String(record.cores),
        String(record.peakMegabytes),
      ]),
    ),
    'The options of each training:',
    markdownTable(
      ['model', 'options', 'steps'],
      trainings(records).map(({ name, model, options, steps }) => [
        name,
        `\`${model}\` \`${JSON.stringify(options)}\``,
        String(steps),
      ]),
    ),
    ...missedText(records),
  ].join('\n\n');
}

function goalOf({ goal, unit, value }: DensityRecord): string {
  return goal === '' || reaches(unit, value, goal) ? goal : `${goal}: missed`;
}

/** What was missed by how much, and the loss of the validation rows on the way. */
function missedText(records: readonly DensityRecord[]): string[] {
  const missed = records.filter(({ goal, unit, value }) => goal !== '' && !reaches(unit, value, goal));
  if (missed.length === 0) return ['No goal was missed.'];
  return [
    'Goals that were missed, and how the loss of the validation rows fell on the way there, in nats an image after so many minutes:',
    ...missed.map((record) => {
      const { name, goal, value, unit, curve } = record;
      const behind = inDigits(Math.abs(value - Number(goal)), record);
      const looks = someOf(curve);
      const heading = `**${name}**: ${inDigits(value, record)} instead of ${goal} ${unit}, ${behind} short.`;
      if (looks.length === 0) return `${heading} This model has no loss of single rows that could be watched.`;
      return `${heading}\n\n${markdownTable(
        ['minutes', ...looks.map(([minutes]) => minutes.toFixed(1))],
        [['validation', ...looks.map(([, loss]) => loss.toFixed(2))]],
      )}`;
    }),
  ];
}

/** Each training once, under the name of its first record. */
function trainings(records: readonly DensityRecord[]): DensityRecord[] {
  const seen = new Set<string>();
  return records.filter((record) => {
    const key = JSON.stringify([record.model, record.options, record.minutes, record.curve]);
    return !seen.has(key) && seen.add(key);
  });
}

/** Looks spread over a curve, at equal distances from the first to the last, and the lowest. */
function someOf(curve: DensityRecord['curve']): DensityRecord['curve'] {
  const lowest = curve.reduce((best, [, loss], i) => (loss < (curve[best]?.[1] ?? 0) ? i : best), 0);
  const count = Math.min(shownLooks, curve.length);
  const places = Array.from({ length: count }, (_, i) => Math.round((i * (curve.length - 1)) / Math.max(1, count - 1)));
  return [...new Set([...places, lowest])].sort((a, b) => a - b).flatMap((place) => curve.slice(place, place + 1));
}

function inDigits(value: number, { unit }: DensityRecord): string {
  return value.toFixed(unit === 'bits per dimension' ? 3 : 2);
}
