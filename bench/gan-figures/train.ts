// One training of a figure, with one seed.
import type { GenerativeModel, Samples } from '../../src/index.js';
import { createModel, openDataset, Standardisation } from '../../src/index.js';
import { startBudget, type TimeTaken } from '../figure-runs/budget.js';
import type { GanFigure } from './figure.js';

/** What came of a training. */
export interface Trained {
  readonly samples: Samples;
  readonly steps: number;
  readonly taken: TimeTaken;
}

/** Of data that are made: twenty times as many rows as by default, so that hardly a row is seen twice. */
const generatedRows = 200_000;

/** The seed of samples that are judged, whatever the training's. */
const sampleSeed = 1;

const secondsBetweenWords = 30;

/** Trains a model and draws from it, saying on the way how it goes. */
export async function trainOnce(
  { name, model: kind, options, data, standardised = false, fit, samples }: GanFigure,
  seed: number,
): Promise<Trained> {
  const rows = await openDataset(data, isGenerated(data) ? { count: generatedRows } : {});
  const units = standardised ? await Standardisation.fit(rows) : undefined;
  const model = createModel(kind, options);
  if (!isGenerative(model)) throw new TypeError(`${kind} draws no samples.`);
  const budget = startBudget(fit.minutes);
  let lastWord = performance.now();
  const { iterations, warnings } = await model.fit(units?.apply(rows) ?? rows, {
    ...(fit.steps === undefined ? { epochs: 100_000 } : { steps: fit.steps }),
    batchSize: fit.batchSize,
    seed,
    signal: budget.signal,
    logEvery: 100,
    observer: {
      onProgress({ step, metrics }) {
        if (performance.now() - lastWord < 1000 * secondsBetweenWords) return;
        lastWord = performance.now();
        const { minutes, processorMinutes } = budget.taken();
        const values = Object.entries(metrics).map(([metric, value]) => `${metric} ${value.toFixed(3)}`);
        process.stderr.write(
          `${name}: step ${step}, ${minutes.toFixed(1)} min (${processorMinutes.toFixed(1)} computing), ${values.join(', ')}\n`,
        );
      },
    },
  });
  budget.end();
  const taken = budget.taken();
  for (const warning of warnings) process.stderr.write(`${name}: ${warning}\n`);
  const drawn = await model.sample(samples, { seed: sampleSeed });
  await model.dispose();
  return { samples: { ...drawn, data: units?.undo(drawn.data) ?? drawn.data }, steps: iterations, taken };
}

function isGenerated(data: GanFigure['data']): boolean {
  return data === 'eight-gaussians' || data === 'grid-25-gaussians';
}

function isGenerative(model: object): model is GenerativeModel {
  return 'sample' in model;
}
