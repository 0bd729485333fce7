// The maximisation step of low-rank covariances, S = W W^T + diag(v): what the covariance of a component's rows, C, makes of W and v.
// C itself is never made, [features, features] being too large: its diagonal and its products with a few directions tell enough.
//
//   With R = C P:  W = R T^-T, T T^T = G,  v = max(diag C - diag W W^T, floor)
//
// With the projection P of the parameters before and G = I + P^T R this is a step of expectation and maximisation in which codes may
// have any mean and covariance, absorbed in m and W: parameter expansion (Liu, Rubin and Wu 1998). It takes fewer iterations than
// the factor analysers' own step, and the likelihood never decreases either. With random directions P and G = P^T R it is Nystrom's
// approximation of C (Williams and Seeger 2001), where the iterations start.
import { choleskyFactor, isPositiveDefinite } from './cholesky.js';
import { addToDiagonal, productsOf, solveRows } from './covariance-low-rank-projection.js';
import { at } from './emission.js';

/** What is known of the covariance C of some rows. */
export interface SeenCovariance {
  /** The diagonal, [features]. */
  readonly variances: Float64Array;
  /** P, [features, rank]. */
  readonly directions: Float64Array;
  /** C P, [features, rank]. */
  readonly responses: Float64Array;
}

/** The covariance's low-rank part. */
export interface Explained {
  /** W, [features, rank]. */
  readonly loadings: Float64Array;
  /** What is left of the variances, [features], by rounding perhaps below 0. */
  readonly left: Float64Array;
}

/** A step from the parameters that the directions are the projection of. */
export function improvedLoadings(seen: SeenCovariance): Explained {
  const rank = rankOf(seen);
  const gram = productsOf(seen.directions, seen.responses, rank);
  addToDiagonal(gram, rank, 1);
  return explainedBy(seen, gram);
}

/** A start from random directions. `added` to the diagonal, [features], gives even the covariance of one row the full rank. */
export function startingLoadings({ variances, directions, responses }: SeenCovariance, added: Float64Array): Explained {
  const rank = rankOf({ variances, directions });
  const widened = {
    variances: variances.map((variance, d) => variance + at(added, d)),
    directions,
    responses: responses.map((value, i) => value + at(added, Math.floor(i / rank)) * at(directions, i)),
  };
  return explainedBy(widened, productsOf(directions, widened.responses, rank));
}

/**
 * C P from sums over rows.
 *
 * @param sums r x u^T summed, [features, rank], with u = P^T (x - base)
 * @param count r summed
 * @param centre the mean of the rows, on the scale of x
 */
export function responsesOf(
  sums: Float64Array,
  directions: Float64Array,
  { count, centre, base }: { readonly count: number; readonly centre: Float64Array; readonly base?: Float64Array },
): Float64Array {
  const rank = directions.length / centre.length;
  const code = new Float64Array(rank);
  for (const [d, value] of centre.entries()) {
    const moved = value - at(base, d);
    for (let j = 0; j < rank; j++) code[j]! += moved * directions[d * rank + j]!;
  }
  const responses = new Float64Array(sums.length);
  for (const [d, value] of centre.entries())
    for (let j = 0; j < rank; j++) responses[d * rank + j] = sums[d * rank + j]! / count - value * code[j]!;
  return responses;
}

function explainedBy({ variances, responses }: SeenCovariance, gram: Float64Array): Explained {
  const rank = responses.length / variances.length;
  const largest = Math.max(...Array.from({ length: rank }, (_, j) => at(gram, j * rank + j)));
  // Rounding may have left a matrix that is not quite positive definite.
  for (let share = 1e-15; !isPositiveDefinite(gram, rank); share *= 10)
    addToDiagonal(gram, rank, share * (largest > 0 ? largest : 1));
  const loadings = solveRows(responses, choleskyFactor(gram, rank), rank);
  const left = variances.map((variance, d) => {
    const row = loadings.subarray(d * rank, (d + 1) * rank);
    return row.reduce((rest, loading) => rest - loading ** 2, variance);
  });
  return { loadings, left };
}

function rankOf({ variances, directions }: Pick<SeenCovariance, 'variances' | 'directions'>): number {
  return directions.length / variances.length;
}
