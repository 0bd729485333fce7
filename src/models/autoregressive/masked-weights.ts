// The weights of one masked layer. A layer that has only one mask, its givers and takers in the order of their degrees, is a staircase: what
// lies above it is zero for ever, so only the blocks that the stairs pass through are kept, trained and multiplied. With eight blocks
// that is little more than half of the weights, of the operations, and of what the optimiser goes over. Several masks take turns on whole
// weights, which are multiplied by the mask of the step.
import type { Initialiser } from '../../nn/initialisers.js';
import { type ParameterSpec, weight } from '../../nn/layer.js';
import type { Tensors } from '../../nn/network.js';
import {
  add,
  cast,
  concat,
  constant,
  customGradient,
  gather,
  lessEqual,
  matmul,
  multiply,
  pad,
  reshape,
  slice,
  subtract,
} from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type Arrays, arrayOf, tensorOf } from './network.js';

/** Who may act on whom in a layer, by degrees, in each of the views: a taker sees givers whose degree is at most its own minus `less`. */
export interface Wiring {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly less: 0 | 1;
  /** The degrees of the givers, by view. */
  readonly givers: readonly Uint32Array[];
  /** The degrees of the takers, by view. */
  readonly takers: readonly Uint32Array[];
}

/** A part of the weights, rows [top, bottom) and columns [left, right). */
interface Block {
  readonly name: string;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Units per block, and the most blocks: small products are slow. */
const blockUnits = 256;
const mostBlocks = 8;

/** The blocks of a layer: hidden layers are divided by takers, which see the first givers; outputs by givers, which the last takers see. */
function blocksOf({ name, from, to, less, givers, takers }: Wiring): Block[] {
  const whole: Block = { name: `${name}/weight`, top: 0, bottom: from, left: 0, right: to };
  const [giver, taker] = [givers[0], takers[0]];
  if (givers.length > 1 || giver === undefined || taker === undefined || !isSorted(giver) || !isSorted(taker))
    return [whole];
  const divided = less === 0 ? to : from;
  const count = Math.min(mostBlocks, Math.max(1, Math.round(divided / blockUnits)));
  return Array.from({ length: count }, (_, index): Block => {
    const [start, end] = [Math.floor((index * divided) / count), Math.floor(((index + 1) * divided) / count)];
    const own = { name: count === 1 ? whole.name : `${whole.name}/${index + 1}` };
    if (less === 0) return { ...own, top: 0, bottom: countUpTo(giver, taker[end - 1] ?? 0), left: start, right: end };
    // Takers of a degree up to the lowest giver's see nothing of the block.
    return { ...own, top: start, bottom: end, left: countUpTo(taker, giver[start] ?? 0), right: to };
  }).filter(({ top, bottom, left, right }) => bottom > top && right > left);
}

function isSorted(degrees: Uint32Array): boolean {
  return degrees.every((degree, i) => i === 0 || degree >= (degrees[i - 1] ?? 0));
}

/** How many of sorted degrees are at most `limit`. */
function countUpTo(degrees: Uint32Array, limit: number): number {
  const index = degrees.findIndex((degree) => degree > limit);
  return index < 0 ? degrees.length : index;
}

/** The parameters of a layer. Those of a single mask are zero from the beginning where it is. */
export function maskedParameters(wiring: Wiring, initialise: Initialiser): [string, ParameterSpec][] {
  const { from, to, less, givers, takers } = wiring;
  return blocksOf(wiring).map(({ name, top, bottom, left, right }) => [
    name,
    weight(
      [bottom - top, right - left],
      (shape, stream, fans) => {
        const values = initialise(shape, stream, fans);
        const [giver, taker, columns] = [givers[0], takers[0], right - left];
        if (givers.length > 1 || giver === undefined || taker === undefined) return values;
        for (let i = 0; i < values.length; i++)
          if ((giver[top + Math.floor(i / columns)] ?? 0) > (taker[left + (i % columns)] ?? 0) - less) values[i] = 0;
        return values;
      },
      { fanIn: from, fanOut: to },
    ),
  ]);
}

/** x [N, from] times the masked weights, [N, to]; undefined where no giver acts on any taker. */
export function maskedProduct(x: Tensor, wiring: Wiring, weights: Tensors, view: Tensor): Tensor | undefined {
  const { from, to, less, givers } = wiring;
  const parts = blocksOf(wiring).map((block) => {
    const { name, top, bottom, left, right } = block;
    const all = tensorOf(weights, name);
    const mask = maskOf(wiring, block, view);
    const given = top === 0 && bottom === from ? x : slice(x, 1, top, bottom);
    const product = matmul(given, givers.length === 1 ? keptMasked(all, mask) : multiply(all, mask));
    return less === 0 || (left === 0 && right === to) ? product : pad(product, 1, left, to - right);
  });
  const [first, ...others] = parts;
  if (first === undefined) return undefined;
  if (less === 0) return others.length === 0 ? first : concat(parts, 1);
  return others.reduce((total, part) => add(total, part), first);
}

/** The weights of a layer as one matrix [from, to], row by row, zeros included. */
export function wholeWeights(wiring: Wiring, arrays: Arrays): Float32Array {
  const { from, to } = wiring;
  const blocks = blocksOf(wiring);
  const [only] = blocks;
  if (blocks.length === 1 && only?.bottom === from && only.right === to && only.left === 0)
    return arrayOf(arrays, only.name);
  const whole = new Float32Array(from * to);
  for (const { name, top, bottom, left, right } of blocks) {
    const part = arrayOf(arrays, name);
    const columns = right - left;
    for (let row = top; row < bottom; row++)
      whole.set(part.subarray((row - top) * columns, (row - top + 1) * columns), row * to + left);
  }
  return whole;
}

/** 1 where a giver may act on a taker, else 0, in the view that the step has: of the rows and columns of a block. */
function maskOf({ less, givers, takers }: Wiring, { top, bottom, left, right }: Block, view: Tensor): Tensor {
  const chosen = (lists: readonly Uint32Array[], start: number, end: number): Tensor => {
    const values = lists.flatMap((list) => [...list.subarray(start, end)]);
    const all = constant(values, [lists.length, end - start]);
    return lists.length === 1 ? reshape(all, [end - start]) : gather(all, view);
  };
  const [giver, taker] = [chosen(givers, top, bottom), chosen(takers, left, right)];
  return cast(lessEqual(reshape(giver, [-1, 1]), reshape(subtract(taker, less), [1, -1])), 'float32');
}

/**
 * A weight that is zero wherever its mask is, from its initial value on: with its gradient masked it stays so, and nothing has to be
 * multiplied on the way forward.
 */
function keptMasked(values: Tensor, mask: Tensor): Tensor {
  return customGradient(values, [values], (_, gradient) => [multiply(gradient, mask)]);
}
