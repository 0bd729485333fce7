// Coupling layers (Dinh et al. 2015, 2017): one part of a row stays and says how each number of the other part is transformed, so the
// Jacobian is triangular and the inverse costs as much as the function.
//
//   z_a = x_a,   z_b = g(x_b; theta(x_a)),   log det = sum log g'(x_b)
import { ShapeError } from '../../core/errors.js';
import type { Layer } from '../../nn/layer.js';
import { network } from '../../nn/network.js';
import { constant, gather, type Tensor } from '../../tensor/index.js';
import { concat, slice } from '../../tensor/operators/slice.js';
import type { Bijection } from './bijection.js';

/** How the numbers of a part are transformed, given parameters that a network made. */
export interface Transformer {
  /** Parameters per number. */
  readonly size: number;
  /** Transformed numbers, of the shape of x, and the log-determinant [N]. */
  forward(
    x: Tensor,
    parameters: (place: number) => Tensor,
  ): { readonly value: Tensor; readonly logDeterminant: Tensor };
  inverse(z: Tensor, parameters: (place: number) => Tensor): Tensor;
}

/** What a coupling layer is made of. */
export interface CouplingOptions {
  readonly name: string;
  /** The shape of a row, whose last axis is divided. */
  readonly shape: readonly number[];
  /** The places of the last axis that stay, the others are transformed. */
  readonly kept: readonly number[];
  readonly transformer: Transformer;
  /** The network that makes `outputs` numbers, in the last axis, of what stays. */
  readonly layer: (outputs: number) => Layer;
}

/** A coupling layer. @throws ShapeError where nothing stays, or nothing is transformed */
export function coupling({ name, shape, kept, transformer, layer }: CouplingOptions): Bijection {
  const width = shape.at(-1) ?? 0;
  const moved = Array.from({ length: width }, (_, i) => i).filter((i) => !kept.includes(i));
  if (kept.length === 0 || moved.length === 0)
    throw new ShapeError(`${name}: of ${width} numbers ${kept.length} would stay; a coupling needs both kinds.`);
  const net = network(name, layer(moved.length * transformer.size), [...shape.slice(0, -1), kept.length]);
  const order = [...kept, ...moved];
  const back = order.map((_, i) => order.indexOf(i));
  const divided = (x: Tensor): readonly [Tensor, Tensor] => {
    const sorted = inOrder(x, order);
    return [slice(sorted, -1, 0, kept.length), slice(sorted, -1, kept.length)];
  };
  const joined = (stayed: Tensor, changed: Tensor): Tensor => inOrder(concat([stayed, changed], -1), back);
  const parametersOf = (made: Tensor) => (place: number) =>
    slice(made, -1, place * moved.length, (place + 1) * moved.length);
  return {
    parameters: net.parameters,
    forward(x, weights) {
      const [stays, changes] = divided(x);
      const { value, logDeterminant } = transformer.forward(changes, parametersOf(net.apply(stays, weights).output));
      return { value: joined(stays, value), logDeterminant };
    },
    inverse(z, weights) {
      const [stays, changed] = divided(z);
      return joined(stays, transformer.inverse(changed, parametersOf(net.apply(stays, weights).output)));
    },
  };
}

/** The last axis in another order. */
function inOrder(x: Tensor, order: readonly number[]): Tensor {
  if (order.every((from, to) => from === to)) return x;
  return gather(x, constant(Int32Array.from(order), [order.length], 'int64'), x.rank - 1);
}
