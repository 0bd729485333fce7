// Padding of convolution layers by name: `same` and `valid`, as the field calls them.
import type { WindowOptions } from '../../tensor/operators/window.js';

/**
 * Zeros around an image: numbers as in the convolution operators; `valid`, none; or `same`, as many as make the result's
 * length ceil(length / stride), the odd one at the end.
 */
export type LayerPadding = NonNullable<WindowOptions['padding']> | 'same' | 'valid';

/** How the windows of a convolution layer lie on images. Pairs are [vertical, horizontal]. */
export interface WindowLayerOptions {
  /** The filters' size: one number for squares. */
  readonly kernel: number | readonly [number, number];
  /** Default 1. */
  readonly stride?: number | readonly [number, number];
  /** Default `same`. */
  readonly padding?: LayerPadding;
  /** Distance between the positions of one window. Default 1. */
  readonly dilation?: number | readonly [number, number];
}

/** Two numbers, of one that may stand for both. */
export function pairOf(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

/** The operator's options for images of a size. */
export function windowOptions(
  { kernel, stride = 1, padding = 'same', dilation = 1 }: WindowLayerOptions,
  size: readonly (number | undefined)[],
): WindowOptions {
  if (padding === 'valid') return { stride, dilation, padding: 0 };
  if (padding !== 'same') return { stride, dilation, padding };
  const [top, bottom] = samePadding(size[0] ?? 1, pairOf(kernel)[0], pairOf(stride)[0], pairOf(dilation)[0]);
  const [left, right] = samePadding(size[1] ?? 1, pairOf(kernel)[1], pairOf(stride)[1], pairOf(dilation)[1]);
  return { stride, dilation, padding: [top, bottom, left, right] };
}

function samePadding(length: number, kernel: number, stride: number, dilation: number): readonly [number, number] {
  const extent = (kernel - 1) * dilation + 1;
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + extent - length, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
