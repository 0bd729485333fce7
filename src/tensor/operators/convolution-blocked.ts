// Lowering convolutions to ONNX Runtime's own, of channels in blocks: with as many channels side by side as a processor's vector holds, it
// reads images where they lie, so that no windows are written and read again, and skips the zeros around them. It is the operator that the
// runtime puts in place of convolutions whose filters are constant; here filters are learnt and brought into its order in every step.
//
//   images  [N, C, H, W]   -> [N, C / b, H, W, b]
//   filters [k, l, C, F]   -> [F / b, C / b, k, l, b, b], the last b along F
//
// A transposed convolution of stride s falls into s x s convolutions of stride 1, one for each phase of its pixels: along an axis with padding
// p, pixel s q + r takes those places i of the filter with i = r + p modulo s,
//
//   x[s q + r] = sum_t y[q + a - t] w[i0 + s t],   i0 = (r + p) mod s,   a = (r + p - i0) / s
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { type Dim, staticDim } from '../shape.js';
import type { DType, Tensor } from '../tensor.js';
import { blockedDomain, orderedPixels, planesInBlocks } from './blocked-images.js';
import { joined } from './convolution-parts.js';
import type { WindowGeometry } from './window.js';

/** How responses are convolved with channels in blocks. */
interface ResponsePlan {
  readonly size: FilterSize;
  readonly block: number;
  readonly columns: readonly Columns[];
}

/** Undefined where the device has no such convolution, or not of such numbers. */
export function responsePlan(
  graph: GraphBuilder,
  image: Tensor,
  filter: Tensor,
  { stride, dilation, padding }: WindowGeometry,
): ResponsePlan | undefined {
  const size = filterSize(filter);
  const [top, bottom, left, right] = padding;
  const columns = columnsApart(size.width, stride[1], dilation[1], [left, right]);
  const vertical = (size.height - 1) * dilation[0];
  // Zeros further out than a filter spans are left to windows.
  const isWithin = Math.max(top, bottom) <= vertical && columns.every(isCovered);
  const block = isWithin ? blockOf(graph, image.dtype, image.dim(0), size) : undefined;
  return block === undefined ? undefined : { size, block, columns };
}

/** The responses in rows, [N * H' * W', F]; undefined where {@link responsePlan} is. */
export function lowerBlockedResponse(
  graph: GraphBuilder,
  [x, w]: readonly [string, string],
  image: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  const plan = responsePlan(graph, image, filter, geometry);
  if (plan === undefined) return undefined;
  const y = blockedResponses(graph, [planesInBlocks(graph, x), w], plan, geometry);
  return responsesInRows(graph, y, [image.dim(0), geometry.outputHeight, geometry.outputWidth, plan.size.filters]);
}

/** The responses in blocks, [N, F, H', W'], of images in blocks, [N, C, H, W]. */
export function blockedResponses(
  graph: GraphBuilder,
  [x, w]: readonly [string, string],
  { size, block, columns }: ResponsePlan,
  { stride, dilation, padding }: WindowGeometry,
): string {
  const { height, channels, filters } = size;
  const tiles = filterTiles(graph, w, size, { block, turned: false });
  return columns.reduce((sum, { taps, spacing, before, after }) => {
    const places = Array.from({ length: height }, (_, row) => taps.map((tap) => row * size.width + tap)).flat();
    const ordered = tilesInOrder(graph, tiles, [filters / block, channels / block], places);
    const shape = graph.int64s([filters, channels, height, taps.length]);
    return graph.node(
      `${blockedDomain}:Conv`,
      [x, graph.node('Reshape', [ordered, shape]), ...(sum === '' ? [] : ['', sum])],
      {
        kernel_shape: [height, taps.length],
        strides: [...stride],
        dilations: [dilation[0], spacing],
        pads: [padding[0], before, padding[1], after],
      },
    );
  }, '');
}

/**
 * The responses to images of few channels, such as colours, in rows: the operator takes them as they are, channel by channel. Undefined where
 * windows, which the gradient of the filters then shares, are as good.
 */
