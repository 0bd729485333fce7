// The network of NADE (Larochelle and Murray 2011): a hidden layer for every number, all sharing their weights.
//
//   a_d = c + sum_{i<d} W_i x_i,   h_d = g(a_d),   logit_d = b_d + V_d h_d           W, V: [D, H]
//
// All hidden layers of a batch, [D, N, H], are made in blocks of numbers: what earlier blocks give is one vector per row, carried from
// block to block by dense products, and what a block gives to itself is the product of a strictly triangular arrangement of its numbers
// with its weights. So a step costs 2 N D H (1 + B) operations and the passes over h_d, not the D^2 of one layer after the other.
//
// The gradient is written by hand in the same blocks. With e_d = d loss / d logit_d and delta_d = e_d V_d g'(a_d):
//   dV_d = sum_n e_d h_d,   dW_i = sum_n x_i sum_{d>i} delta_d,   dc = sum_n sum_d delta_d
import { initialisers } from '../../nn/initialisers.js';
import { type ParameterSpecs, weight } from '../../nn/layer.js';
import type { Tensors } from '../../nn/network.js';
import { float32 } from '../../runtime/runtime.js';
import {
  add,
  cast,
  concat,
  constant,
  customGradient,
  greater,
  matmul,
  multiply,
  oneHot,
  reshape,
  slice,
  subtract,
  sum,
  transpose,
} from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { bernoulliOutput } from './bernoulli-output.js';
import { nadeSampler } from './nade-sampler.js';
import { type AutoregressiveNetwork, tensorOf } from './network.js';
import { unitExpression } from './units.js';

/** Numbers per block: few enough that the triangular part costs little, and that a block's hidden layers stay in the caches. */
const blockSize = 16;

/** Activations whose derivative follows from the value, so that nothing else has to be kept. */
const slopes = {
  sigmoid: (h: Tensor) => subtract(h, multiply(h, h)),
  tanh: (h: Tensor) => subtract(1, multiply(h, h)),
  relu: (h: Tensor) => cast(greater(h, 0), 'float32'),
} as const;

/** The name of an activation that NADE can have. */
export type NadeUnit = keyof typeof slopes;

/** The names of the activations that NADE can have. */
export const nadeUnits = ['sigmoid', 'relu', 'tanh'] as const satisfies readonly NadeUnit[];

/** What a NADE consists of. */
export interface NadeNetworkOptions {
  readonly hiddenUnits: number;
  readonly activation: NadeUnit;
  /** How many classes rows can have; 0 for none. */
  readonly classes: number;
  /** Numbers in a row. */
  readonly size: number;
}

/** A NADE of binary numbers. */
export function nadeNetwork(options: NadeNetworkOptions): AutoregressiveNetwork {
  const { size, hiddenUnits, classes } = options;
  const zeros = initialisers.zeros();
  const small = initialisers.normal(0.01);
  const parameters: ParameterSpecs = {
    'hidden/weight': weight([size, hiddenUnits], initialisers.glorotUniform()),
    'hidden/bias': weight([hiddenUnits], zeros),
    'output/weight': weight([size, hiddenUnits], small),
    'output/bias': weight([size], zeros),
    ...(classes === 0
      ? {}
      : { 'hidden/label': weight([classes, hiddenUnits], zeros), 'output/label': weight([classes, size], zeros) }),
  };
  return {
    parameters,
    views: 1,
    conditionals: (x, weights, { labels }) => {
      const ofClass = labels === undefined || classes === 0 ? undefined : oneHot(labels, classes);
      const shift = (name: string): Tensor => {
        const bias = tensorOf(weights, `${name}/bias`);
        return ofClass === undefined ? bias : add(matmul(ofClass, tensorOf(weights, `${name}/label`)), bias);
      };
      // [N, H] also where all rows begin alike: each goes on in its own way.
      const start = add(
        matmul(slice(x, 1, 0, 1), constant(new Float32Array(hiddenUnits), [1, hiddenUnits])),
        shift('hidden'),
      );
      const logits = add(hiddenLogits(options, x, start, weights), shift('output'));
      return bernoulliOutput.logProb(logits, x);
    },
    initial: (found, rows) => ({ 'output/bias': float32(bernoulliOutput.initial(found, rows), [size]) }),
    sampler: (weights) => nadeSampler(options, weights),
  };
}

/** One block of numbers, in their order. */
interface Block {
  readonly start: number;
  readonly end: number;
  /** The block's numbers of a row, [N, B]. */
  readonly x: Tensor;
  /** [B N, B]: for each number of the block a copy of the rows that holds only what stands before it. */
  readonly before: Tensor;
  /** The hidden layers of the block, [B, N, H]. */
  readonly hidden: Tensor;
}

/** V_d h_d for all numbers, [N, D]; `start` [N, H] is what the hidden layer of the first number is made of. */
function hiddenLogits(
  { size, hiddenUnits, activation }: NadeNetworkOptions,
  x: Tensor,
  start: Tensor,
  weights: Tensors,
) {
  const w = tensorOf(weights, 'hidden/weight');
  const v = tensorOf(weights, 'output/weight');
  const act = unitExpression(activation);
  const blocks: Block[] = [];
  let sofar = start;
  for (let first = 0; first < size; first += blockSize) {
    const end = Math.min(size, first + blockSize);
    const count = end - first;
    const own = slice(x, 1, first, end);
    const before = reshape(multiply(reshape(own, [1, -1, count]), earlierOnly(count)), [-1, count]);
    const weightOfBlock = slice(w, 0, first, end);
    const inside = reshape(matmul(before, weightOfBlock), [count, -1, hiddenUnits]);
    blocks.push({ start: first, end, x: own, before, hidden: act(add(inside, sofar)) });
    if (end < size) sofar = add(sofar, matmul(own, weightOfBlock));
  }
  const rowsOf = (tensor: Tensor, { start: first, end }: Block): Tensor => slice(tensor, 0, first, end);
  const logits = concat(
    blocks.map((block) =>
      reshape(matmul(block.hidden, reshape(rowsOf(v, block), [-1, hiddenUnits, 1])), [block.end - block.start, -1]),
    ),
    0,
  );
  return customGradient(transpose(logits, [1, 0]), [start, w, v], (_, gradient) => {
    const errors = transpose(gradient, [1, 0]);
    const dw: Tensor[] = [];
    const dv: Tensor[] = [];
    // Of the blocks from the last to the first; `later` is what the hidden layers after a block want, [N, H].
    let later: Tensor | undefined;
    for (const block of blocks.toReversed()) {
      const count = block.end - block.start;
      const error = rowsOf(errors, block);
      dv.unshift(reshape(matmul(reshape(error, [count, 1, -1]), block.hidden), [count, hiddenUnits]));
      const wanted = multiply(reshape(error, [count, -1, 1]), reshape(rowsOf(v, block), [count, 1, hiddenUnits]));
      const delta = multiply(wanted, slopes[activation](block.hidden));
      const inside = matmul(block.before, reshape(delta, [-1, hiddenUnits]), { transposeA: true });
      dw.unshift(later === undefined ? inside : add(inside, matmul(block.x, later, { transposeA: true })));
      const ofBlock = sum(delta, { axes: 0 });
      later = later === undefined ? ofBlock : add(later, ofBlock);
    }
    return [later, concat(dw, 0), concat(dv, 0)];
  });
}

/** 1 where a number stands before another, [count, 1, count]. */
function earlierOnly(count: number): Tensor {
  return constant(
    Float32Array.from({ length: count * count }, (_, i) => Number(i % count < Math.floor(i / count))),
    [count, 1, count],
  );
}
