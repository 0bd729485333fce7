// Normalisations with their gradients in closed form.
//
// Standardising, the core of layer, instance and group norm:
//
//   c = x - mean(x),  v = mean(c^2),  y = c / sqrt(v + epsilon)
//   d x = (dy - mean(dy) - y mean(dy y)) / sqrt(v + epsilon)
//
// Batch normalisation (Ioffe and Szegedy 2015):
//
//   c = x - mean(x),  v = mean(c^2),  y = c a + bias  with  a = scale / sqrt(v + epsilon)
//   d bias = sum(dy),  d a = sum(dy c),  d scale = d a / sqrt(v + epsilon)
//   d x = a (dy - mean(dy) - c mean(dy c) / (v + epsilon))
import { staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { add, divide, multiply, reciprocal, sqrt, square, subtract } from './arithmetic.js';
import { customGradient } from './custom-gradient.js';
import { mean, sum } from './reduce.js';

/** A normalised batch and what it was normalised by. */
export interface BatchNormalized {
  /** The shape of x. */
  readonly output: Tensor;
  /** [C] */
  readonly mean: Tensor;
  /** [C], divided by the number of values, not one less. */
  readonly variance: Tensor;
}

/**
 * Normalises each channel of a batch by its own mean and variance, then scales and shifts it. The gradient treats mean and
 * variance as the functions of x that they are.
 *
 * @param x [..., C]
 * @param scale [C]
 * @param bias [C]
 */
export function batchNormalize(x: Tensor, scale: Tensor, bias: Tensor, epsilon: number): BatchNormalized {
  const { centred, center, spread, deviation } = statistics(x, epsilon);
  const value = add(multiply(centred, divide(scale, deviation)), bias);
  const output = customGradient(value, [x, scale, bias], ([x = value, scale = value], dy) => {
    const { axes, count, centred, deviation } = statistics(x, epsilon);
    const biasGradient = sum(dy, { axes });
    const factorGradient = sum(multiply(dy, centred), { axes });
    const curvature = divide(factorGradient, multiply(square(deviation), count));
    const inner = subtract(subtract(dy, multiply(centred, curvature)), multiply(biasGradient, 1 / count));
    return [multiply(inner, divide(scale, deviation)), divide(factorGradient, deviation), biasGradient];
  });
  return { output, mean: center, variance: spread };
}

/** Mean, variance and what follows from them: equal expressions, so the program computes them once. */
function statistics(x: Tensor, epsilon: number) {
  const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
  const count = axes.reduce((product, axis) => product * staticDim(x.dim(axis), 'The batch size in training'), 1);
  const center = mean(x, { axes });
  // The mean is taken out before squaring: E x^2 - (E x)^2 would lose all digits where the mean is large.
  const centred = subtract(x, center);
  const spread = mean(square(centred), { axes });
  return { axes, count, center, centred, spread, deviation: sqrt(add(spread, epsilon)) };
}

/**
 * x with mean 0 and variance 1 over some axes, (x - mean) / sqrt(variance + epsilon), each place along the others by itself.
 *
 * @param axes those over which mean and variance are taken
 * @example standardize(x, [1, 2, 3], 1e-5)         // layer norm of images [N, H, W, C], before scale and bias
 */
export function standardize(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const over = { axes, keepAxes: true };
  const value = multiply(subtract(x, mean(x, over)), inverseDeviation(x, axes, epsilon));
  return customGradient(value, [x], ([x = value], dy) => {
    // Expressions in y instead of x, so that the second derivative, of which gradient penalties are made, is short as well.
    const y = standardize(x, axes, epsilon);
    const inner = subtract(subtract(dy, multiply(y, mean(multiply(dy, y), over))), mean(dy, over));
    return [multiply(inner, inverseDeviation(x, axes, epsilon))];
  });
}

/** r = 1 / sqrt(v + epsilon) with the variance v of n numbers, whose derivative is -r^2 y / n. */
function inverseDeviation(x: Tensor, axes: readonly number[], epsilon: number): Tensor {
  const over = { axes, keepAxes: true };
  const variance = mean(square(subtract(x, mean(x, over))), over);
  const value = reciprocal(sqrt(add(variance, epsilon)));
  return customGradient(value, [x], ([x = value], dr) => {
    const count = axes.reduce((product, axis) => product * staticDim(x.dim(axis), 'The length of an axis'), 1);
    const factor = multiply(multiply(square(inverseDeviation(x, axes, epsilon)), dr), -1 / count);
    return [multiply(standardize(x, axes, epsilon), factor)];
  });
}
