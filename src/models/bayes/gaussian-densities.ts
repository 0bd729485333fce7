// log N(x; mean, S) = -1/2 (D log 2 pi + log |S| + (x - mean)' S^-1 (x - mean)), of all classes at once.
import { ConfigError } from '../../core/errors.js';
import { exampleSize } from '../../data/dataset.js';
import type { Values } from '../../runtime/runtime.js';
import { batchInput, cast, input, matmul, type Program, square, subtract, sum } from '../../tensor/index.js';
import type { ClassDensities } from './bayes-model.js';
import type { ClassMoments } from './class-moments.js';
import { quadraticScores, rowsOf, type ScoredRows, type ScoringDevice, suitsDevice } from './class-scores.js';
import { float64, float64Data } from './float64.js';
import type { Covariances } from './gaussian-covariances.js';
import { squaredDistances } from './squared-distances.js';
import { factorise, type InverseFactor, unwhiten } from './triangular.js';

/** Rows whose distances are found at a time: in float64 they stay in the caches. */
const blockRows = 64;
/** Nats of a dimension that rounding may cost. */
const mostRounding = 1e-8;
const logTwoPi = Math.log(2 * Math.PI);

/** The densities for moments and the covariances made from them. @throws ConfigError for a covariance that is not positive definite */
export function gaussianDensities(
  kind: string,
  moments: ClassMoments,
  covariances: Covariances,
  device: ScoringDevice,
): ClassDensities {
  const { covariance } = covariances;
  if (covariance === 'diagonal' || covariance === 'spherical')
    return independentDensities(moments, covariances, device);
  const { classes, counts, exampleShape } = moments;
  const size = exampleSize(exampleShape);
  const matrices = covariance === 'tied' ? 1 : counts.length;
  const factors = Array.from({ length: matrices }, (_, index): InverseFactor => {
    const found = factorise(covariances.data.subarray(index * size * size, (index + 1) * size * size), size);
    if (found !== undefined) return found;
    const whose = covariance === 'tied' || classes.length === 0 ? '' : ` of the class "${classes[index]}"`;
    throw new ConfigError(
      `${kind}: the covariance${whose} is not positive definite to the precision of float64: its columns depend on each other, or ` +
        "there are fewer rows than columns. Raise covarianceFloor, or use covariance 'diagonal'.",
    );
  });
  return matrixDensities(moments, covariances, factors, device);
}

/** Dimensions that are independent. */
function independentDensities(
  { counts, means, scatters, exampleShape }: ClassMoments,
  given: Covariances,
  device: ScoringDevice,
): ClassDensities {
  const size = exampleSize(exampleShape);
  const variances = means.map((_, i) => given.data[given.covariance === 'diagonal' ? i : Math.floor(i / size)]!);
  const constants = counts.map((_, label) => {
    const logs = variances.subarray(label * size, (label + 1) * size).reduce((total, v) => total + Math.log(v), 0);
    return -0.5 * (size * logTwoPi + logs);
  });
  const precisions = variances.map((variance) => 1 / variance);
  const deviations = variances.map(Math.sqrt);
  const classes = counts.length;
  const expanded = expandedDistances({ counts, means, precisions, size });
  /** @param numbers some of the rows in float64 */
  const logDensitiesOf = async (
    rows: ScoredRows,
    count: number,
    numbers: (first: number, end: number) => Float64Array,
  ): Promise<Float64Array> => {
    const result = new Float64Array(count * classes);
    if (expanded.isExact && (await suitsDevice(device, 2 * count * size * classes))) {
      const scores = await quadraticScores(device, rows, { ...expanded, precisions, classes, size });
      for (let i = 0; i < result.length; i++)
        result[i] = constants[i % classes]! - 0.5 * Math.max(0, scores[i]! + expanded.offsets[i % classes]!);
      return result;
    }
    for (let first = 0; first < count; first += blockRows) {
      const end = Math.min(first + blockRows, count);
      const block = numbers(first * size, end * size);
      result.set(squaredDistances(block, end - first, means, precisions), first * classes);
    }
    for (let row = 0; row < count; row++)
      for (let label = 0; label < classes; label++)
        result[row * classes + label] = constants[label]! - 0.5 * result[row * classes + label]!;
    return result;
  };
  return {
    logDensities: (x, count) => logDensitiesOf({ x }, count, (first, end) => new Float64Array(x.subarray(first, end))),
    logDensitiesOfBytes(rows, count) {
      const { bytes, divisor } = rows;
      const numbers = (first: number, end: number) =>
        Float64Array.from(bytes.subarray(first, end), (byte) => Math.fround(byte / divisor));
      return logDensitiesOf(rows, count, numbers);
    },
    draw(row, label, stream) {
      const noise = stream.normal(size);
      for (let i = 0; i < size; i++) row[i] = means[label * size + i]! + deviations[label * size + i]! * noise[i]!;
    },
    meanLogDensities: constants.map((constant, label) => {
      let distance = 0;
      for (let i = label * size; i < (label + 1) * size; i++) distance += scatters[i]! * precisions[i]!;
      return constant - (0.5 * distance) / Math.max(1, counts[label]!);
    }),
  };
}

