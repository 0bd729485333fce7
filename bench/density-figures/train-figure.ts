// One training: the weights of the step that is best on the validation rows, found without a look at the test rows.
import { type Dataset, subset } from '../../src/data/index.js';
import {
  bayesClassifier,
  createModel,
  type FittableModel,
  type HasJointDensity,
  openDataset,
} from '../../src/index.js';
import type { FitOptions, FitReport } from '../../src/models/contract.js';
import { hasBound, hasDensity, type ScoringModel } from '../../src/models/tools/abilities.js';
import { startBudget } from '../figure-runs/budget.js';
import type { DensityFigure, FigureData } from './figure.js';
import type { DensityRecord } from './record.js';
import { openRowsOf } from './rows.js';

/** A trained model, and what its training was like. */
export interface Trained {
  readonly model: FittableModel | (HasJointDensity & Pick<FittableModel, 'dispose'>);
  readonly training: Pick<DensityRecord, 'minutes' | 'processorMinutes' | 'steps' | 'cores' | 'curve'>;
}

/** Training rows held out for validation of data that has none of its own. */
const heldOut = 5000;

/** Trains a figure's model, or models, saying on the way how it goes. */
export async function trainFigure(figure: DensityFigure): Promise<Trained> {
  const { name, data, fit, oneOfEachClass = false } = figure;
  const { train, valid } = await openRows(data);
  const budget = startBudget(fit.minutes);
  const curve: [number, number][] = [];
  const { model, reports } = await fitModels(figure, train, {
    epochs: fit.epochs ?? 10_000,
    ...(fit.batchSize === undefined ? {} : { batchSize: fit.batchSize }),
    ...(fit.patience === undefined ? {} : { patience: fit.patience }),
    ...(fit.validates === false
      ? {}
      : { validation: fit.validationRows === undefined ? valid : subset(valid, fit.validationRows) }),
    seed: 0,
    signal: budget.signal,
    observer: {
      onMetrics({ step, metrics: { validationLoss } }) {
        if (validationLoss === undefined) return;
        const { minutes, processorMinutes } = budget.taken();
        // Losses of one class after the other are no curve.
        if (!oneOfEachClass) curve.push([Number(minutes.toFixed(2)), Number(validationLoss.toFixed(3))]);
        process.stderr.write(
          `${name}: step ${step}, ${minutes.toFixed(1)} min (${processorMinutes.toFixed(1)} computing), ` +
            `validation ${validationLoss.toFixed(2)}\n`,
        );
      },
    },
  });
  budget.end();
  for (const { warnings } of reports) for (const warning of warnings) process.stderr.write(`${name}: ${warning}\n`);
  const steps = reports.reduce((sum, { iterations }) => sum + iterations, 0);
  return { model, training: { ...budget.taken(), steps, curve } };
}

/** One model of all rows, or one of the rows of each class. */
async function fitModels(
  { model: kind, options, measures, oneOfEachClass = false }: DensityFigure,
  train: Dataset,
  how: FitOptions,
): Promise<{ readonly model: Trained['model']; readonly reports: readonly FitReport[] }> {
  if (!oneOfEachClass) {
    const model = createModel(kind, options);
    return { model, reports: [await model.fit(train, how)] };
  }
  const samples = measures.find((measure) => measure.samples !== undefined)?.samples;
  const make = (): ScoringModel => {
    const model = createModel(kind, options);
    if (hasDensity(model) || hasBound(model)) return model;
    throw new TypeError(`${kind} has no density and no bound.`);
  };
  const classifier = bayesClassifier(make, { seed: 0, ...(samples === undefined ? {} : { samples }) });
  const { reports } = await classifier.fit(train, how);
  return { model: classifier, reports: Object.values(reports) };
}

async function openRows(data: FigureData): Promise<{ train: Dataset; valid: Dataset }> {
  const all = await openRowsOf(data, 'train');
  if (data === 'binarized-mnist') return { train: all, valid: await openDataset(data, { split: 'valid' }) };
  const rows = (first: number, end: number) => Uint32Array.from({ length: end - first }, (_, i) => first + i);
  const end = all.length - heldOut;
  return { train: subset(all, rows(0, end)), valid: subset(all, rows(end, all.length)) };
}
