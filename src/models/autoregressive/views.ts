// Which of a network's views a program looks at rows in, and the mean over several.

import type { Tensors } from '../../nn/network.js';
import {
  add,
  cast,
  constant,
  divide,
  floor,
  logSumExp,
  multiply,
  stack,
  subtract,
  sum,
  type Tensor,
} from '../../tensor/index.js';
import type { AutoregressiveNetwork } from './network.js';

/** A view by its number. */
export function viewAt(view: number): Tensor {
  return constant([view], [], 'int64');
}

/** Views take turns: step t, counted from 1, has view (t - 1) modulo their number. */
export function viewOfStep(step: Tensor, views: number): Tensor {
  if (views === 1) return viewAt(0);
  const before = subtract(step, 1);
  return cast(subtract(before, multiply(floor(divide(add(before, 0.5), views)), views)), 'int64');
}

/** log p(x) [N] of rows [N, D] as the mean of the first views' densities. */
export function meanOfViews(
  network: AutoregressiveNetwork,
  x: Tensor,
  {
    weights,
    labels,
    views,
  }: { readonly weights: Tensors; readonly labels: Tensor | undefined; readonly views: number },
): Tensor {
  const each = Array.from({ length: views }, (_, view) =>
    sum(network.conditionals(x, weights, { view: viewAt(view), labels }), { axes: 1 }),
  );
  return subtract(logSumExp(stack(each, 0), { axes: 0 }), Math.log(views));
}