/** sum_i p (x - mean)^2 = sum_i p (x - c)^2 - 2 p (mean - c) (x - c) + p (mean - c)^2, with c the mean of all rows. */
interface ExpandedDistances {
  readonly centre: Float64Array;
  /** p (mean - c), [classes, D]. */
  readonly weights: Float64Array;
  /** sum_i p (mean - c)^2, [classes]. */
  readonly offsets: Float64Array;
  /** Whether the terms are small enough for their difference to keep its digits. */
  readonly isExact: boolean;
}

function expandedDistances({
  counts,
  means,
  precisions,
  size,
}: Pick<ClassMoments, 'counts' | 'means'> & {
  readonly precisions: Float64Array;
  readonly size: number;
}): ExpandedDistances {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const centre = new Float64Array(size);
  for (let i = 0; i < means.length; i++) centre[i % size]! += (means[i]! * counts[Math.floor(i / size)]!) / total;
  const offsets = new Float64Array(counts.length);
  const weights = means.map((mean, i) => {
    const distance = mean - centre[i % size]!;
    offsets[Math.floor(i / size)]! += precisions[i]! * distance * distance;
    return precisions[i]! * distance;
  });
  // Classes without rows are never asked for.
  const isExact = offsets.every((offset, y) => counts[y] === 0 || offset * Number.EPSILON <= mostRounding * size);
  return { centre, weights, offsets, isExact };
}

/** Covariances with all their entries, by whitening on the device. */
function matrixDensities(
  { counts, means, exampleShape }: ClassMoments,
  { covariance, floor }: Covariances,
  factors: readonly InverseFactor[],
  { run }: ScoringDevice,
): ClassDensities {
  const size = exampleSize(exampleShape);
  const classes = counts.length;
  const isTied = covariance === 'tied';
  const factorsOf = (label: number): InverseFactor => factors[isTied ? 0 : label]!;
  const constants = counts.map((_, label) => -0.5 * (size * logTwoPi + factorsOf(label).logDeterminant));
  const meanOf = (label: number): Float64Array => means.subarray(label * size, (label + 1) * size);
  const feeds = (x: Float32Array, centre: Float64Array, label: number): Values => ({
    x: rowsOf(x, size),
    centre: float64(centre, [size]),
    inverse: float64(factorsOf(label).inverse, [size, size]),
  });
  const ones = new Float64Array(isTied ? classes * size : 0).fill(1);
  // Whitened means, about the first one: far from the origin nothing cancels.
  const centre = meanOf(0);
  const whitened = isTied ? whitenedMeans(means, centre, factorsOf(0).inverse) : new Float64Array();
  return {
    async logDensities(x, count) {
      let result = new Float64Array(count * classes);
      if (isTied) {
        const { whitened: rows } = await run('whiten', () => whitening(size), feeds(x, centre, 0));
        result = squaredDistances(float64Data({ rows: rows! }, 'rows'), count, whitened, ones);
      } else
        for (let label = 0; label < classes; label++) {
          const values = await run('distances', () => distances(size), feeds(x, meanOf(label), label));
          const ofLabel = float64Data(values, 'distances');
          for (let row = 0; row < count; row++) result[row * classes + label] = ofLabel[row]!;
        }
      return result.map((distance, i) => constants[i % classes]! - 0.5 * distance);
    },
    draw(row, label, stream) {
      const noise = stream.normal(size);
      const deviation = new Float64Array(size);
      unwhiten(factorsOf(label), noise, deviation);
      for (let i = 0; i < size; i++) row[i] = means[label * size + i]! + deviation[i]!;
    },
    // With S = scatter / n + floor I, the mean distance is tr(S^-1 scatter / n) = D - floor tr(S^-1), and tr(S^-1) = |L^-1|^2.
    meanLogDensities: constants.map((constant, label) => {
      const trace = factorsOf(label).inverse.reduce((total, value) => total + value * value, 0);
      return constant - 0.5 * (size - floor * trace);
    }),
  };
}

/** y = L^-1 (x - centre) for rows x [N, D] -> [N, D]. */
function whitening(size: number): Program {
  const x = cast(batchInput('x', [size]), 'float64');
  const inverse = input('inverse', [size, size], 'float64');
  const centred = subtract(x, input('centre', [size], 'float64'));
  return { name: 'whiten', results: { whitened: matmul(centred, inverse, { transposeB: true }) } };
}

/** |L^-1 (x - centre)|^2 for rows x [N, D] -> [N]. */
function distances(size: number): Program {
  const { whitened } = whitening(size).results;
  return { name: 'distances', results: { distances: sum(square(whitened!), { axes: -1 }) } };
}

/** L^-1 (mean - centre) of each mean. */
function whitenedMeans(means: Float64Array, centre: Float64Array, inverse: Float64Array): Float64Array {
  const size = centre.length;
  return means.map((_, place) => {
    const [start, i] = [place - (place % size), place % size];
    let value = 0;
    for (let j = 0; j <= i; j++) value += inverse[i * size + j]! * (means[start + j]! - centre[j]!);
    return value;
  });
}
