// Lowering the transposed convolution. Of a single place it is a product. Of stride 1 and to few channels, it is added up from shifted products. Where the device has a
// convolution of channels in blocks, it is lowered as one for each phase of its stride. Else, of stride 1 and with not many more filters than
// channels, it is lowered as the convolution that it is. Else a matrix product gives every window's contribution to the pixels it covers, and
// what falls on the same pixel is gathered and summed. Contributions that do not exist are read from a row of zeros, which is added to the
// smaller of operand and result: before the product one for each image, or, with few channels, after it one for the batch.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { type Dim, multiplyDims, staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { lowerBlockedSpread } from './convolution-blocked.js';
import { joined, partLengths, partsOf, productInParts, windowBytes } from './convolution-parts.js';
import { filterMatrix, patchesInParts } from './convolution-patches.js';
import { lowerPointwiseSpread } from './convolution-pointwise.js';
import { lowerThinSpread } from './convolution-thin.js';
import { fewChannels, fromLast, turnedGeometry } from './convolution-turned.js';
import { lowerMinimalSpread } from './convolution-winograd.js';
import { forEachWindowPixel, type WindowGeometry } from './window.js';

/** The nodes of a transposed convolution; the result has the shape of `result`. */
export function lowerSpread(
  graph: GraphBuilder,
  [y, w]: readonly [string, string],
  response: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
  result: Tensor,
): string {
  const [images, filters] = [response.dim(0), staticDim(response.dim(3), 'The number of filters')];
  const channels = staticDim(filter.dim(2), 'The number of channels');
  const target = graph.reshapeTarget(result.shape);
  const single =
    lowerPointwiseSpread(graph, [y, w], response, filter, geometry) ??
    lowerThinSpread(graph, [y, w], response, filter, geometry);
  if (single !== undefined) return graph.node('Reshape', [single, target]);
  const reversed = reversedGeometry(geometry, filters, channels);
  if (reversed !== undefined) {
    const minimal = lowerMinimalSpread(graph, [y, w], response, filter, reversed);
    if (minimal !== undefined) return graph.node('Reshape', [minimal, target]);
  }
  const blocked = lowerBlockedSpread(graph, [y, w], response, filter, geometry);
  if (blocked !== undefined) return graph.node('Reshape', [blocked, target]);
  if (reversed !== undefined) {
    const pixels = multiplyDims(multiplyDims(images, geometry.height), geometry.width);
    const windows = patchesInParts(graph, y, response, reversed);
    const product = productInParts(graph, windows, reversedMatrix(graph, w, filter), [pixels, channels]);
    return graph.node('Reshape', [product, target]);
  }
  const windows = geometry.outputHeight * geometry.outputWidth;
  const spread = (name: string, count: Dim): string => {
    const rows = graph.node('Reshape', [name, graph.reshapeTarget([count, windows, filters])]);
    const part: Spread = { graph, rows, filterName: w, filter, geometry, images: count, filters, channels };
    if (channels < fewChannels && typeof count === 'number') return spreadOfBatch(part, count);
    return channels >= fewChannels && mergesRows(geometry) ? spreadByRows(part) : spreadByPixels(part);
  };
  const bytes = 4 * windows * geometry.kernel[0] * geometry.kernel[1] * channels;
  const lengths = channels >= fewChannels ? partLengths(graph, images, bytes, windowBytes) : undefined;
  if (lengths === undefined) return graph.node('Reshape', [spread(y, images), target]);
  const parts = partsOf(graph, y, lengths).map((part) => spread(part.name, part.images));
  return graph.node('Reshape', [joined(graph, parts), target]);
}

/**
 * A transposed convolution of stride 1 is a convolution with the filter turned around, of responses padded so far that every window
 * touches one: how those windows lie. One Gather and one product take the place of a product, a Gather for each place of the filter and
 * their sum, which pays unless there are many more filters than channels. Undefined where there are, or where it is no convolution.
 */
export function reversedGeometry(
  geometry: WindowGeometry,
  filters: number,
  channels: number,
): WindowGeometry | undefined {
  return channels < fewChannels || filters > 2 * channels ? undefined : turnedGeometry(geometry);
}

