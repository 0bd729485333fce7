// A transposed convolution of stride 1 as the convolution with the filter turned around that it is.
import type { WindowGeometry } from './window.js';

/** Fewer channels than this make blocks that Gather copies slowly. */
export const fewChannels = 8;

/** How windows lie in the convolution that a transposed one is; undefined where its stride is not 1, or no padding makes it one. */
export function turnedGeometry(geometry: WindowGeometry): WindowGeometry | undefined {
  const { kernel, stride, dilation, padding, height, width, outputHeight, outputWidth } = geometry;
  if (stride[0] !== 1 || stride[1] !== 1) return undefined;
  const [rows, columns] = [(kernel[0] - 1) * dilation[0], (kernel[1] - 1) * dilation[1]];
  const [top, left] = [rows - padding[0], columns - padding[2]];
  const sides = [top, height + rows - outputHeight - top, left, width + columns - outputWidth - left] as const;
  if (sides.some((side) => side < 0)) return undefined;
  return {
    ...geometry,
    padding: sides,
    height: outputHeight,
    width: outputWidth,
    outputHeight: height,
    outputWidth: width,
  };
}

/** The positions of an axis from the last to the first. */
export function fromLast(length: number): number[] {
  return Array.from({ length }, (_, index) => length - 1 - index);
}