export function lowerBlockedColours(
  graph: GraphBuilder,
  [x, w]: readonly [string, string],
  image: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  const size = filterSize(filter);
  const { height, width, channels, filters } = size;
  const { padding, dilation, outputHeight, outputWidth } = geometry;
  const [top, bottom, left, right] = padding;
  const isWithin =
    Math.max(top, bottom) <= (height - 1) * dilation[0] && Math.max(left, right) <= (width - 1) * dilation[1];
  const block = isWithin ? coloursBlock(graph, image, filters, geometry) : undefined;
  if (block === undefined) return undefined;
  const shape = graph.int64s([height * width, channels, filters / block, block]);
  const stacked = graph.node('Reshape', [w, shape]);
  const turned = graph.node('Transpose', [stacked], { perm: [2, 1, 0, 3] });
  const ordered = graph.node('Reshape', [turned, graph.int64s([filters, channels, height, width])]);
  const planes = graph.node('Transpose', [x], { perm: [0, 3, 1, 2] });
  const y = graph.node(`${blockedDomain}:Conv`, [planes, ordered], {
    kernel_shape: [height, width],
    strides: [1, 1],
    dilations: [...dilation],
    pads: [top, left, bottom, right],
  });
  return responsesInRows(graph, y, [image.dim(0), outputHeight, outputWidth, filters]);
}

/** Filters in a block, where images of few channels are convolved at stride 1 with filters of so many places that windows would be large. */
export function coloursBlock(
  { channelBlock }: GraphBuilder,
  image: Tensor,
  filters: number,
  { kernel, stride }: WindowGeometry,
): number | undefined {
  if (channelBlock === undefined || image.dtype !== 'float32' || typeof image.dim(0) !== 'number') return undefined;
  const isDense = stride[0] === 1 && stride[1] === 1 && kernel[0] * kernel[1] >= denseFrom;
  return isDense && Number(image.dim(3)) < channelBlock && filters % channelBlock === 0 ? channelBlock : undefined;
}

/** Places of a filter from which windows at stride 1 are clearly larger than the images. */
const denseFrom = 9;

/** What a convolution gives, [N, F, H', W'] in blocks, in rows, [N * H' * W', F]. */
export function responsesInRows(graph: GraphBuilder, y: string, shape: readonly [Dim, number, number, number]): string {
  return graph.node('Reshape', [orderedPixels(graph, y, shape), graph.int64s([-1, shape[3]])]);
}

/** How a transposed convolution is done with channels in blocks: by a convolution for each phase of rows and columns. */
interface SpreadPlan {
  readonly size: FilterSize;
  readonly block: number;
  readonly images: number;
  readonly rows: readonly Phase[];
  readonly columns: readonly Phase[];
}

/** Undefined where the device has no such convolution, or not of such numbers. */
export function spreadPlan(
  graph: GraphBuilder,
  response: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): SpreadPlan | undefined {
  const size = filterSize(filter);
  const [rows, columns] = [phasesOf(geometry, 0), phasesOf(geometry, 1)];
  const images = response.dim(0);
  const block = blockOf(graph, response.dtype, images, size);
  if (rows === undefined || columns === undefined || block === undefined || typeof images !== 'number')
    return undefined;
  return { size, block, images, rows, columns };
}

/** The pixels of a transposed convolution, in some shape; undefined where {@link spreadPlan} is. */
export function lowerBlockedSpread(
  graph: GraphBuilder,
  [y, w]: readonly [string, string],
  response: Tensor,
  filter: Tensor,
  geometry: WindowGeometry,
): string | undefined {
  const plan = spreadPlan(graph, response, filter, geometry);
  if (plan === undefined) return undefined;
  const pixels = blockedSpread(graph, [planesInBlocks(graph, y), w], plan, geometry, 'ordered');
  return graph.takesRow(pixels(), plan.size.channels, pixels);
}

