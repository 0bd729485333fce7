// A network that takes the numbers in another order than they stand in the row: its inputs are put into that order, its conditionals back.
import { constant, gather } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { inverse } from './connectivity.js';
import type { AutoregressiveNetwork } from './network.js';

/** `inOrder`, a network whose number t is that at place t of the order, as one of the numbers as they stand. */
export function reordered(order: Uint32Array, inOrder: AutoregressiveNetwork): AutoregressiveNetwork {
  if (order.every((number, place) => number === place)) return inOrder;
  const { parameters, views } = inOrder;
  const moved = (x: Tensor, positions: Uint32Array): Tensor =>
    gather(x, constant(Int32Array.from(positions), [positions.length], 'int64'), 1);
  return {
    parameters,
    views,
    conditionals: (x, weights, condition) =>
      moved(inOrder.conditionals(moved(x, order), weights, condition), inverse(order)),
    initial: (found, rows) => {
      const placed = (values: Float64Array): Float64Array => Float64Array.from(order, (number) => values[number] ?? 0);
      return inOrder.initial({ ...found, means: placed(found.means), squares: placed(found.squares) }, rows);
    },
    sampler: (weights, view) => {
      const sampler = inOrder.sampler(weights, view);
      const placed = new Float32Array(order.length);
      return {
        draw(row, label, stream) {
          sampler.draw(placed, label, stream);
          for (const [place, number] of order.entries()) row[number] = placed[place] ?? 0;
        },
      };
    },
  };
}
