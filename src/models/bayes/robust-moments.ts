// Moments of classes that anomalies among the rows do not sway, in the form that Gaussians are made from: the class's own rows count, and
// mean and scatter / n are those of the minimum covariance determinant.
//
//   full   each class on its own
//   tied   means of each class on its own, then one covariance of all rows about them (Hubert and Van Driessen 2004, Fast and Robust
//          Discriminant Analysis); its mean, which is nearly 0, is added to those of the classes
import { ConfigError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { random } from '../../runtime/random.js';
import type { RowTable } from '../robust/concentration.js';
import { minimumCovarianceDeterminant, type RobustOptions } from '../robust/minimum-covariance-determinant.js';
import type { ClassMoments, ScatterForm } from './class-moments.js';
import { classRows, rest } from './class-rows.js';
import type { Covariances } from './gaussian-covariances.js';
import { factorise } from './triangular.js';

/** How to estimate. */
export interface RobustMomentsOptions {
  readonly form: ScatterForm;
  readonly supportFraction: number | 'auto';
  readonly covarianceFloor: number;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** The most numbers of all rows, 2 GiB in float64. */
const mostNumbers = 2 ** 28;
/** How long other work may have to wait. */
const busyMilliseconds = 30;

/** Robust moments of each class. @throws ConfigError for rows that do not fit in memory or subsets that stay singular */
export async function robustMoments(
  kind: string,
  data: Dataset,
  classes: readonly string[],
  { form, supportFraction, covarianceFloor, seed, signal }: RobustMomentsOptions,
): Promise<ClassMoments> {
  const size = exampleSize(data.exampleShape);
  if (data.length * size > mostNumbers)
    throw new ConfigError(
      `${kind}: a minimum covariance determinant needs all rows in memory, and ${data.length} x ${size} numbers are too many. ` +
        "Fit it to a random subset of the rows, or use estimator 'likelihood'.",
    );
  const tables = await tablesOf(data, classes, signal);
  const stream = random(seed).split('minimum-covariance-determinant');
  const shared = {
    supportFraction: supportFraction === 'auto' ? undefined : supportFraction,
    covarianceFloor,
    pause: pauses(signal),
  };
  const counts = Float64Array.from(tables, ({ count }) => count);
  const means = new Float64Array(counts.length * size);
  const square = size * size;
  const scatters = new Float64Array(form === 'tied' ? square : counts.length * square);
  for (const [label, table] of tables.entries()) {
    const { mean, covariance } = await gaussianOf(table, { ...shared, stream: stream.split(label) });
    means.set(mean, label * size);
    if (form !== 'tied') setScaled(scatters.subarray(label * square, (label + 1) * square), covariance, table.count);
  }
  if (form === 'tied') {
    const pooled = residuals(tables, means);
    const { mean, covariance } = await gaussianOf(pooled, { ...shared, stream: stream.split('tied') });
    for (const i of means.keys()) means[i]! += mean[i % size]!;
    setScaled(scatters, covariance, pooled.count);
  }
  return { form, exampleShape: data.exampleShape, classes, counts, means, scatters };
}

/** The mean of log |S| over rows, each with the covariance of its class. */
export function meanLogDeterminant({ counts, exampleShape }: ClassMoments, { data }: Covariances): number {
  const size = exampleSize(exampleShape);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const logs = Array.from({ length: data.length / size ** 2 }, (_, matrix) => {
    const factors = factorise(data.subarray(matrix * size ** 2, (matrix + 1) * size ** 2), size);
    return factors?.logDeterminant ?? Number.NEGATIVE_INFINITY;
  });
  return logs.length === 1 ? logs[0]! : counts.reduce((sum, count, label) => sum + (count / total) * logs[label]!, 0);
}

/** A single row is its own mean, and has no spread. */
function gaussianOf(
  table: RowTable,
  options: RobustOptions,
): Promise<{ readonly mean: Float64Array; readonly covariance: Float64Array }> {
  const { values, count, size } = table;
  if (count > 1) return minimumCovarianceDeterminant(table, options);
  const mean = count === 1 ? values : new Float64Array(size);
  return Promise.resolve({ mean, covariance: new Float64Array(size * size) });
}

/** The rows of every class in float64. */
async function tablesOf(
  data: Dataset,
  classes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly RowTable[]> {
  const size = exampleSize(data.exampleShape);
  const parts: Float32Array[][] = Array.from({ length: Math.max(1, classes.length) }, () => []);
  const pass = {
    classes: classes.length === 0 ? undefined : classes.length,
    ...(signal === undefined ? {} : { signal }),
  };
  for await (const { x, labels, count } of classRows(data, pass))
    for (let row = 0; row < count; row++) parts[labels[row]!]!.push(x.subarray(row * size, (row + 1) * size));
  return parts.map((rows) => {
    const values = new Float64Array(rows.length * size);
    for (const [row, numbers] of rows.entries()) values.set(numbers, row * size);
    return { values, count: rows.length, size };
  });
}

/** All rows about the means of their classes. */
function residuals(tables: readonly RowTable[], means: Float64Array): RowTable {
  const size = means.length / tables.length;
  const count = tables.reduce((sum, table) => sum + table.count, 0);
  const values = new Float64Array(count * size);
  let start = 0;
  for (const [label, table] of tables.entries()) {
    for (const [i, value] of table.values.entries()) values[start + i] = value - means[label * size + (i % size)]!;
    start += table.values.length;
  }
  return { values, count, size };
}

function setScaled(target: Float64Array, covariance: Float64Array, rows: number): void {
  for (const [i, value] of covariance.entries()) target[i] = value * rows;
}

/** Lets other work run every now and then. */
function pauses(signal: AbortSignal | undefined): () => Promise<void> {
  let rested = performance.now();
  return async () => {
    if (performance.now() - rested > busyMilliseconds) {
      await rest();
      rested = performance.now();
    }
    signal?.throwIfAborted();
  };
}
