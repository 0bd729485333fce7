// Lowering the gradient of filters: the product patches(x)^T y, summed over parts of the batch.
//
// Of few filters over many channels, such as those of a layer that makes an image of three colours, that product has as few columns as
// there are filters, which leaves a processor's vectors mostly empty. At stride 1 it may as well be patches(y)^T x, with the windows of the
// responses that the gradient of the image takes, too, and as many columns as there are channels:
//
//   dw[i, c, f] = sum_p y[p - i, f] x[p, c],   windows of y at p hold y[p - i] for all places i, the last place first
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { partsOf } from './convolution-parts.js';
import { patches, patchesInParts, windowParts } from './convolution-patches.js';
import { reversedGeometry } from './convolution-spread.js';
import { fromLast } from './convolution-turned.js';
import type { WindowGeometry } from './window.js';

/** The nodes of dw as [places * C, F]. */
export function lowerCorrelation(
  graph: GraphBuilder,
  [x, y]: readonly [string, string],
  image: Tensor,
  response: Tensor,
  geometry: WindowGeometry,
): string {
  const lengths = windowParts(graph, image, geometry);
  const responses = lengths === undefined ? [y] : partsOf(graph, y, lengths).map(({ name }) => name);
  const filters = graph.int64s([-1, staticDim(response.dim(3), 'The number of filters')]);
  const windows = patchesInParts(graph, x, image, geometry);
  return windows.reduce((sum, part, index) => {
    const rows = graph.node('Reshape', [responses[index] ?? y, filters]);
    // A product of more parts starts from the sum of those before.
    return graph.node('Gemm', [part, rows, ...(sum === '' ? [] : [sum])], { transA: 1 });
  }, '');
}

/** With this many times as many channels as filters the operands change roles. */
const fewFilters = 4;

/** Whether there are so few filters that the operands change roles. */
export function isThinCorrelation(image: Tensor, response: Tensor, geometry: WindowGeometry): boolean {
  return thinGeometry(image, response, geometry) !== undefined;
}

/** How windows of the responses lie where the operands change roles. */
function thinGeometry(image: Tensor, response: Tensor, geometry: WindowGeometry): WindowGeometry | undefined {
  const channels = staticDim(image.dim(3), 'The number of channels');
  const filters = staticDim(response.dim(3), 'The number of filters');
  const isThin = geometry.kernel[0] * geometry.kernel[1] > 1 && channels >= fewFilters * filters;
  return isThin ? reversedGeometry(geometry, filters, channels) : undefined;
}

/** The nodes of dw as [places, C, F]; undefined where the usual product is as good. */
export function lowerThinCorrelation(
  graph: GraphBuilder,
  [x, y]: readonly [string, string],
  image: Tensor,
  response: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  const channels = staticDim(image.dim(3), 'The number of channels');
  const filters = staticDim(response.dim(3), 'The number of filters');
  const reversed = thinGeometry(image, response, geometry);
  const places = geometry.kernel[0] * geometry.kernel[1];
  if (reversed === undefined) return undefined;
  const pixels = graph.node('Reshape', [x, graph.int64s([-1, channels])]);
  const product = graph.node('Gemm', [patches(graph, y, response, reversed), pixels], { transA: 1 });
  const apart = graph.node('Reshape', [product, graph.int64s([places, filters, channels])]);
  const inOrder = graph.node('Gather', [apart, graph.int64s(fromLast(places))], { axis: 0 });
  return graph.node('Transpose', [inOrder], { perm: [0, 2, 1] });
}