/** Filters turned around as a matrix [places * F, C]. */
function reversedMatrix(graph: GraphBuilder, name: string, filter: Tensor): string {
  const [height, width, channels, filters] = filter.shape.map((dim) => staticDim(dim, 'A length of a filter'));
  const places = (height ?? 1) * (width ?? 1);
  const stacked = graph.node('Reshape', [name, graph.int64s([places, channels ?? 1, filters ?? 1])]);
  const reversed = graph.node('Gather', [stacked, graph.int64s(fromLast(places))], { axis: 0 });
  const turned = graph.node('Transpose', [reversed], { perm: [0, 2, 1] });
  return graph.node('Reshape', [turned, graph.int64s([places * (filters ?? 1), channels ?? 1])]);
}

interface Spread {
  readonly graph: GraphBuilder;
  /** The responses, [N, windows, F]. */
  readonly rows: string;
  readonly filterName: string;
  readonly filter: Tensor;
  readonly geometry: WindowGeometry;
  readonly images: Dim;
  readonly filters: number;
  readonly channels: number;
}

/** The responses of each image with a row of zeros below them, [N, windows + 1, F]. */
function withZeros({ graph, rows }: Spread): string {
  return graph.node('Pad', [rows, graph.int64s([0, 0, 0, 0, 1, 0])]);
}

/** One product for all places of a window, then one Gather for each contribution that a pixel may have. */
function spreadByPixels(part: Spread): string {
  const { graph, filterName, filter, geometry, images, filters, channels } = part;
  const windows = geometry.outputHeight * geometry.outputWidth;
  const places = geometry.kernel[0] * geometry.kernel[1];
  const flatRows = graph.node('Reshape', [withZeros(part), graph.int64s([-1, filters])]);
  const product = graph.node('Gemm', [flatRows, filterMatrix(graph, filterName, filter)], { transB: 1 });
  const contributions = graph.node('Reshape', [
    product,
    graph.reshapeTarget([images, (windows + 1) * places, channels]),
  ]);
  return gatherAndSum(graph, contributions, contributionIndices(geometry), 1);
}

/**
 * As {@link spreadByPixels}, of a batch of known length. With few channels a block is a number or three: gathered along the first axis, a
 * block is a whole batch of them, and all images share their zeros.
 */
function spreadOfBatch(
  { graph, rows, filterName, filter, geometry, filters, channels }: Spread,
  images: number,
): string {
  const numbers = geometry.outputHeight * geometry.outputWidth * geometry.kernel[0] * geometry.kernel[1];
  const flatRows = graph.node('Reshape', [rows, graph.int64s([-1, filters])]);
  const product = graph.node('Gemm', [flatRows, filterMatrix(graph, filterName, filter)], { transB: 1 });
  const perImage = graph.node('Reshape', [product, graph.int64s([images, numbers * channels])]);
  const imagesLast = graph.node('Transpose', [perImage], { perm: [1, 0] });
  const blocks = graph.node('Reshape', [imagesLast, graph.int64s([numbers, channels * images])]);
  const zeros = graph.constant(filter.dtype, [1, channels * images], new Array<number>(channels * images).fill(0));
  const contributions = graph.node('Concat', [blocks, zeros], { axis: 0 });
  const total = gatherAndSum(graph, contributions, contributionIndices(geometry), 0);
  const flat = graph.node('Reshape', [total, graph.int64s([geometry.height * geometry.width * channels, images])]);
  return graph.node('Transpose', [flat], { perm: [1, 0] });
}

/** Whether each phase of rows takes the same number of filter rows and gives the same number of image rows. */
function mergesRows({ height, kernel, stride, dilation }: WindowGeometry): boolean {
  return (
    stride[0] > 1 && dilation[0] === 1 && dilation[1] === 1 && kernel[0] % stride[0] === 0 && height % stride[0] === 0
  );
}

/**
 * The rows of the result fall into as many phases as the vertical stride; all of a phase take the same filter rows. With those
 * merged into the product's inner length, sums over rows of windows are done by the product, which leaves half the contributions
 * to gather (for a 4x4 filter of stride 2).
 */
