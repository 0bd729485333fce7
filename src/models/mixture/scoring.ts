// Rows scored under the components of a mixture, and what follows from their joint log-densities.
import { cast } from '../../tensor/operators/cast.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import { at, type Emission } from './emission.js';
import { given } from './gaussian.js';
import { jointDensities } from './mixture-values.js';

/** Probabilities of each row's components, or of its classes. */
export interface Probabilities {
  /** [rows, columns] */
  readonly values: Float64Array;
  readonly columns: number;
}

/** Before the names of what the scoring program is fed, which the weights' names must not meet. */
export const feedPrefix = 'feed/';

/** log w_k + log p(x | k) of rows [N, features]. */
export function scoreProgram(emission: Emission, features: number, components: number): Program {
  const shapes = { shift: [features], weights: [components], ...emission.feedShapes };
  const { shift, weights, ...feeds } = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, input(feedPrefix + name, shape, 'float64')]),
  );
  const x = emission.transform(cast(batchInput('x', [features]), 'float64'), given(shift));
  return { name: 'score', results: { joint: jointDensities(emission, x, given(weights), feeds) } };
}

/** log sum exp, without overflow. */
export function logSumExp(values: Float64Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log(values.reduce((total, value) => total + Math.exp(value - largest), 0));
}

/** log sum_k p(x, k) of each row. */
export function evidence({ values, columns }: Probabilities): Float64Array {
  return Float64Array.from({ length: values.length / columns }, (_, row) =>
    logSumExp(values.subarray(row * columns, (row + 1) * columns)),
  );
}

/** p(k | x) from log p(x, k). */
export function posterior(joint: Probabilities): Probabilities {
  const { columns } = joint;
  const totals = evidence(joint);
  const values = joint.values.map((value, index) => Math.exp(value - at(totals, Math.floor(index / columns))));
  return { values, columns };
}

/** The column of the largest value of each row. */
export function mostProbable({ values, columns }: Probabilities): Int32Array {
  return Int32Array.from({ length: values.length / columns }, (_, row) => {
    let best = 0;
    for (let k = 1; k < columns; k++) if (at(values, row * columns + k) > at(values, row * columns + best)) best = k;
    return best;
  });
}
