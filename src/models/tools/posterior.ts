// Bayes' rule in logarithms: log p(y | x) = log p(x, y) - log sum_y' p(x, y'), stable however small the densities are.
import type { ClassLogProbabilities } from '../contract.js';

/**
 * The posterior of joint log-densities. A row that is impossible under every class says nothing about its class, and keeps the prior.
 *
 * @param joint [N, classes], log p(x, y); -Infinity is allowed
 * @param logPriors log p(y)
 */
export function logPosterior(joint: Float64Array, logPriors: Float64Array): Float64Array {
  const classes = logPriors.length;
  const posterior = new Float64Array(joint.length);
  for (let start = 0; start < joint.length; start += classes) {
    const row = joint.subarray(start, start + classes);
    const evidence = logSumExp(row);
    if (evidence === Number.NEGATIVE_INFINITY) posterior.set(logPriors, start);
    else
      posterior.set(
        row.map((value) => value - evidence),
        start,
      );
  }
  return posterior;
}

/** The number of the most probable class of each row, the first where several are. */
export function mostProbable({ values, classes }: ClassLogProbabilities): Int32Array {
  const count = values.length / classes.length;
  return Int32Array.from({ length: count }, (_, row) => {
    const one = values.subarray(row * classes.length, (row + 1) * classes.length);
    return one.reduce((best, value, label) => (value > (one[best] ?? 0) ? label : best), 0);
  });
}

/** log sum exp. The largest term is taken out, so that nothing over- or underflows. */
export function logSumExp(values: Float64Array): number {
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (highest === Number.NEGATIVE_INFINITY) return highest;
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}
