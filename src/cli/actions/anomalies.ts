// What "verisim anomalies" does.
import { VerisimError } from '../../core/errors.js';
import { unknownName } from '../../core/nearest.js';
import { present } from '../../core/present.js';
import type { Dataset } from '../../data/index.js';
import type { Scorer } from '../../models/tools/abilities.js';
import {
  type AnomalyRanking,
  type AnomalyScores,
  anomalyScore,
  anomalyThreshold,
  flagAnomalies,
  rankAnomalies,
} from '../../models/tools/anomaly-score.js';
import { classesOf, labelsOf } from '../../models/tools/class-rows.js';
import { quantityNames, type ScoreOptions } from '../../models/tools/score-rows.js';
import type { RunConfig } from '../../training/node/run-config.js';
import type { AnomaliesArguments } from '../anomalies.js';
import { counted } from '../counted.js';
import { rowsDisplay } from '../rows-display.js';
import { scoringModel } from './able-model.js';
import { openData } from './open-data.js';
import { withRun } from './opened-run.js';
import { checkResultFile, type ResultRows, writeResults } from './result-file.js';

/** Where the line between normal and strange comes from. */
export interface Threshold {
  readonly value: number;
  /** 'given', or what rows it was read off. */
  readonly from: string;
}

/** Rows that count as anomalies when scores are judged. */
export interface KnownAnomalies {
  readonly names: readonly string[];
  /** Whether somebody said so, or it is a guess. */
  readonly from: 'named' | 'the rarer of two classes';
  readonly isAnomaly: Uint8Array;
}

/** What came of looking for anomalies. */
export interface Detection {
  readonly scores: AnomalyScores;
  readonly threshold: Threshold;
  /** 1 for rows above the threshold. */
  readonly flags: Uint8Array;
  /** Where classes are known: which of them are anomalies, and how well the scores tell them apart. */
  readonly known?: KnownAnomalies & AnomalyRanking;
  /** Why there is nothing known, where the data has classes all the same. */
  readonly hint?: string;
}

