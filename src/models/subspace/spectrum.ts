// The principal components of data: eigenvectors of its covariance, from additive statistics where there are not too many columns, from
// inner products of rows where there are fewer rows than columns.
import { ConfigError, DatasetError } from '../../core/errors.js';
import { type Dataset, exampleSize, gatherAll } from '../../data/dataset.js';
import { random } from '../../runtime/random.js';
import type { Runtime } from '../../runtime/runtime.js';
import { constant, divide, input, matmul, subtract } from '../../tensor/index.js';
import { cast } from '../../tensor/operators/cast.js';
import { lowerProgram, type Program } from '../../tensor/program.js';
import { likeliestComponents } from './dimension-evidence.js';
import { fixSigns, orthonormalise } from './orthonormal.js';
import { numbers, type ScatterSummary } from './scatter.js';
import { type Eigenpairs, largestEigenpairs, mostIterative } from './symmetric-eigen.js';

/** How many components: a number, a share of the variance, as many as there can be, or the likeliest number. */
export type ComponentCount = number | 'all' | 'mle';

/** The leading components of rows. */
export interface Spectrum {
  readonly exampleShape: readonly number[];
  /** Rows. */
  readonly count: number;
  readonly mean: Float64Array;
  /** Variances along the components, with n - 1 in the denominator, in descending order. */
  readonly variances: Float64Array;
  /** Orthonormal rows [components, features]; the largest entry of each is positive. */
  readonly components: Float64Array;
  /** The variances of all directions added up. */
  readonly totalVariance: number;
}

/** The first number of components tried for a share of the variance. */
const firstTrial = 32;

/** The leading components from additive statistics. @throws ConfigError, DatasetError */
export async function spectrumOfScatter(
  runtime: Runtime,
  { exampleShape, count, mean, scatter }: ScatterSummary,
  wanted: ComponentCount,
): Promise<Spectrum> {
  const features = mean.length;
  const { most, number } = checkComponents(wanted, count, features);
  const covariance = new Float64Array(scatter.length);
  for (let i = 0; i < covariance.length; i++) covariance[i] = scatter[i]! / (count - 1);
  let totalVariance = 0;
  for (let i = 0; i < features; i++) totalVariance += covariance[i * features + i]!;
  checkVariance(totalVariance);
  const solve = (components: number) => largestEigenpairs(runtime, covariance, features, components);
  const pairs =
    wanted === 'mle'
      ? likeliest(await solve(features), count)
      : await enough(wanted, number, most, totalVariance, mostIterative(features), solve);
  fixSigns(pairs.vectors, pairs.values.length, features);
  return { exampleShape, count, mean, variances: pairs.values, components: pairs.vectors, totalVariance };
}

/**
 * The leading components of fewer rows than columns, from the inner products of the rows: X X^T and X^T X have the same eigenvalues.
 *
 * @throws ConfigError, DatasetError
 */
export async function spectrumOfFewRows(runtime: Runtime, data: Dataset, wanted: ComponentCount): Promise<Spectrum> {
  const { length: count, exampleShape } = data;
  const features = exampleSize(exampleShape);
  const { most, number } = checkComponents(wanted, count, features);
  const { x } = await gatherAll(data);
  const mean = new Float64Array(features);
  for (let i = 0; i < x.length; i++) mean[i % features] = mean[i % features]! + x[i]! / count;
  const rows = { dtype: 'float32', shape: [count, features], data: x } as const;
  const deviation = subtract(cast(input('x', [count, features]), 'float64'), constant(mean, [features], 'float64'));
  const products = divide(matmul(deviation, deviation, { transposeB: true }), count - 1);
  const gram = numbers(
    (await runOnce(runtime, { name: 'inner-products', results: { products } }, { x: rows })).products,
  );
  let totalVariance = 0;
  for (let i = 0; i < count; i++) totalVariance += gram[i * count + i]!;
  checkVariance(totalVariance);
  const { values, vectors } = await enough(wanted, number, most, totalVariance, mostIterative(count), (components) =>
    largestEigenpairs(runtime, gram, count, components),
  );
  const left = input('left', [values.length, count], 'float64');
  const projected = await runOnce(
    runtime,
    { name: 'components', results: { components: matmul(left, deviation) } },
    { x: rows, left: { dtype: 'float64', shape: [values.length, count], data: vectors } },
  );
  const components = numbers(projected.components);
  // Directions without variance are any that are orthogonal to the others: what is left of them here is rounding.
  for (const [i, value] of values.entries())
    if (value <= 1e-13 * values[0]!) components.fill(0, i * features, (i + 1) * features);
  orthonormalise(components, values.length, features, random(0).split('components'));
  fixSigns(components, values.length, features);
  return { exampleShape, count, mean, variances: values, components, totalVariance };
}

