// The plane of two-dimensional codes: images decoded at equal steps of probability, so that every part of the sheet stands for as many
// codes as any other (Kingma and Welling 2014, figure 4).
//
//   z_j = mean_j + deviation_j F^-1(p),  p = (i + 1/2) / 15 and F the standard normal distribution
import { isImageShape } from '../../data/dataset.js';
import type { HasDecoder, Portrait } from '../contract.js';
import { chiSquaredQuantile } from '../robust/chi-squared.js';

/** Where codes lie: the mean and the deviation of each of their numbers. */
export interface CodeMoments {
  readonly mean: ArrayLike<number>;
  readonly deviation: ArrayLike<number>;
}

/** Codes along an axis. */
const steps = 15;
const standardNormal: CodeMoments = { mean: [0, 0], deviation: [1, 1] };

/**
 * The sheet of a model with codes of two numbers; none for other codes and for rows that are no images.
 *
 * @param moments default: those of N(0, I)
 */
export async function latentGridPortrait(
  model: Pick<HasDecoder, 'decode' | 'latentSize'>,
  exampleShape: readonly number[],
  { mean, deviation }: CodeMoments = standardNormal,
): Promise<Portrait[]> {
  if (model.latentSize !== 2 || !isImageShape(exampleShape)) return [];
  const at = (axis: number, step: number): number => (mean[axis] ?? 0) + (deviation[axis] ?? 1) * quantile(step);
  const codes = new Float32Array(2 * steps * steps);
  for (let row = 0; row < steps; row++)
    // The second number grows upwards, as on an axis.
    for (let column = 0; column < steps; column++)
      codes.set([at(0, column), at(1, steps - 1 - row)], 2 * (row * steps + column));
  const { data, shape } = await model.decode({ data: codes, shape: [steps * steps, 2] });
  const ends = (axis: number): string => `${at(axis, 0).toFixed(1)} to ${at(axis, steps - 1).toFixed(1)}`;
  return [
    {
      name: 'latent-grid',
      title: 'the plane of its codes',
      caption: `to the right the first number of the code, ${ends(0)}, upwards the second, ${ends(1)}, in equal steps of probability`,
      images: { data, shape },
      columns: steps,
    },
  ];
}

/** The standard normal quantile at the middle of a step: z^2 follows the chi-squared distribution with one degree of freedom. */
function quantile(step: number): number {
  const p = (step + 0.5) / steps;
  return Math.sign(p - 0.5) * Math.sqrt(p === 0.5 ? 0 : chiSquaredQuantile(Math.abs(2 * p - 1), 1));
}
