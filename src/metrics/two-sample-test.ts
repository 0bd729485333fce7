// The classifier two-sample test: a network learns to tell real rows from samples on one half of them, and is judged by the other half.
//
//   value = accuracy on held-out rows,   p-value = P( N(1/2, 1/(4 n)) >= value )
//
// Lopez-Paz and Oquab (2017), section 3. Both sets have as many rows, so a coin is right half the time, and where the distributions are
// equal nothing does better. It finds any difference that a small network of the features can see: near 1 for most models of images.
import { random } from '../runtime/random.js';
import { checkFeatures } from './check-inputs.js';
import { percent } from './in-words.js';
import type { FeatureRows, Metric } from './metric.js';
import { shareInterval } from './share-interval.js';
import { type LabelledRows, stepsFor, trainAndScore } from './two-sample-classifier.js';
import { inWorkspace } from './workspace.js';

/** The accuracy with which a classifier tells samples from real rows. */
export const twoSampleTest: Metric<'real' | 'samples'> = {
  name: 'two-sample-test',
  title: 'Classifier two-sample test',
  topic: 'samples',
  measures: 'How often a small network tells held-out samples from real rows: 50 % is not at all.',
  better: 'lower',
  range: [0, 1],
  unit: '',
  needs: ['real', 'samples'],
  usesFeatures: true,
  minimumRows: 20,
  source: 'Lopez-Paz and Oquab 2017, Revisiting classifier two-sample tests, section 3',
  estimateSeconds: ({ real, samples }) =>
    0.3 + stepsFor(Math.min(real.rows, samples.rows)) * (2e-4 + 6e-7 * real.width),
  async compute({ real, samples }, options = {}) {
    checkFeatures(this, { real, samples });
    const { training, heldOut } = halves(real, samples, options.seed ?? 0);
    const logits = await inWorkspace(options, async (workspace) =>
      trainAndScore(await workspace.runtime(), training, heldOut, real.width, options),
    );
    const rows = logits.length;
    const right = logits.reduce((count, logit, row) => count + Number(logit > 0 === (heldOut.labels[row] === 1)), 0);
    const value = right / rows;
    return {
      value,
      interval: shareInterval(right, rows),
      details: { pValue: upperTail((value - 0.5) * 2 * Math.sqrt(rows)), heldOutRows: rows },
    };
  },
  read: ({ value, interval: [low] = [value, value] }) =>
    low <= 0.5
      ? 'A small network cannot tell samples from real rows.'
      : `A small network tells samples from real rows in ${percent(value)} of cases, where guessing is right in 50 %.`,
};

/** Equally many rows of both sets, half of each for training; each column standardised by the training rows, in float64. */
function halves(
  real: FeatureRows,
  samples: FeatureRows,
  seed: number,
): { readonly training: LabelledRows; readonly heldOut: LabelledRows } {
  const { width } = real;
  const half = Math.floor(Math.min(real.rows, samples.rows) / 2);
  const pick = (rows: FeatureRows, name: string) =>
    random(seed).split('two-sample-rows').split(name).permutation(rows.rows);
  const [fromReal, fromSamples] = [pick(real, 'real'), pick(samples, 'samples')];
  const gather = (first: number) => {
    const x = new Float64Array(2 * half * width);
    for (let i = 0; i < half; i++) {
      copyRow(real, fromReal[first + i]!, x, 2 * i);
      copyRow(samples, fromSamples[first + i]!, x, 2 * i + 1);
    }
    return x;
  };
  const labels = Float32Array.from({ length: 2 * half }, (_, i) => 1 - (i % 2));
  const [learnt, judged] = [gather(0), gather(half)];
  const { mean, scale } = spreadOf({ data: learnt, rows: 2 * half, width });
  const standardised = (x: Float64Array) =>
    Float32Array.from(x, (value, at) => (value - mean[at % width]!) * scale[at % width]!);
  return { training: { x: standardised(learnt), labels }, heldOut: { x: standardised(judged), labels } };
}

function copyRow({ data, width }: FeatureRows, from: number, into: Float64Array, to: number): void {
  into.set(data.subarray(from * width, (from + 1) * width), to * width);
}

/** Deviations of no more than this share of the mean are rounding: of a constant feature, which says nothing. */
const constancy = 1e-7;

/** What moves each feature to mean 0 and variance 1; a constant one to 0. */
function spreadOf({ data, rows, width }: FeatureRows): { readonly mean: Float64Array; readonly scale: Float64Array } {
  const [mean, squares] = [new Float64Array(width), new Float64Array(width)];
  for (let at = 0; at < data.length; at++) mean[at % width] = mean[at % width]! + data[at]! / rows;
  for (let at = 0; at < data.length; at++)
    squares[at % width] = squares[at % width]! + (data[at]! - mean[at % width]!) ** 2 / rows;
  const scale = squares.map((square, k) => {
    const deviation = Math.sqrt(square);
    return deviation > constancy * Math.abs(mean[k]!) ? 1 / deviation : 0;
  });
  return { mean, scale };
}

/** P(Z >= z) of a standard normal Z, to 1e-7: Abramowitz and Stegun (1964), formula 26.2.17. */
export function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (series * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
