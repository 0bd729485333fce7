// What an autoregressive network is to the model around it: a product of conditionals, in one order of the numbers or in several.
//
//   log p(x) = sum_d log p(x_d | x_earlier)
import { ConfigError } from '../../core/errors.js';
import type { ParameterSpecs } from '../../nn/layer.js';
import type { Tensors } from '../../nn/network.js';
import type { Random } from '../../runtime/random.js';
import type { Values } from '../../runtime/runtime.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Survey } from '../survey.js';

/** What conditionals are asked for besides the rows. */
export interface Condition {
  /** Which of the network's views, an int64 scalar; a network with one view looks at nothing. */
  readonly view: Tensor;
  /** [N] int64, the class of each row; only networks that were made for classes look at it. */
  readonly labels: Tensor | undefined;
}

/** Arrays by the names of the parameters. */
export type Arrays = Readonly<Record<string, Float32Array>>;

/** Draws one row at a time under one view. */
export interface RowSampler {
  /** Fills `row` by random numbers of `stream`; `label` is the row's class, 0 where there are none. */
  draw(row: Float32Array, label: number, stream: Random): void;
}

/** A network that gives the conditional of every number, given those before it. */
export interface AutoregressiveNetwork {
  readonly parameters: ParameterSpecs;
  /** Orders and masks that the network can look at rows in: each is a density of its own with the same weights. */
  readonly views: number;
  /** log p(x_d | x_earlier) of rows [N, D], in nats: [N, D]. */
  conditionals(x: Tensor, weights: Tensors, condition: Condition): Tensor;
  /** Values that replace the initialisers', because the data says better. */
  initial(found: Survey, rows: number): Values;
  sampler(weights: Arrays, view: number): RowSampler;
}

/** One of the arrays; a model's weights are complete once they are adopted. */
export function arrayOf(weights: Arrays, name: string): Float32Array {
  return weights[name] ?? new Float32Array();
}

/** One of the inputs or variables; whoever applies a network passes all its parameters. @throws ConfigError where one is missing */
export function tensorOf(weights: Tensors, name: string): Tensor {
  const tensor = weights[name];
  if (tensor === undefined)
    throw new ConfigError(`The network has no weight "${name}"; pass a tensor for every parameter.`);
  return tensor;
}
