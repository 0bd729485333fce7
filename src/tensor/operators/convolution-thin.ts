// Lowering convolutions of stride 1 that make few channels of many, such as those that end in an image of three colours. Windows would hold
// every number many times for results that are few, so the product comes first, of pixels with all places of the filter, and what belongs
// together is added up after it:
//
//   p[k, l, f, n, i, j] = sum_c w[k, l, c, f] x[n, i, j, c],   y[n, i, j, f] = sum_kl p[k, l, f, n, i + k, j + l]
//
// beyond the image p is 0. Rows are added up before columns, so that no more lies between than there is at first.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { type Dim, multiplyDims } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { filterSize } from './convolution-blocked.js';
import { fewChannels, fromLast, turnedGeometry } from './convolution-turned.js';
import type { WindowGeometry } from './window.js';

/** With fewer channels for each result, the product is not much smaller than windows. */
const channelsPerResult = 4;

/** Whether responses are so few that the product comes first. */
export function isThinResponse(graph: GraphBuilder, filter: Tensor, geometry: WindowGeometry): boolean {
  const { channels, filters } = filterSize(filter);
  return isThin(graph, geometry, channels, filters);
}

/** Whether pixels of a transposed convolution are so few that the product comes first. */
export function isThinSpread(graph: GraphBuilder, filter: Tensor, geometry: WindowGeometry): boolean {
  const { channels, filters } = filterSize(filter);
  const turned = turnedGeometry(geometry);
  return turned !== undefined && isThin(graph, turned, filters, channels);
}

/** The responses in rows, [N * H' * W', F]; undefined where they are not few, or windows are as good. */
export function lowerThinResponse(
  graph: GraphBuilder,
  [x, w]: readonly [string, string],
  image: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  const { height, width, channels, filters } = filterSize(filter);
  const places = height * width;
  if (!isThin(graph, geometry, channels, filters)) return undefined;
  const stacked = graph.node('Reshape', [w, graph.int64s([places, channels, filters])]);
  const turned = graph.node('Transpose', [stacked], { perm: [1, 0, 2] });
  const matrix = graph.node('Reshape', [turned, graph.int64s([channels, places * filters])]);
  return shiftedSums(graph, [x, matrix], image.dim(0), channels, filters, geometry);
}

/** The pixels of a transposed convolution in rows, [N * H * W, C]; undefined where they have not few channels, or it is of another stride. */
export function lowerThinSpread(
  graph: GraphBuilder,
  [y, w]: readonly [string, string],
  response: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  const { height, width, channels, filters } = filterSize(filter);
  const places = height * width;
  const turned = turnedGeometry(geometry);
  if (turned === undefined || !isThin(graph, turned, filters, channels)) return undefined;
  const stacked = graph.node('Reshape', [w, graph.int64s([places, channels, filters])]);
  const reversed = graph.node('Gather', [stacked, graph.int64s(fromLast(places))], { axis: 0 });
  const transposed = graph.node('Transpose', [reversed], { perm: [2, 0, 1] });
  const matrix = graph.node('Reshape', [transposed, graph.int64s([filters, places * channels])]);
  return shiftedSums(graph, [y, matrix], response.dim(0), filters, channels, turned);
}

function isThin(graph: GraphBuilder, geometry: WindowGeometry, channels: number, results: number): boolean {
  const { kernel, stride } = geometry;
  const isFew = results < fewChannels && channels >= channelsPerResult * results;
  if (graph.processor !== 'cpu' || kernel[0] * kernel[1] === 1 || stride[0] !== 1 || stride[1] !== 1) return false;
  // Gaps may be so wide that zeros are all there is to add.
  return isFew && [shiftsDown(geometry), shiftsAcross(geometry)].every((shifts) => placesWithin(shifts).length > 0);
}

/** What a filter [C, k * l * F] makes of images [N, H, W, C], in rows. */
function shiftedSums(
  graph: GraphBuilder,
  [x, matrix]: readonly [string, string],
  images: Dim,
  channels: number,
  results: number,
  geometry: WindowGeometry,
): string {
  const { kernel, height, width, outputHeight, outputWidth } = geometry;
  const pixels = graph.node('Reshape', [x, graph.int64s([-1, channels])]);
  const product = graph.node('Gemm', [matrix, pixels], { transA: 1, transB: 1 });
  const planes = graph.node('Reshape', [
    product,
    graph.reshapeTarget([kernel[0], kernel[1] * results, images, height, width]),
  ]);
  const rows = shiftedSum(graph, planes, 3, shiftsDown(geometry));
  const columns = graph.node('Reshape', [rows, graph.reshapeTarget([kernel[1], results, images, outputHeight, width])]);
  const total = shiftedSum(graph, columns, 4, shiftsAcross(geometry));
  const count = multiplyDims(images, outputHeight * outputWidth);
  const channelsFirst = graph.node('Reshape', [total, graph.reshapeTarget([results, count])]);
  return graph.node('Transpose', [channelsFirst], { perm: [1, 0] });
}

/** How the places of a filter lie along an axis. */
interface Shifts {
  readonly places: number;
  /** From one place to the next. */
  readonly spacing: number;
  /** Zeros before the image. */
  readonly before: number;
  /** The length of the image. */
  readonly from: number;
  /** The length of the result. */
  readonly to: number;
}

function shiftsDown({ kernel, dilation, padding, height, outputHeight }: WindowGeometry): Shifts {
  return { places: kernel[0], spacing: dilation[0], before: padding[0], from: height, to: outputHeight };
}

function shiftsAcross({ kernel, dilation, padding, width, outputWidth }: WindowGeometry): Shifts {
  return { places: kernel[1], spacing: dilation[1], before: padding[2], from: width, to: outputWidth };
}

/** The places that meet some of the image, and where in it they begin. */
function placesWithin({ places, spacing, before, from, to }: Shifts) {
  const all = Array.from({ length: places }, (_, place) => ({ place, start: place * spacing - before }));
  return all.filter(({ start }) => start < from && start + to > 0);
}

/**
 * The sum of all places along the first axis, each from where it begins along another axis. One node cuts a place out and moves it, with
 * zeros where it leaves the image: padding all of them first would copy several times as much.
 */
function shiftedSum(graph: GraphBuilder, name: string, axis: number, shifts: Shifts): string {
  const { places, from, to } = shifts;
  const parts = placesWithin(shifts).map(({ place, start }) => {
    if (start === 0 && to === from)
      return graph.node('Slice', [name, graph.int64s([place]), graph.int64s([place + 1]), graph.int64s([0])]);
    const pads = new Array<number>(10).fill(0);
    [pads[0], pads[5]] = [-place, place + 1 - places];
    [pads[axis], pads[axis + 5]] = [-start, start + to - from];
    return graph.node('Pad', [name, graph.int64s(pads)]);
  });
  return parts.reduce((sum, part) => graph.node('Add', [sum, part]));
}
