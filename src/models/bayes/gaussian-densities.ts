// log N(x; mean, S) = -1/2 (D log 2 pi + log |S| + (x - mean)' S^-1 (x - mean)), of all classes at once.
import { ConfigError } from '../../core/errors.js';
import { exampleSize } from '../../data/dataset.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { batchInput, cast, input, matmul, type Program, square, subtract, sum } from '../../tensor/index.js';
import type { ClassDensities } from './bayes-model.js';
import type { ClassMoments } from './class-moments.js';
import { float64, float64Data } from './float64.js';
import type { Covariances } from './gaussian-covariances.js';
import { squaredDistances } from './squared-distances.js';
import { type Factors, factorise } from './triangular.js';

/** Runs a program on the model's device. */
export type Run = (name: string, define: () => Program, feeds: Values) => Promise<Values>;

/** Rows whose distances are found at a time: in float64 they stay in the caches. */
const blockRows = 64;
const logTwoPi = Math.log(2 * Math.PI);

/** The densities for moments and the covariances made from them. @throws ConfigError for a covariance that is not positive definite */
export function gaussianDensities(
  kind: string,
  moments: ClassMoments,
  covariances: Covariances,
  run: Run,
): ClassDensities {
  const { covariance } = covariances;
  if (covariance === 'diagonal' || covariance === 'spherical') return independentDensities(moments, covariances);
  const { classes, counts, exampleShape } = moments;
  const size = exampleSize(exampleShape);
  const matrices = covariance === 'tied' ? 1 : counts.length;
  const factors = Array.from({ length: matrices }, (_, index): Factors => {
    const found = factorise(covariances.data.subarray(index * size * size, (index + 1) * size * size), size);
    if (found !== undefined) return found;
    const whose = covariance === 'tied' || classes.length === 0 ? '' : ` of the class "${classes[index]}"`;
    throw new ConfigError(
      `${kind}: the covariance${whose} is not positive definite to the precision of float64: its columns depend on each other, or ` +
        "there are fewer rows than columns. Raise covarianceFloor, or use covariance 'diagonal'.",
    );
  });
  return matrixDensities(moments, covariances, factors, run);
}

/** Dimensions that are independent. */
function independentDensities(
  { counts, means, scatters, exampleShape }: ClassMoments,
  given: Covariances,
): ClassDensities {
  const size = exampleSize(exampleShape);
  const variances = means.map((_, i) => given.data[given.covariance === 'diagonal' ? i : Math.floor(i / size)]!);
  const constants = counts.map((_, label) => {
    const logs = variances.subarray(label * size, (label + 1) * size).reduce((total, v) => total + Math.log(v), 0);
    return -0.5 * (size * logTwoPi + logs);
  });
  const precisions = variances.map((variance) => 1 / variance);
  const deviations = variances.map(Math.sqrt);
  return {
    logDensities: (x, count) => {
      const classes = counts.length;
      const result = new Float64Array(count * classes);
      for (let first = 0; first < count; first += blockRows) {
        const rows = Math.min(blockRows, count - first);
        const block = new Float64Array(x.subarray(first * size, (first + rows) * size));
        result.set(squaredDistances(block, rows, means, precisions), first * classes);
      }
      for (let row = 0; row < count; row++)
        for (let label = 0; label < classes; label++)
          result[row * classes + label] = constants[label]! - 0.5 * result[row * classes + label]!;
      return result;
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

/** Covariances with all their entries, by whitening on the device. */
function matrixDensities(
  { counts, means, exampleShape }: ClassMoments,
  { covariance, floor }: Covariances,
  factors: readonly Factors[],
  run: Run,
): ClassDensities {
  const size = exampleSize(exampleShape);
  const classes = counts.length;
  const isTied = covariance === 'tied';
  const factorsOf = (label: number): Factors => factors[isTied ? 0 : label]!;
  const constants = counts.map((_, label) => -0.5 * (size * logTwoPi + factorsOf(label).logDeterminant));
  const meanOf = (label: number): Float64Array => means.subarray(label * size, (label + 1) * size);
  const feeds = (x: Float32Array, count: number, centre: Float64Array, label: number): Values => ({
    x: float32(x, [count, size]),
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
        const { whitened: rows } = await run('whiten', () => whitening(size), feeds(x, count, centre, 0));
        result = squaredDistances(float64Data({ rows: rows! }, 'rows'), count, whitened, ones);
      } else
        for (let label = 0; label < classes; label++) {
          const values = await run('distances', () => distances(size), feeds(x, count, meanOf(label), label));
          const ofLabel = float64Data(values, 'distances');
          for (let row = 0; row < count; row++) result[row * classes + label] = ofLabel[row]!;
        }
      return result.map((distance, i) => constants[i % classes]! - 0.5 * distance);
    },
    draw(row, label, stream) {
      const noise = stream.normal(size);
      const { lower } = factorsOf(label);
      for (let i = 0; i < size; i++) {
        let value = means[label * size + i]!;
        for (let j = 0; j <= i; j++) value += lower[i * size + j]! * noise[j]!;
        row[i] = value;
      }
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
