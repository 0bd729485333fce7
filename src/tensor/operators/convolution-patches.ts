// Cutting windows out of images, so that a convolution becomes one matrix product.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { type Dim, staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { partLengths, partsOf, windowBytes } from './convolution-parts.js';
import type { WindowGeometry } from './window.js';

/** Filters as a matrix [places * C, F]. */
export function filterMatrix(graph: GraphBuilder, name: string, filter: Tensor): string {
  const [height, width, channels, filters] = filter.shape.map((dim) => staticDim(dim, 'A length of a filter'));
  return graph.node('Reshape', [name, graph.int64s([(height ?? 1) * (width ?? 1) * (channels ?? 1), filters ?? 1])]);
}

/**
 * All windows of all images as rows, [N * windows, places * C]. Neighbouring pixels that every window takes together are
 * gathered as one block, because Gather copies block by block. `images`: how many there are, if only a part of the batch.
 */
export function patches(
  graph: GraphBuilder,
  name: string,
  image: Tensor,
  geometry: WindowGeometry,
  images: Dim = image.dim(0),
): string {
  const { padding, kernel, stride, dilation, height, width, outputHeight, outputWidth } = geometry;
  const channels = staticDim(image.dim(3), 'The number of channels');
  const [top, bottom, left, right] = padding;
  const paddedHeight = height + top + bottom;
  const paddedWidth = width + left + right;
  const block = dilation[1] === 1 ? commonDivisor(commonDivisor(stride[1], kernel[1]), paddedWidth) : 1;
  const blocksInRow = paddedWidth / block;
  const index: number[] = [];
  for (let row = 0; row < outputHeight; row++)
    for (let column = 0; column < outputWidth; column++)
      for (let i = 0; i < kernel[0]; i++)
        for (let j = 0; j < kernel[1] / block; j++)
          index.push(
            (row * stride[0] + i * dilation[0]) * blocksInRow + (column * stride[1]) / block + j * dilation[1],
          );
  const padded = padding.every((side) => side === 0)
    ? name
    : graph.node('Pad', [name, graph.int64s([0, top, left, 0, 0, bottom, right, 0])]);
  const blocks = graph.node('Reshape', [
    padded,
    graph.reshapeTarget([images, paddedHeight * blocksInRow, block * channels]),
  ]);
  const windows = graph.node('Gather', [blocks, graph.constant('int64', [index.length], index)], { axis: 1 });
  return graph.node('Reshape', [windows, graph.int64s([-1, kernel[0] * kernel[1] * channels])]);
}

/** The lengths of parts of a batch whose windows stay in the caches. */
export function windowParts(graph: GraphBuilder, image: Tensor, geometry: WindowGeometry): number[] | undefined {
  const { kernel, outputHeight, outputWidth } = geometry;
  const values = outputHeight * outputWidth * kernel[0] * kernel[1] * staticDim(image.dim(3), 'The number of channels');
  return partLengths(graph, image.dim(0), values * bytesPerValue, windowBytes);
}

/** {@link patches}, part by part. */
export function patchesInParts(graph: GraphBuilder, name: string, image: Tensor, geometry: WindowGeometry): string[] {
  const lengths = windowParts(graph, image, geometry);
  if (lengths === undefined) return [patches(graph, name, image, geometry)];
  return partsOf(graph, name, lengths).map((part) => patches(graph, part.name, image, geometry, part.images));
}

const bytesPerValue = 4;

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