/** @throws ConfigError for more components than rows or columns, DatasetError for a single row */
export function checkComponents(
  wanted: ComponentCount,
  count: number,
  features: number,
): { readonly most: number; readonly number: number | undefined } {
  if (count < 2) throw new DatasetError('pca needs at least 2 rows to see how they vary; the data has 1. Add rows.');
  const most = Math.min(count, features);
  if (wanted === 'mle' && count < features)
    throw new ConfigError(
      `components "mle" needs at least as many rows as columns; the data has ${count} rows of ${features} columns. Give a number, or a ` +
        'share of the variance.',
    );
  if (typeof wanted === 'number' && wanted > most)
    throw new ConfigError(
      `${wanted} components were asked for, but ${count} rows of ${features} columns have at most ${most}. ` +
        `Ask for at most ${most}, or add rows.`,
    );
  if (wanted === 'all') return { most, number: most };
  return { most, number: wanted === 'mle' || wanted < 1 ? undefined : wanted };
}

/** @throws DatasetError where nothing varies, or something is not a number */
export function checkVariance(totalVariance: number): void {
  if (!Number.isFinite(totalVariance))
    throw new DatasetError(
      'The rows hold numbers that are not finite, or too large to be squared. Fill missing values in, leave such rows out, or scale columns down.',
    );
  if (!(totalVariance > 0))
    throw new DatasetError('Every column is constant, so there are no directions of variance. Give rows that differ.');
}

/** The eigenpairs asked for; for a share of the variance, more and more until it is reached. */
async function enough(
  wanted: ComponentCount,
  number: number | undefined,
  most: number,
  totalVariance: number,
  mostAtATime: number,
  solve: (components: number) => Promise<Eigenpairs>,
): Promise<Eigenpairs> {
  if (number !== undefined) return solve(number);
  for (let components = Math.min(most, firstTrial); ; components = Math.min(most, components * 2)) {
    const size = components > mostAtATime ? most : components;
    const pairs = await solve(size);
    let explained = 0;
    // The smallest number of components that explain more than the share, as in scikit-learn.
    const last = pairs.values.findIndex((value) => {
      explained += value;
      return explained > Number(wanted) * totalVariance;
    });
    if (last < 0 && size < most) continue;
    return leading(pairs, last < 0 ? pairs.values.length : last + 1);
  }
}

/** Of all eigenpairs those of the likeliest number of components. */
function likeliest(pairs: Eigenpairs, rows: number): Eigenpairs {
  return leading(pairs, likeliestComponents(pairs.values, rows));
}

function leading({ values, vectors }: Eigenpairs, count: number): Eigenpairs {
  const features = vectors.length / values.length;
  return { values: values.slice(0, count), vectors: vectors.slice(0, count * features) };
}

async function runOnce(
  runtime: Runtime,
  program: Program,
  feeds: Parameters<Awaited<ReturnType<Runtime['compile']>>['run']>[0],
) {
  const compiled = await runtime.compile(lowerProgram(program));
  try {
    return await compiled.run(feeds);
  } finally {
    await compiled.dispose();
  }
}