function spreadByRows(part: Spread): string {
  const { graph, filterName, geometry, images, filters, channels } = part;
  const padded = withZeros(part);
  const { height, width, kernel, stride, padding, outputWidth } = geometry;
  const [places, taps, phaseRows] = [kernel[1], kernel[0] / stride[0], height / stride[0]];
  const phases = Array.from({ length: stride[0] }, (_, offset) => {
    const filterRow = (offset + padding[0]) % stride[0];
    const firstWindowRow = (offset + padding[0] - filterRow) / stride[0];
    const rowIndex = mergedRowIndex(geometry, firstWindowRow, phaseRows, taps);
    const merged = graph.node('Gather', [padded, graph.constant('int64', [rowIndex.length], rowIndex)], { axis: 1 });
    const mergedRows = graph.node('Reshape', [merged, graph.int64s([-1, taps * filters])]);
    const filterRows = Array.from({ length: taps }, (_, tap) => filterRow + tap * stride[0]);
    const chosen = graph.node('Gather', [filterName, graph.int64s(filterRows)], { axis: 0 });
    const ordered = graph.node('Transpose', [chosen], { perm: [1, 2, 0, 3] });
    const matrix = graph.node('Reshape', [ordered, graph.int64s([places * channels, taps * filters])]);
    const product = graph.node('Gemm', [mergedRows, matrix], { transB: 1 });
    const contributions = graph.node('Reshape', [
      product,
      graph.reshapeTarget([images, (phaseRows * outputWidth + 1) * places, channels]),
    ]);
    const row = gatherAndSum(graph, contributions, columnIndices(geometry, phaseRows), 1);
    return graph.node('Reshape', [row, graph.reshapeTarget([images, phaseRows, 1, width * channels])]);
  });
  return graph.node('Concat', phases, { axis: 2 });
}

/** For each window of a phase, the windows that stand above one another in its merged row; last the row of zeros. */
function mergedRowIndex(
  { outputHeight, outputWidth }: WindowGeometry,
  first: number,
  rows: number,
  taps: number,
): number[] {
  const zero = outputHeight * outputWidth;
  const index: number[] = [];
  for (let row = first; row < first + rows; row++)
    for (let column = 0; column < outputWidth; column++)
      for (let tap = 0; tap < taps; tap++) {
        const windowRow = row - tap;
        index.push(windowRow >= 0 && windowRow < outputHeight ? windowRow * outputWidth + column : zero);
      }
  return [...index, ...new Array<number>(taps).fill(zero)];
}

/** For each pixel of a phase's rows, its contributions along the row among [rows * windows in a row + 1, places]. */
function columnIndices({ width, kernel, stride, padding, outputWidth }: WindowGeometry, rows: number): Int32Array[] {
  const places = kernel[1];
  const zero = rows * outputWidth * places;
  const perPixel = Array.from({ length: rows * width }, (_, pixel) => {
    const [row, x] = [Math.floor(pixel / width), (pixel % width) + padding[2]];
    const list: number[] = [];
    for (let column = 0; column < outputWidth; column++) {
      const place = x - column * stride[1];
      if (place >= 0 && place < places) list.push((row * outputWidth + column) * places + place);
    }
    return list;
  });
  return turns(perPixel, zero);
}

/** For each pixel, its contributions among [windows + 1, places]. */
function contributionIndices(geometry: WindowGeometry): Int32Array[] {
  const places = geometry.kernel[0] * geometry.kernel[1];
  const zero = geometry.outputHeight * geometry.outputWidth * places;
  const perPixel: number[][] = Array.from({ length: geometry.height * geometry.width }, () => []);
  forEachWindowPixel(geometry, (window, place, pixel) => perPixel[pixel]?.push(window * places + place));
  return turns(perPixel, zero);
}

/** As many index lists as a pixel has contributions at most; missing ones point at zeros. */
function turns(perPixel: readonly (readonly number[])[], zero: number): Int32Array[] {
  const most = perPixel.reduce((length, list) => Math.max(length, list.length), 1);
  return Array.from({ length: most }, (_, turn) => Int32Array.from(perPixel, (list) => list[turn] ?? zero));
}

function gatherAndSum(graph: GraphBuilder, from: string, indices: readonly Int32Array[], axis: number): string {
  const parts = indices.map((index) =>
    graph.node('Gather', [from, graph.constant('int64', [index.length], index)], { axis }),
  );
  // Pairwise, because Sum of more than two operands is not native on every device.
  while (parts.length > 1) parts.push(graph.node('Add', [parts.shift() ?? '', parts.shift() ?? '']));
  return parts[0] ?? '';
}
