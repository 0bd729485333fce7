// The figures of the adversarial family as text for the documentation: a table, what was missed, the options, and sheets of samples.
import { markdownTable } from '../figure-runs/markdown-table.js';
import { inWords, quantities, reachesGoal, worstOf } from './quantities.js';
import type { GanRecord } from './record.js';

type MeasureRecord = GanRecord['measures'][number];

/** Markdown. */
export function ganText(records: readonly GanRecord[]): string {
  if (records.length === 0) return 'Nothing has been measured yet.';
  return [
    markdownTable(
      ['training', 'data', 'measure', 'reached', 'real rows', 'goal', 'minutes', 'computing', 'cores', 'peak MB'],
      records.flatMap((record) =>
        record.measures.map((measure) => [
          record.name,
          record.data,
          `${quantities[measure.of].text}, ${record.samples} samples`,
          reached(measure),
          inWords(measure.of, measure.real),
          goalText(measure),
          longest(record.minutes),
          longest(record.processorMinutes),
          String(record.cores),
          String(record.peakMegabytes),
        ]),
      ),
    ),
    missedText(records),
    'The options of each training:',
    markdownTable(
      ['training', 'options', 'rows per step', 'steps'],
      records.map(({ name, model, options, standardised, batchSize, steps }) => [
        name,
        `\`${model}\` \`${JSON.stringify(options)}\`${standardised ? ', on standardised points' : ''}`,
        String(batchSize),
        [...new Set(steps)].join(', '),
      ]),
    ),
    ...records.flatMap(({ name, picture }) =>
      picture === null ? [] : [`${picture.text}\n\n![${name}](images/${picture.file})`],
    ),
  ].join('\n\n');
}

/** The value; of several seeds the worst, and all of them. */
function reached({ of, values }: MeasureRecord): string {
  const worst = inWords(of, worstOf(of, values));
  if (values.length === 1) return worst;
  return `${worst} (${values.map((value) => value.toFixed(quantities[of].digits)).join(', ')})`;
}

function goalText({ of, goal, values }: MeasureRecord): string {
  if (goal === null) return '';
  return reachesGoal(of, values, goal) ? inWords(of, goal) : `${inWords(of, goal)}: missed`;
}

function missedText(records: readonly GanRecord[]): string {
  const missed = records.flatMap((record) =>
    record.measures.flatMap(({ of, goal, values }) =>
      goal === null || reachesGoal(of, values, goal)
        ? []
        : [`**${record.name}**: ${inWords(of, worstOf(of, values))} instead of ${inWords(of, goal)}`],
    ),
  );
  return missed.length === 0 ? 'No goal was missed.' : `Goals that were missed: ${missed.join('; ')}.`;
}

/** Of the trainings with several seeds, the one that took longest. */
function longest(minutes: readonly number[]): string {
  return Math.max(...minutes).toFixed(1);
}
