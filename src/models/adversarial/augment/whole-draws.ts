// Whole numbers made of uniform ones.
import { floor, minimum, multiply } from '../../../tensor/index.js';
import { slice } from '../../../tensor/operators/slice.js';
import type { Tensor } from '../../../tensor/tensor.js';

/** Whole numbers from 0 to count - 1, all equally likely, as float32 [N, 1], of a column of uniform numbers [N, columns] in [0, 1). */
export function wholeDraws(draws: Tensor, column: number, count: number): Tensor {
  // The product of a number just below 1 may be rounded up to count.
  return minimum(floor(multiply(slice(draws, 1, column, column + 1), count)), count - 1);
}