export async function anomalies(folder: string, options: AnomaliesArguments): Promise<void> {
  const { out, json, samples, seed } = options;
  checkResultFile(out);
  await withRun(folder, options, scoringModel, async ({ model, data, title, config }) => {
    const known = await knownAnomalies(data, options.anomaly);
    const scoring = present({ samples, seed });
    const scores = await anomalyScore(model, data, { ...scoring, onProgress: rowsDisplay('Scoring') });
    const threshold = await thresholdFor(model, config, scores, options, scoring);
    const detection = detect(scores, threshold, known);
    if (out !== undefined) await writeResults(out, resultRows(detection));
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ run: folder, model: model.kind, data: title, ...anomaliesDocument(detection), out })}\n`
        : `${anomaliesText(detection, title)}${out === undefined ? '' : `every row  ${out}\n`}`,
    );
  });
}

/** Scores, the line, and what is known, put together. */
export function detect(
  scores: AnomalyScores,
  threshold: Threshold,
  known: KnownAnomalies | string | undefined,
): Detection {
  const flags = flagAnomalies(scores.values, threshold.value);
  if (known === undefined) return { scores, threshold, flags };
  if (typeof known === 'string') return { scores, threshold, flags, hint: known };
  return { scores, threshold, flags, known: { ...known, ...rankAnomalies(scores.values, known.isAnomaly) } };
}

/**
 * Which rows count as anomalies: those of the classes that are named, otherwise those of the rarer of two classes.
 *
 * @returns a hint where the classes do not tell, undefined where the data has none
 * @throws UnknownNameError for a class that the data does not have, DatasetError where it has none but some are named
 */
export async function knownAnomalies(
  data: Dataset,
  names: readonly string[],
): Promise<KnownAnomalies | string | undefined> {
  if (names.length === 0 && data.labels === undefined) return undefined;
  const [labels, classes] = [await labelsOf(data), await classesOf(data)];
  for (const name of names) if (!classes.includes(name)) throw unknownName('class', name, classes);
  const counts = classes.map((_, label) => labels.filter((one) => one === label).length);
  const found = classes.filter((_, label) => (counts[label] ?? 0) > 0);
  const [first = 0, second = 0] = counts.filter((count) => count > 0);
  if (names.length === 0 && (found.length !== 2 || first === second))
    return `Name the classes of anomalies with --anomaly for AUROC; the data has ${found.slice(0, 12).join(', ')}.`;
  const rarer = found[first < second ? 0 : 1] ?? '';
  const [chosen, from] =
    names.length === 0 ? ([[rarer], 'the rarer of two classes'] as const) : ([names, 'named'] as const);
  return {
    names: chosen,
    from,
    isAnomaly: Uint8Array.from(labels, (label) => (chosen.includes(classes[label] ?? '') ? 1 : 0)),
  };
}

/** What there is to print. */
export function anomaliesDocument({ scores, threshold, flags, known }: Detection): object {
  return {
    rows: flags.length,
    quantity: scores.quantity,
    threshold: threshold.value,
    thresholdFrom: threshold.from,
    anomalies: sum(flags),
    ...(known === undefined
      ? {}
      : {
          anomalyClasses: known.names,
          anomalyClassesFrom: known.from,
          known: sum(known.isAnomaly),
          knownFound: found(flags, known.isAnomaly),
          auroc: known.auroc,
          averagePrecision: known.averagePrecision,
        }),
  };
}

/** The same for people. */
export function anomaliesText({ scores, threshold, flags, known, hint }: Detection, title: string): string {
  const count = sum(flags);
  return [
    `anomalies  ${count} of ${flags.length} rows (${((100 * count) / flags.length).toFixed(1)} %)`,
    `threshold  score above ${threshold.value.toFixed(4)} nats, from ${threshold.from}`,
    `score      minus the ${quantityNames[scores.quantity]}`,
    `data       ${title}`,
    ...(known === undefined
      ? []
      : [
          `truth      ${known.names.join(', ')}${known.from === 'named' ? '' : `, as ${known.from} (--anomaly names another)`}: ` +
            `${counted(sum(known.isAnomaly), 'row')}, of which ${found(flags, known.isAnomaly)} were found`,
          `AUROC      ${known.auroc.toFixed(4)}`,
          `precision  ${known.averagePrecision.toFixed(4)} on average`,
        ]),
    ...(hint === undefined ? [] : [hint]),
    '',
  ].join('\n');
}

/** Read off the rows that the run was trained on; for a model folder, which does not tell them, off the rows themselves. */
async function thresholdFor(
  model: Scorer,
  config: RunConfig | undefined,
  scores: AnomalyScores,
  { threshold, contamination }: AnomaliesArguments,
  scoring: ScoreOptions,
): Promise<Threshold> {
  if (threshold !== undefined) return { value: threshold, from: '--threshold' };
  const share = `${(100 * contamination).toFixed(1).replace(/\.0$/, '')} %`;
  if (config === undefined)
    return {
      value: anomalyThreshold(scores.values, { contamination }),
      from: `${share} of the rows themselves, since a model folder does not tell its training rows`,
    };
  const { name } = config.data;
  const data = await trainingRows(config.data);
  try {
    const training = await anomalyScore(model, data, {
      ...scoring,
      onProgress: rowsDisplay('Scoring the training rows'),
    });
    return {
      value: anomalyThreshold(training.values, { contamination }),
      from: `${share} of the training rows, ${name}`,
    };
  } finally {
    await data.dispose?.();
  }
}

async function trainingRows({ name, size, table }: RunConfig['data']): Promise<Dataset> {
  try {
    return await openData(name, { split: 'train', size, table });
  } catch (error) {
    if (error instanceof VerisimError)
      error.message = `The threshold is read off the training rows, which cannot be opened; give one with --threshold. ${error.message}`;
    throw error;
  }
}

function resultRows({ scores: { values }, flags, known }: Detection): ResultRows {
  return {
    array: { data: values, shape: [values.length] },
    columns: { score: values, anomaly: flags, ...(known === undefined ? {} : { known: known.isAnomaly }) },
  };
}

function found(flags: Uint8Array, isAnomaly: Uint8Array): number {
  return flags.filter((flag, row) => flag === 1 && isAnomaly[row] === 1).length;
}

function sum(flags: Uint8Array): number {
  return flags.reduce((total, flag) => total + flag, 0);
}
