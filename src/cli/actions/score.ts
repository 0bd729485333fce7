// What "verisim score" does.
import { present } from '../../core/present.js';
import { type Quantity, quantityNames, type RowScores, scoreRows } from '../../models/tools/score-rows.js';
import { counted } from '../counted.js';
import { rowsDisplay } from '../rows-display.js';
import type { ScoreArguments } from '../score.js';
import { scoringModel } from './able-model.js';
import { withRun } from './opened-run.js';
import { checkResultFile, writeResults } from './result-file.js';

/** Scores in a few numbers, in nats per row. */
export interface ScoreSummary {
  readonly quantity: Quantity;
  readonly rows: number;
  /** Null where a row is impossible, and the mean therefore -Infinity. */
  readonly mean: number | null;
  /** Of the mean: standard deviation over sqrt(rows). Null for a single row, or where the mean is. */
  readonly standardError: number | null;
  readonly min: number | null;
  readonly median: number | null;
  readonly max: number | null;
  /** Rows of density 0. */
  readonly impossible: number;
}

export async function score(folder: string, options: ScoreArguments): Promise<void> {
  const { samples, seed, out, json } = options;
  checkResultFile(out);
  await withRun(folder, options, scoringModel, async ({ model, data, title }) => {
    const scores = await scoreRows(model, data, present({ samples, seed, onProgress: rowsDisplay('Scoring') }));
    const { values, quantity } = scores;
    const heading = quantity === 'log-density' ? 'logProb' : 'logProbBound';
    if (out !== undefined)
      await writeResults(out, { array: { data: values, shape: [values.length] }, columns: { [heading]: values } });
    const summary = summarise(scores);
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ run: folder, model: model.kind, data: title, ...summary, out })}\n`
        : `${scoreText(summary, title)}${out === undefined ? '' : `every row  ${out}\n`}`,
    );
  });
}

/** The summary of some scores. */
export function summarise({ values, quantity }: RowScores): ScoreSummary {
  const rows = values.length;
  const sorted = values.toSorted();
  const mean = values.reduce((sum, value) => sum + value, 0) / rows;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (rows - 1);
  const middle = ((sorted[(rows - 1) >> 1] ?? Number.NaN) + (sorted[rows >> 1] ?? Number.NaN)) / 2;
  return {
    quantity,
    rows,
    mean: finite(mean),
    standardError: finite(Math.sqrt(variance / rows)),
    min: finite(sorted[0]),
    median: finite(middle),
    max: finite(sorted.at(-1)),
    impossible: values.filter((value) => value === Number.NEGATIVE_INFINITY).length,
  };
}

/** The summary for people. */
export function scoreText(
  { quantity, rows, mean, standardError, min, median, max, impossible }: ScoreSummary,
  title: string,
): string {
  const error = standardError === null ? '' : `, standard error ${nats(standardError)}`;
  return [
    `mean       ${nats(mean)} nats per row${error}`,
    `range      ${nats(min)} to ${nats(max)}, median ${nats(median)}`,
    `quantity   ${quantityNames[quantity]}`,
    `data       ${title}: ${counted(rows, 'row')}`,
    ...(impossible === 0 ? [] : [`impossible ${counted(impossible, 'row')} of density 0 under the model`]),
    '',
  ].join('\n');
}

/** A number that JSON has. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

function nats(value: number | null): string {
  return value === null ? '-Infinity' : value.toFixed(4);
}
