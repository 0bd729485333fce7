// One step of a generative stochastic network's chain: a row is corrupted, goes through noisy hidden layers, and comes out as
// probabilities, of which the next row is drawn (Bengio et al. 2014).
//
//   x~ = salt and pepper(x),   h_1 = tanh(x~ W_1 + b_1 + s n_1), ...,   p = sigmoid(h W + b),   x' ~ Bernoulli(p)
import { initialisers } from '../../nn/initialisers.js';
import { type ParameterSpec, type ParameterSpecs, weight } from '../../nn/layer.js';
import { add, cast, less, matmul, multiply, sigmoid, tanh, where } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The sizes and noises of a chain's step. */
export interface GsnStep {
  readonly size: number;
  readonly hiddenLayers: readonly number[];
  /** The share of numbers that are replaced by 0 or 1 at random. */
  readonly corruption: number;
  /** The standard deviation of the noise on hidden units before they saturate. */
  readonly hiddenNoise: number;
}

/** What a step draws from: name, width, distribution. */
export interface StepNoise {
  readonly name: string;
  readonly width: number;
  readonly distribution: 'uniform' | 'normal';
}

/** The noise of a step, beside that of drawing the row. */
export function noisesOf({ size, hiddenLayers, hiddenNoise }: GsnStep): StepNoise[] {
  return [
    { name: 'corrupted', width: size, distribution: 'uniform' },
    { name: 'pepper', width: size, distribution: 'uniform' },
    ...(hiddenNoise === 0
      ? []
      : hiddenLayers.map((width, layer) => ({ name: `hidden${layer + 1}`, width, distribution: 'normal' as const }))),
  ];
}

/** The parameters by their names. */
export function gsnParameters({ size, hiddenLayers }: GsnStep): ParameterSpecs {
  const widths = [size, ...hiddenLayers, size];
  const entries = widths.slice(1).flatMap((width, layer): [string, ParameterSpec][] => {
    const name = layer === hiddenLayers.length ? 'output' : `hidden${layer + 1}`;
    return [
      [`gsn/${name}/weight`, weight([widths[layer] ?? size, width], initialisers.glorotUniform())],
      [`gsn/${name}/bias`, weight([width], initialisers.zeros())],
    ];
  });
  return Object.fromEntries(entries);
}

/** The logits of a row's reconstruction, from rows [N, size] and the step's noise by its names, [N, width] each. */
export function reconstructionLogits(
  step: GsnStep,
  x: Tensor,
  weights: (name: string) => Tensor,
  noise: ((name: string) => Tensor) | undefined,
): Tensor {
  const { hiddenLayers, corruption, hiddenNoise } = step;
  let h =
    noise === undefined
      ? x
      : where(less(noise('corrupted'), corruption), cast(less(noise('pepper'), 0.5), 'float32'), x);
  for (const layer of hiddenLayers.keys()) {
    const name = `hidden${layer + 1}`;
    const logits = add(matmul(h, weights(`gsn/${name}/weight`)), weights(`gsn/${name}/bias`));
    const isNoisy = noise !== undefined && hiddenNoise > 0;
    h = tanh(isNoisy ? add(logits, multiply(noise(name), hiddenNoise)) : logits);
  }
  return add(matmul(h, weights('gsn/output/weight')), weights('gsn/output/bias'));
}

/** Rows of 0 and 1 drawn from logits by uniform numbers. */
export function drawRows(logits: Tensor, uniform: Tensor): Tensor {
  return cast(less(uniform, sigmoid(logits)), 'float32');
}
