// The geometry of sliding windows over images, shared by convolutions and pooling: which input position each window covers.
import { ShapeError } from '../../core/errors.js';

/** How windows lie on an image. Pairs are [vertical, horizontal]. */
export interface WindowOptions {
  /** Step from one window to the next. Default 1. */
  readonly stride?: number | readonly [number, number];
  /** Zeros around the image: a number for all sides, [vertical, horizontal], or [top, bottom, left, right]. Default 0. */
  readonly padding?: number | readonly [number, number] | readonly [number, number, number, number];
  /** Distance between the positions of one window. Default 1. */
  readonly dilation?: number | readonly [number, number];
}

/** Windows on an image of known size. */
export interface WindowGeometry {
  readonly height: number;
  readonly width: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** top, bottom, left, right */
  readonly padding: readonly [number, number, number, number];
  readonly outputHeight: number;
  readonly outputWidth: number;
}

/** @throws ShapeError where no window fits, or a number is not whole */
export function windowGeometry(
  operation: string,
  size: readonly [number, number],
  kernel: readonly [number, number],
  { stride = 1, padding = 0, dilation = 1 }: WindowOptions,
): WindowGeometry {
  const strides = pair(stride);
  const dilations = pair(dilation);
  const sides = fourSides(padding);
  const output = [0, 1].map((axis) => {
    const padded = (size[axis] ?? 0) + (sides[2 * axis] ?? 0) + (sides[2 * axis + 1] ?? 0);
    const extent = ((kernel[axis] ?? 0) - 1) * (dilations[axis] ?? 1) + 1;
    return Math.floor((padded - extent) / (strides[axis] ?? 1)) + 1;
  });
  const [outputHeight = 0, outputWidth = 0] = output;
  const numbers = [...size, ...kernel, ...strides, ...dilations];
  if (
    outputHeight < 1 ||
    outputWidth < 1 ||
    numbers.some((n) => !Number.isInteger(n) || n < 1) ||
    sides.some((n) => !Number.isInteger(n) || n < 0)
  )
    throw new ShapeError(
      `${operation}: no window of ${kernel.join('x')} with stride ${strides.join('x')}, dilation ${dilations.join('x')} and ` +
        `padding [${sides}] fits on an image of ${size.join('x')}; whole positive numbers and a larger image or padding are needed.`,
    );
  return {
    height: size[0],
    width: size[1],
    kernel,
    stride: strides,
    dilation: dilations,
    padding: sides,
    outputHeight,
    outputWidth,
  };
}

/** Calls `visit` for every window position that lies on the image, with flat numbers of window, place in it, and pixel. */
export function forEachWindowPixel(
  geometry: WindowGeometry,
  visit: (window: number, place: number, pixel: number) => void,
): void {
  const { height, width, kernel, stride, dilation, padding, outputHeight, outputWidth } = geometry;
  for (let row = 0; row < outputHeight; row++)
    for (let column = 0; column < outputWidth; column++)
      for (let i = 0; i < kernel[0]; i++)
        for (let j = 0; j < kernel[1]; j++) {
          const y = row * stride[0] + i * dilation[0] - padding[0];
          const x = column * stride[1] + j * dilation[1] - padding[2];
          if (y >= 0 && y < height && x >= 0 && x < width)
            visit(row * outputWidth + column, i * kernel[1] + j, y * width + x);
        }
}

function pair(value: number | readonly [number, number]): readonly [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

function fourSides(padding: NonNullable<WindowOptions['padding']>): readonly [number, number, number, number] {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  return padding.length === 2 ? [padding[0], padding[0], padding[1], padding[1]] : padding;
}
