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
    const end = start + classes;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i++) highest = Math.max(highest, joint[i]!);
    if (highest === Number.NEGATIVE_INFINITY) {
      posterior.set(logPriors, start);
      continue;
    }
    let sum = 0;
    for (let i = start; i < end; i++) sum += Math.exp(joint[i]! - highest);
    const evidence = highest + Math.log(sum);
    for (let i = start; i < end; i++) posterior[i] = joint[i]! - evidence;
  }
  return posterior;
}

/** The number of the most probable class of each row, the first where several are. */
export function mostProbable({ values, classes }: ClassLogProbabilities): Int32Array {
  const chosen = new Int32Array(values.length / classes.length);
  for (let row = 0, start = 0; row < chosen.length; row++, start += classes.length) {
    let best = 0;
    for (let label = 1; label < classes.length; label++)
      if (values[start + label]! > values[start + best]!) best = label;
    chosen[row] = best;
  }
  return chosen;
}

/** log sum exp. The largest term is taken out, so that nothing over- or underflows. */
export function logSumExp(values: Float64Array): number {
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (highest === Number.NEGATIVE_INFINITY) return highest;
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}
