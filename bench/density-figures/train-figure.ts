// One training: the weights of the step that is best on the validation rows, found without a look at the test rows.
import { type Dataset, subset } from '../../src/data/index.js';
import { createModel, type FittableModel, openDataset } from '../../src/index.js';
import { physicalCores } from '../../src/runtime/node/cores.js';
import type { DensityFigure, FigureData } from './figure.js';
import type { DensityRecord } from './record.js';
import { openRowsOf } from './rows.js';

/** A trained model, and what its training was like. */
export interface Trained {
  readonly model: FittableModel;
  readonly training: Pick<DensityRecord, 'minutes' | 'processorMinutes' | 'steps' | 'cores' | 'curve'>;
}

/** The cores that the goals speak of. */
const goalCores = 2;

/** Training rows held out for validation of data that has none of its own. */
const heldOut = 5000;

/** Trains a figure's model, saying on the way how it goes. */
export async function trainFigure({ name, model: kind, options, data, fit }: DensityFigure): Promise<Trained> {
  const { train, valid } = await openRows(data);
  const model = createModel(kind, options);
  const cores = physicalCores();
  const start = performance.now();
  const startProcessor = process.cpuUsage();
  const minutes = () => (performance.now() - start) / 60_000;
  const processorMinutes = () => {
    const { user, system } = process.cpuUsage(startProcessor);
    return (user + system) / 60e6 / cores;
  };
  const curve: [number, number][] = [];
  const stop = new AbortController();
  const { minutes: limit = Number.POSITIVE_INFINITY } = fit;
  const timer = setInterval(() => {
    if (processorMinutes() * cores >= limit * goalCores) stop.abort();
  }, 1000);
  const { iterations, warnings } = await model.fit(train, {
    epochs: fit.epochs ?? 10_000,
    ...(fit.batchSize === undefined ? {} : { batchSize: fit.batchSize }),
    ...(fit.patience === undefined ? {} : { patience: fit.patience }),
    ...(fit.validates === false
      ? {}
      : { validation: fit.validationRows === undefined ? valid : subset(valid, fit.validationRows) }),
    seed: 0,
    signal: stop.signal,
    observer: {
      onMetrics({ step, metrics: { validationLoss } }) {
        if (validationLoss === undefined) return;
        curve.push([Number(minutes().toFixed(2)), Number(validationLoss.toFixed(3))]);
        process.stderr.write(
          `${name}: step ${step}, ${minutes().toFixed(1)} min (${processorMinutes().toFixed(1)} computing), ` +
            `validation ${validationLoss.toFixed(2)}\n`,
        );
      },
    },
  });
  clearInterval(timer);
  for (const warning of warnings) process.stderr.write(`${name}: ${warning}\n`);
  const training = { minutes: minutes(), processorMinutes: processorMinutes(), steps: iterations, cores, curve };
  return { model, training };
}

async function openRows(data: FigureData): Promise<{ train: Dataset; valid: Dataset }> {
  const all = await openRowsOf(data, 'train');
  if (data === 'binarized-mnist') return { train: all, valid: await openDataset(data, { split: 'valid' }) };
  const rows = (first: number, end: number) => Uint32Array.from({ length: end - first }, (_, i) => first + i);
  const end = all.length - heldOut;
  return { train: subset(all, rows(0, end)), valid: subset(all, rows(end, all.length)) };
}
