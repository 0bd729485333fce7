// The leading components by random projection (Halko, Martinsson and Tropp 2011), for rows of so many columns that a covariance matrix
// does not fit: a random block of directions is multiplied by the covariance a few times, each time one pass over the data, and the
// components are sought within what it spans. Only sums of [directions, columns] are ever held.
//
//   Q <- orthonormal(sum_n (x_n - m)^T (x_n - m) Q)          components = eigenvectors of Q^T C Q
import { DatasetError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { random } from '../../runtime/random.js';
import type { Runtime } from '../../runtime/runtime.js';
import { constant, matmul, multiply, square, subtract, sum } from '../../tensor/index.js';
import { RowReduction } from '../row-reduction.js';
import { fixSigns, orthonormalise } from './orthonormal.js';
import { meanOfFirst, numbers } from './scatter.js';
import { checkComponents, checkVariance, type Spectrum } from './spectrum.js';
import { allEigenpairs } from './symmetric-eigen.js';

/** How to project. */
export interface RandomisedOptions {
  readonly components: number;
  /** Directions beyond the components, which sharpen the last of them. */
  readonly oversamples: number;
  readonly powerIterations: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** The leading components, to a few digits. @throws ConfigError, DatasetError; the signal's reason where it is aborted */
export async function randomisedSpectrum(
  runtime: Runtime,
  data: Dataset,
  { components: wanted, oversamples, powerIterations, seed, signal }: RandomisedOptions,
): Promise<Spectrum> {
  const { length: count, exampleShape } = data;
  const features = exampleSize(exampleShape);
  const { most } = checkComponents(wanted, count, features);
  const width = Math.min(most, wanted + oversamples);
  const { mean, totalVariance } = await moments(runtime, data, features);
  checkVariance(totalVariance);
  const stream = random(seed).split('directions');
  const block = Float64Array.from(stream.normal(width * features));
  orthonormalise(block, width, features, stream);
  const reduction = await RowReduction.open(runtime, {
    name: 'projection',
    data,
    parameters: { directions: [width, features] },
    statistics: ({ x, weight }, { directions }) => {
      if (directions === undefined) throw new DatasetError('The projection has lost its directions.');
      const deviation = multiply(subtract(x, constant(mean, [features], 'float64')), weight);
      const codes = matmul(deviation, directions, { transposeB: true });
      return {
        projected: matmul(codes, deviation, { transposeA: true }),
        gram: matmul(codes, codes, { transposeA: true }),
      };
    },
  });
  try {
    for (let pass = 0; pass < powerIterations; pass++) {
      signal?.throwIfAborted();
      const { projected } = await reduction.run({
        directions: { dtype: 'float64', shape: [width, features], data: block },
      });
      block.set(numbers(projected));
      orthonormalise(block, width, features, stream.split(pass));
    }
    signal?.throwIfAborted();
    const { gram } = await reduction.run({ directions: { dtype: 'float64', shape: [width, features], data: block } });
    const { values, vectors } = allEigenpairs(
      numbers(gram).map((value) => value / (count - 1)),
      width,
      wanted,
    );
    const components = new Float64Array(wanted * features);
    for (let i = 0; i < wanted; i++)
      for (let j = 0; j < width; j++) {
        const share = vectors[i * width + j]!;
        for (let k = 0; k < features; k++)
          components[i * features + k] = components[i * features + k]! + share * block[j * features + k]!;
      }
    fixSigns(components, wanted, features);
    return { exampleShape, count, mean, variances: values, components, totalVariance };
  } finally {
    await reduction.dispose();
  }
}

async function moments(
  runtime: Runtime,
  data: Dataset,
  features: number,
): Promise<{ readonly mean: Float64Array; readonly totalVariance: number }> {
  const shift = await meanOfFirst(data, features);
  const reduction = await RowReduction.open(runtime, {
    name: 'moments',
    data,
    memoryBudget: 0,
    statistics: ({ x, weight }) => {
      const deviation = multiply(subtract(x, constant(shift, [features], 'float64')), weight);
      return { sum: sum(deviation, { axes: 0 }), squares: sum(square(deviation), { axes: 0 }) };
    },
  });
  try {
    const sums = await reduction.run();
    const [total, squares] = [numbers(sums.sum), numbers(sums.squares)];
    let scatter = 0;
    for (let i = 0; i < features; i++) scatter += Math.max(0, squares[i]! - total[i]! ** 2 / data.length);
    return {
      mean: shift.map((value, i) => value + total[i]! / data.length),
      totalVariance: scatter / Math.max(1, data.length - 1),
    };
  } finally {
    await reduction.dispose();
  }
}