/** Makes the pixels of a transposed convolution, with a bias if one is given, of responses in blocks, [N, F, H', W']: in one order or the other, in some shape. */
export function blockedSpread(
  graph: GraphBuilder,
  [image, w]: readonly [string, string],
  { size, block, images, rows, columns }: SpreadPlan,
  { height, width: across }: WindowGeometry,
  layout: 'ordered' | 'blocked',
): (...bias: readonly string[]) => string {
  const { width, channels, filters } = size;
  const tiles = filterTiles(graph, w, size, { block, turned: true });
  const phase = (row: Phase, column: Phase, bias: readonly string[]): string => {
    const places = row.taps.flatMap((i) => column.taps.map((j) => i * width + j));
    const ordered = tilesInOrder(graph, tiles, [channels / block, filters / block], places);
    const kernel = [row.taps.length, column.taps.length];
    const shape = graph.int64s([channels, filters, ...kernel]);
    return graph.node(`${blockedDomain}:Conv`, [image, graph.node('Reshape', [ordered, shape]), ...bias], {
      kernel_shape: kernel,
      strides: [1, 1],
      dilations: [1, 1],
      pads: [row.before, column.before, row.after, column.after],
    });
  };
  return (...bias) => {
    const phases = rows.map((row) => columns.map((column) => phase(row, column, bias)));
    const [[only = '', ...others] = [], ...below] = phases;
    if (others.length + below.length > 0)
      return phasesInOrder(graph, phases, [images, height, across, channels], block, layout);
    if (layout === 'blocked') return only;
    return graph.node(`${blockedDomain}:ReorderOutput`, [only], { channels, channels_last: 1 });
  };
}

/**
 * Phases in blocks, [N, C / b, H', W', b] for each of rows and columns, as the pixels of images, with channels last or in blocks, in some
 * shape. All are put in order at once, vector by vector, by an operator that every core takes part in: the one that reorders a convolution's
 * result runs on one.
 */
function phasesInOrder(
  graph: GraphBuilder,
  phases: readonly (readonly string[])[],
  [images, height, width, channels]: readonly [number, number, number, number],
  block: number,
  layout: 'ordered' | 'blocked',
): string {
  const [down, across] = [phases.length, phases[0]?.length ?? 1];
  const [phaseHeight, phaseWidth, blocksOfChannels] = [height / down, width / across, channels / block];
  const shape = graph.int64s([images, blocksOfChannels * phaseHeight * phaseWidth, block]);
  const vectors = phases.flat().map((phase) => graph.node('Reshape', [phase, shape]));
  const order = new Int32Array(height * width * blocksOfChannels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < blocksOfChannels; channel++) {
        const plane = ((y % down) * across + (x % across)) * blocksOfChannels + channel;
        const pixel = y * width + x;
        order[layout === 'ordered' ? pixel * blocksOfChannels + channel : channel * height * width + pixel] =
          (plane * phaseHeight + Math.floor(y / down)) * phaseWidth + Math.floor(x / across);
      }
  return graph.node('Gather', [joined(graph, vectors, 1), graph.constant('int64', [order.length], order)], { axis: 1 });
}

/** What is told of filters [k, l, C, F]. */
interface FilterSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filters: number;
}

export function filterSize({ shape }: Tensor): FilterSize {
  const [height = 1, width = 1, channels = 1, filters = 1] = shape.map((dim) => staticDim(dim, 'A length of a filter'));
  return { height, width, channels, filters };
}

/** Channels in a block, where both ends have whole blocks of them and the length of the batch is known. */
export function blockOf(
  { channelBlock }: GraphBuilder,
  dtype: DType,
  images: Dim,
  { channels, filters }: Pick<FilterSize, 'channels' | 'filters'>,
): number | undefined {
  if (channelBlock === undefined || dtype !== 'float32' || typeof images !== 'number') return undefined;
  return channels % channelBlock === 0 && filters % channelBlock === 0 ? channelBlock : undefined;
}

/** Columns of a filter at equal distances, and the zeros that they meet beside the image. */
interface Columns {
  readonly taps: readonly number[];
  readonly spacing: number;
  readonly before: number;
  readonly after: number;
}

