// p(x | y) of independent dimensions of categories, from their counts: theta_il = (n_il + alpha) / (N + alpha L_i).
import type { SampleBytes } from '../contract.js';
import { firstByteAbove, masksOfNumbers } from './above.js';
import type { ClassDensities } from './bayes-model.js';
import { type BinaryScores, binaryScores } from './binary-scores.js';
import { type CategoryCounts, type Coding, checkCategory, startsOf } from './category-counts.js';

/** Rows from which on making tables pays. */
const leastTableRows = 64;

/** theta as [classes, sum of categories]. */
export function frequencies({ counts, categories, categoryCounts }: CategoryCounts, alpha: number): Float64Array {
  const perClass = categoryCounts.length / counts.length;
  const starts = startsOf(categories);
  const theta = new Float64Array(categoryCounts.length);
  for (const [label, rows] of counts.entries())
    for (const [column, values] of categories.entries()) {
      const start = label * perClass + starts[column]!;
      const weight = rows + alpha * values;
      // A class without rows and without smoothing has no frequencies. It is never asked for, so equal ones do no harm.
      for (let i = start; i < start + values; i++)
        theta[i] = weight === 0 ? 1 / values : (categoryCounts[i]! + alpha) / weight;
    }
  return theta;
}

/** log p(x | y) of binary dimensions as a linear score: the log-odds of on, and the probability of all off. */
interface LogOdds {
  /** [classes, D] */
  readonly weights: Float64Array;
  /** [classes] */
  readonly offsets: Float64Array;
}

/** From log theta [D, 2, classes]; undefined where a probability is 0, which has no log-odds. */
function logOdds(logTheta: Float64Array, classes: number, size: number): LogOdds | undefined {
  if (!logTheta.every(Number.isFinite)) return undefined;
  const [weights, offsets] = [new Float64Array(classes * size), new Float64Array(classes)];
  for (let i = 0; i < size; i++)
    for (let label = 0; label < classes; label++) {
      const off = logTheta[2 * i * classes + label]!;
      weights[label * size + i] = logTheta[(2 * i + 1) * classes + label]! - off;
      offsets[label]! += off;
    }
  return { weights, offsets };
}

/** The densities of counted rows. */
export function categoryDensities(
  kind: string,
  summary: CategoryCounts,
  { alpha, threshold }: Pick<Coding, 'threshold'> & { readonly alpha: number },
): ClassDensities {
  const { counts, categories, categoryCounts } = summary;
  const classes = counts.length;
  const size = categories.length;
  const perClass = categoryCounts.length / classes;
  const starts = startsOf(categories);
  const theta = frequencies(summary, alpha);
  // [sum of categories, classes]: one value of a row adds up neighbouring numbers.
  const logTheta = new Float64Array(theta.length);
  for (let label = 0; label < classes; label++)
    for (let i = 0; i < perClass; i++) logTheta[i * classes + label] = Math.log(theta[label * perClass + i]!);

  const unseen = (label: number, column: number): number =>
    Math.log(alpha / (counts[label]! + alpha * categories[column]!));

  const odds = threshold === undefined ? undefined : logOdds(logTheta, classes, size);

  let tables: BinaryScores | undefined;
  const scores = ({ weights, offsets }: LogOdds): BinaryScores => {
    tables ??= binaryScores(weights, offsets);
    return tables;
  };

  const logDensities = (x: Float32Array, count: number): Float64Array => {
    if (odds !== undefined && threshold !== undefined && count >= leastTableRows)
      return scores(odds).score(masksOfNumbers(x, size, threshold));
    const result = new Float64Array(count * classes);
    for (let row = 0; row < count; row++) {
      const sums = result.subarray(row * classes, (row + 1) * classes);
      for (let column = 0; column < size; column++) {
        const value = x[row * size + column]!;
        if (threshold === undefined) checkCategory(kind, value, row, column);
        const category = threshold === undefined ? value : value > threshold ? 1 : 0;
        const isKnown = category < categories[column]!;
        const at = (starts[column]! + category) * classes;
        if (isKnown) for (let label = 0; label < classes; label++) sums[label]! += logTheta[at + label]!;
        else for (let label = 0; label < classes; label++) sums[label]! += unseen(label, column);
      }
    }
    return result;
  };

  return {
    logDensities,
    ...(odds === undefined || threshold === undefined
      ? {}
      : {
          logDensitiesOfBytes: ({ bytes, divisor }: SampleBytes) =>
            scores(odds).scoreBytes(bytes, firstByteAbove({ divisor }, threshold)),
        }),
    draw(row, label, stream) {
      for (let column = 0; column < size; column++) {
        const start = label * perClass + starts[column]!;
        const last = categories[column]! - 1;
        let left = stream.next() - theta[start]!;
        let category = 0;
        while (left >= 0 && category < last) {
          category += 1;
          left -= theta[start + category]!;
        }
        row[column] = category;
      }
    },
    meanLogDensities: counts.map((rows, label) => {
      let sum = 0;
      for (let i = 0; i < perClass; i++) {
        const count = categoryCounts[label * perClass + i]!;
        if (count > 0) sum += count * logTheta[i * classes + label]!;
      }
      return rows === 0 ? 0 : sum / rows;
    }),
  };
}
