// The log-likelihoods of held-out rows, with what is needed to compare them: which quantity, of discrete rows or of numbers, how many levels.
import { binarise, type Dataset, exampleSize, isImageShape, subset } from '../../data/index.js';
import type { RowLikelihoods } from '../../metrics/index.js';
import type { FittableModel } from '../../models/contract.js';
import { hasBound, hasDensity, type Scorer } from '../../models/tools/abilities.js';
import { scoreRows } from '../../models/tools/score-rows.js';
import { affordableRows } from './affordable.js';
import { someRows } from './some-rows.js';
import type { SourceContext } from './sources.js';

/** Rows that tell how long scoring takes, after some have compiled the program. */
const probedRows = 100;
/** Rows that tell how many levels numbers have. */
const leveledRows = 100;

/** Why the likelihoods that a model tells would mislead; undefined where they do not. */
export function whyNoLikelihoods({ kind, config }: FittableModel, { exampleShape }: Dataset): string | undefined {
  // Grey values taken for probabilities: what adds up to one is over zeros and ones, of which the data has none.
  const isLoose = 'pixels' in config && config.pixels === 'probabilities' && isImageShape(exampleShape);
  return isLoose
    ? `this ${kind} takes grey values for probabilities, so its bound is none on the density of such rows; --set pixels=drawn or --binarise gives one`
    : undefined;
}

/** Scores held-out rows, as many as the patience allows. */
export async function rowLikelihoods({
  model,
  real,
  seed,
  patience,
  signal,
  onProgress,
}: Pick<SourceContext, 'model' | 'real' | 'seed' | 'patience' | 'signal' | 'onProgress'>): Promise<RowLikelihoods> {
  const scorer = scorerOf(model);
  const stage = 'Scoring held-out rows';
  const options = { seed, ...(signal === undefined ? {} : { signal }) };
  onProgress(stage, 0);
  const judged = drawsPixels(model) ? binarise(real, { seed }) : real;
  let rows = someRows(judged, 10_000, seed);
  if (rows.length > 2 * probedRows) {
    const probe = subset(rows, probedRows);
    await scoreRows(scorer, probe, options);
    const start = performance.now();
    await scoreRows(scorer, probe, options);
    const secondsPerRow = (performance.now() - start) / 1000 / probedRows;
    rows = someRows(judged, affordableRows(secondsPerRow, patience), seed);
  }
  // Parts of a few hundred rows, so that it can be watched and stopped.
  const { values, quantity } = await scoreRows(scorer, rows, {
    ...options,
    onProgress: (done, all) => onProgress(stage, done / all),
  });
  const levels = ownLevels(model) ?? (await levelsOf(rows));
  return {
    values,
    quantity,
    isDiscrete: isDiscrete(model),
    dimensions: exampleSize(real.exampleShape),
    ...(levels === undefined ? {} : { levels }),
  };
}

/** A bound on the probability of levels says more than the density in their middle. */
function scorerOf(model: FittableModel): Scorer {
  if (hasBound(model) && isDiscrete(model)) return { logProbBound: (x, options) => model.logProbBound(x, options) };
  if (hasDensity(model) || hasBound(model)) return model;
  return { logProb: async () => new Float64Array() };
}

/** Whether the model was trained on zeros and ones drawn with grey values as probabilities: it is scored on such rows too. */
function drawsPixels({ config }: FittableModel): boolean {
  return 'pixels' in config && config.pixels === 'drawn';
}

function isDiscrete(model: object): boolean {
  return 'isDiscrete' in model && model.isDiscrete === true;
}

/** The levels that a model of discrete rows rounds numbers to: it tells the probability of these. */
function ownLevels(model: FittableModel): number | undefined {
  return isDiscrete(model) && hasDensity(model) ? model.levels : undefined;
}

/** 2 of zeros and ones, 256 of 8-bit pixels, undefined of other numbers. */
async function levelsOf(data: Dataset): Promise<number | undefined> {
  const { x } = await data.gather(Uint32Array.from({ length: Math.min(leveledRows, data.length) }, (_, row) => row));
  if (x.every((value) => value === 0 || value === 1)) return 2;
  if (!isImageShape(data.exampleShape)) return undefined;
  return x.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3) ? 256 : undefined;
}
