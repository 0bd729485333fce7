// One training: the weights of the step that is best on the validation rows, found without a look at the test rows.
import { type Dataset, subset } from '../../src/data/index.js';
import { createModel, type FittableModel, openDataset } from '../../src/index.js';
import { startBudget } from '../figure-runs/budget.js';
import type { DensityFigure, FigureData } from './figure.js';
import type { DensityRecord } from './record.js';
import { openRowsOf } from './rows.js';

/** A trained model, and what its training was like. */
export interface Trained {
  readonly model: FittableModel;
  readonly training: Pick<DensityRecord, 'minutes' | 'processorMinutes' | 'steps' | 'cores' | 'curve'>;
}

/** Training rows held out for validation of data that has none of its own. */
const heldOut = 5000;

/** Trains a figure's model, saying on the way how it goes. */
export async function trainFigure({ name, model: kind, options, data, fit }: DensityFigure): Promise<Trained> {
  const { train, valid } = await openRows(data);
  const model = createModel(kind, options);
  const budget = startBudget(fit.minutes);
  const curve: [number, number][] = [];
  const { iterations, warnings } = await model.fit(train, {
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
        curve.push([Number(minutes.toFixed(2)), Number(validationLoss.toFixed(3))]);
        process.stderr.write(
          `${name}: step ${step}, ${minutes.toFixed(1)} min (${processorMinutes.toFixed(1)} computing), ` +
            `validation ${validationLoss.toFixed(2)}\n`,
        );
      },
    },
  });
  budget.end();
  for (const warning of warnings) process.stderr.write(`${name}: ${warning}\n`);
  return { model, training: { ...budget.taken(), steps: iterations, curve } };
}

async function openRows(data: FigureData): Promise<{ train: Dataset; valid: Dataset }> {
  const all = await openRowsOf(data, 'train');
  if (data === 'binarized-mnist') return { train: all, valid: await openDataset(data, { split: 'valid' }) };
  const rows = (first: number, end: number) => Uint32Array.from({ length: end - first }, (_, i) => first + i);
  const end = all.length - heldOut;
  return { train: subset(all, rows(0, end)), valid: subset(all, rows(end, all.length)) };
}
