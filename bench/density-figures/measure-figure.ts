// Looks at the test rows, once: likelihoods, bits per dimension and the classes that Bayes' rule finds.
import { exampleSize, gatherAll, subset } from '../../src/data/index.js';
import {
  bayesClassifier,
  type Dataset,
  type HasJointDensity,
  random,
  type Samples,
  scoreRows,
} from '../../src/index.js';
import { ConditionalVae } from '../../src/models/autoencoder/conditional-vae.js';
import { marginal } from '../../src/models/class-conditional.js';
import { hasBound, hasDensity, hasJointDensity, type Scorer } from '../../src/models/tools/abilities.js';
import { mostProbable } from '../../src/models/tools/posterior.js';
import type { DensityFigure, Measure } from './figure.js';
import { openRowsOf } from './rows.js';
import { corrected, type Estimate, estimateOf } from './statistics.js';
import type { Trained } from './train-figure.js';

/** The numbers of a figure, in the order of its measures. */
export async function measureFigure(model: Trained['model'], { data, measures }: DensityFigure): Promise<Estimate[]> {
  const test = await openRowsOf(data, 'test');
  const accuracy = measures.find(({ unit }) => unit === '% of the test images');
  if (accuracy !== undefined) return ofClasses(jointOf(model, accuracy), test, measures);
  if (!(hasDensity(model) || hasBound(model)))
    throw new TypeError('A model without a density and without a bound was given.');
  const estimates: Estimate[] = [];
  for (const measure of measures) estimates.push(await ofDensity(model, test, measure));
  return estimates;
}

/** Images and classes together: exactly, or by a bound for every class. */
function jointOf(model: Trained['model'], { samples }: Measure): HasJointDensity {
  if (model instanceof ConditionalVae)
    return bayesClassifier(model.perClass(), {
      priors: [...model.priors],
      seed: 0,
      ...(samples === undefined ? {} : { samples }),
    });
  if (hasJointDensity(model)) return model;
  throw new TypeError('A model without a density of images and classes was given.');
}

/** Densities and classes from one look: log p(x, y) of every class. */
async function ofClasses(model: HasJointDensity, test: Dataset, measures: readonly Measure[]): Promise<Estimate[]> {
  const joint = await model.jointLogProb(await rowsOf(test));
  const density = marginal(joint);
  const found = mostProbable(joint);
  return measures.map((measure) =>
    measure.unit === '% of the test images'
      ? estimateOf(Float64Array.from(found, (label, row) => (label === test.labels?.[row] ? 100 : 0)))
      : estimateOf(inUnit(density, measure, test)),
  );
}

async function ofDensity(model: Scorer, test: Dataset, measure: Measure): Promise<Estimate> {
  const score = async (rows: Dataset, samples: number | undefined) => {
    const { values } = await scoreRows(model, await rowsOf(rows), {
      seed: 0,
      ...(samples === undefined ? {} : { samples }),
    });
    return inUnit(values, measure, test);
  };
  const { samples, few } = measure;
  if (few === undefined) return estimateOf(await score(test, samples));
  const drawn = random(0).split('test rows').permutation(test.length).slice(0, few.rows);
  return corrected(await score(subset(test, drawn), samples), await score(test, few.samplesOfAll), drawn);
}

/** Nats of rows as a loss in the measure's unit. */
function inUnit(nats: Float64Array, { unit }: Measure, { exampleShape }: Dataset): Float64Array {
  const scale = unit === 'bits per dimension' ? 1 / (exampleSize(exampleShape) * Math.LN2) : 1;
  return nats.map((value) => -value * scale);
}

async function rowsOf(data: Dataset): Promise<Samples> {
  const { x } = await gatherAll(data);
  return { data: x, shape: [data.length, ...data.exampleShape] };
}
