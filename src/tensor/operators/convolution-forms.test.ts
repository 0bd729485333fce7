// Convolutions with their gradients of both orders, for tests of how they are lowered.
import { random } from '../../runtime/random.js';
import * as t from '../index.js';

function normal(label: string, shape: readonly number[], deviation = 1): t.NdArray {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from(random(0).split(label).normal(size, 0, deviation), Math.fround) };
}

/** A convolution, its gradients, and gradients of those: all three forms, of both orders. */
export function forms(
  images: t.Dim,
  size: readonly [number, number],
  w: readonly number[],
  options: t.ConvolutionOptions,
  channels = w[2] ?? 1,
) {
  const [x, filters, bias] = [
    t.input('x', [images, ...size, channels]),
    t.input('w', [...w]),
    t.input('b', [w[3] ?? 1]),
  ];
  const y = t.add(t.conv2d(x, filters, options), bias);
  const [dx = x, dw = x] = t.gradients(t.sum(t.tanh(y)), [x, filters]);
  const [slope = x] = t.gradients(t.sum(t.square(dx)), [filters]);
  return { y, dx, dw, slope };
}

/** Numbers for them. */
export function feedsOf(
  images: number,
  size: readonly [number, number],
  w: readonly number[],
): Record<string, t.NdArray> {
  const [height = 1, width = 1, channels = 1, filters = 1] = w;
  return {
    x: normal('x', [images, ...size, channels]),
    w: normal('w', w, 1 / Math.sqrt(height * width * channels)),
    b: normal('b', [filters]),
  };
}

/** The root of the mean squared difference, as a share of that of the expected values. */
export function relativeError(actual: ArrayLike<number | bigint>, expected: ArrayLike<number | bigint>): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (Number(actual[i]) - Number(expected[i])) ** 2;
    norm += Number(expected[i]) ** 2;
  }
  return Math.sqrt(difference / norm);
}
