// Every row to its nearest centre, on the device: |x - c|^2 = |x|^2 - 2 x c + |c|^2, of which only the last two depend on the centre.
import { add, multiply, square } from '../../tensor/operators/arithmetic.js';
import { oneHot } from '../../tensor/operators/gather.js';
import { matmul } from '../../tensor/operators/matmul.js';
import { argMax, sum } from '../../tensor/operators/reduce.js';
import type { Tensor } from '../../tensor/tensor.js';

/**
 * @param x [rows, features]
 * @param centres [clusters, features]
 * @returns 1 for each row's nearest centre, 0 elsewhere, and c x - |c|^2 / 2 of each; both [rows, clusters]
 */
export function nearestCentre(
  x: Tensor,
  centres: Tensor,
): { readonly assignments: Tensor; readonly closeness: Tensor } {
  const squares = sum(square(centres), { axes: 1 });
  const closeness = add(matmul(x, centres, { transposeB: true }), multiply(squares, -0.5));
  const clusters = Number(centres.shape[0]);
  return { assignments: oneHot(argMax(closeness, 1), clusters, x.dtype), closeness };
}