/** Whether zeros lie no further out than the columns span. */
function isCovered({ taps, spacing, before, after }: Columns): boolean {
  return Math.min(before, after) >= 0 && Math.max(before, after) <= (taps.length - 1) * spacing;
}

/**
 * Columns of a filter that are convolved together. Responses that meet zeros are computed one by one instead of six at a time, and in narrow
 * images these are many. Where zeros lie on both sides, columns that see the same columns of the image go together, those at a distance of the
 * stride, if each such convolution then meets zeros on one side only; all of them together else.
 */
function columnsApart(
  width: number,
  stride: number,
  dilation: number,
  [left, right]: readonly [number, number],
): readonly Columns[] {
  const all = Array.from({ length: width }, (_, tap) => tap);
  const together = { taps: all, spacing: dilation, before: left, after: right };
  if (dilation !== 1 || stride === 1 || left === 0 || right === 0) return [together];
  const apart = all.slice(0, stride).map((first) => {
    const taps = all.filter((tap) => (tap - first) % stride === 0 && tap >= first);
    return { taps, spacing: stride, before: left - first, after: right - (width - 1 - (taps.at(-1) ?? 0)) };
  });
  return apart.every((columns) => isCovered(columns) && columns.before * columns.after === 0) ? apart : [together];
}

/**
 * Filters cut into tiles of a block of channels and a block of filters, [places * C / b * F / b, tile]: place by place, within it block by
 * block of filters, or of channels where they are `turned`. The operator that reorders images does it, of images that are the places.
 */
function filterTiles(
  graph: GraphBuilder,
  name: string,
  { height, width, channels, filters }: FilterSize,
  { block, turned }: { readonly block: number; readonly turned: boolean },
): string {
  const shape = turned ? [height * width, channels, filters, 1] : [height * width, channels, 1, filters];
  const places = graph.node('Reshape', [name, graph.int64s(shape)]);
  const reordered = graph.node(`${blockedDomain}:ReorderInput`, [places], { channels_last: turned ? 0 : 1 });
  return graph.fixedReshape(reordered, [(height * width * channels * filters) / block ** 2, block ** 2]);
}

/** Tiles by their block of results, by their block of inputs, by place: the order in which the convolution reads them. */
function tilesInOrder(
  graph: GraphBuilder,
  tiles: string,
  [results, inputs]: readonly [number, number],
  places: readonly number[],
): string {
  const order: number[] = [];
  for (let result = 0; result < results; result++)
    for (let input = 0; input < inputs; input++)
      for (const place of places) order.push((place * results + result) * inputs + input);
  return graph.node('Gather', [tiles, graph.int64s(order)], { axis: 0 });
}

/** The pixels of an axis at one distance from the beginning of a stride: the places of the filter that they take, the first pixel's last. */
interface Phase {
  readonly taps: readonly number[];
  /** Zeros around the responses. */
  readonly before: number;
  readonly after: number;
}

/** The phases of an axis; undefined where they differ in length, or need fewer responses than there are. */
function phasesOf(geometry: WindowGeometry, axis: 0 | 1): readonly Phase[] | undefined {
  const [kernel, stride, dilation] = [geometry.kernel[axis], geometry.stride[axis], geometry.dilation[axis]];
  const [size, responses] =
    axis === 0 ? [geometry.height, geometry.outputHeight] : [geometry.width, geometry.outputWidth];
  const padding = geometry.padding[axis === 0 ? 0 : 2];
  if (dilation !== 1 || size % stride !== 0) return undefined;
  const phases = Array.from({ length: stride }, (_, offset) => {
    const first = (offset + padding) % stride;
    const count = Math.ceil((kernel - first) / stride);
    const shift = (offset + padding - first) / stride;
    return {
      taps: Array.from({ length: count }, (_, tap) => first + stride * (count - 1 - tap)),
      before: count - 1 - shift,
      after: size / stride + shift - responses,
    };
  });
  const fits = ({ taps, before, after }: Phase) =>
    taps.length > 0 && Math.min(before, after) >= 0 && Math.max(before, after) < taps.length;
  return phases.every(fits) ? phases : undefined;
}
