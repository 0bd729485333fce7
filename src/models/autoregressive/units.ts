// Activations of hidden units, twice: as expressions for training and scoring, and as functions of numbers for drawing row by row.
import { type ActivationName, activations } from '../../nn/layers/activation.js';
import type { Tensor } from '../../tensor/tensor.js';

const functions = {
  relu: (x) => (x > 0 ? x : 0),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  silu: (x) => x * sigmoidOf(x),
  tanh: Math.tanh,
  sigmoid: sigmoidOf,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
} as const satisfies Partial<Record<ActivationName, (x: number) => number>>;

/** The name of a hidden activation. */
export type UnitName = keyof typeof functions;

/** The names of the activations that hidden units can have. */
export const unitNames = ['relu', 'elu', 'silu', 'tanh', 'sigmoid', 'softplus'] as const satisfies readonly UnitName[];

/** The function of one number. */
export function unitFunction(name: UnitName): (x: number) => number {
  return functions[name];
}

/** The function of every value of a tensor. */
export function unitExpression(name: UnitName): (x: Tensor) => Tensor {
  const expression: (x: Tensor, options: object) => Tensor = activations[name];
  return (x) => expression(x, {});
}

/** 1 / (1 + exp(-x)) */
export function sigmoidOf(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
