// Convolutions on images [N, H, W, C] with filters [kernel height, kernel width, input channels, output channels].
//
// A convolution is bilinear in image and filter. Its three forms - the response, the transposed convolution and the filter's
// correlation - are each other's gradients, so derivatives of any order stay within these three operators:
//
//   respond(x, w) = y      spread(y, w) = x      correlate(x, y) = w
//
// Lowering: filters of a single place multiply the pixels where they lie. Else the windows are cut out by one Gather with an index shared by
// the whole batch, then one matrix product does the arithmetic at the speed of the best matrix routines, which ONNX Runtime's Conv does not
// reach on CPUs. Batches of known length go through in parts that stay in the caches, and with many channels by minimal filtering, which
// needs fewer products; else, on devices that have it, by the runtime's convolution of channels in blocks, which needs no windows. To few
// channels the product comes first.
import { ShapeError } from '../../core/errors.js';
import { defineOperator, type Operator } from '../operator.js';
import { type Dim, formatShape, multiplyDims, type Shape, sameDim, staticDim } from '../shape.js';
import type { NdArray, Tensor } from '../tensor.js';
import { lowerBlockedColours, lowerBlockedResponse } from './convolution-blocked.js';
import { lowerBlockedCorrelation } from './convolution-blocked-correlation.js';
import { lowerCorrelation, lowerThinCorrelation } from './convolution-correlation.js';
import { correlationForm, responseForm, transposedForm } from './convolution-layouts.js';
import { productInParts } from './convolution-parts.js';
import { filterMatrix, patchesInParts } from './convolution-patches.js';
import { lowerPointwiseCorrelation, lowerPointwiseResponse } from './convolution-pointwise.js';
import { lowerSpread } from './convolution-spread.js';
import { lowerThinResponse } from './convolution-thin.js';
import { lowerMinimalCorrelation, lowerMinimalResponse } from './convolution-winograd.js';
import { concat, split } from './slice.js';
import { forEachWindowPixel, type WindowGeometry, type WindowOptions, windowGeometry } from './window.js';

interface ConvolutionAttributes {
  readonly geometry: WindowGeometry;
}

type BilinearOperator = Operator<readonly [Tensor, Tensor], ConvolutionAttributes>;

/** The shape of images [N, H, W, C] as rows of pixels, [N * H * W, C]. */
function matrixShape({ shape }: Tensor): Shape {
  return [shape.slice(0, -1).reduce<Dim>(multiplyDims, 1), shape.at(-1) ?? 1];
}

/** Multiply-adds of one convolution, counted twice: the same for all three forms. */
function convolutionFlops(images: Dim, geometry: WindowGeometry, channels: number): number {
  const places = geometry.kernel[0] * geometry.kernel[1];
  return 2 * Number(images) * geometry.outputHeight * geometry.outputWidth * places * channels;
}

const respondOperator: BilinearOperator = defineOperator({
  name: 'convolution',
  infer: ([x, w]: readonly [Tensor, Tensor], { geometry }: ConvolutionAttributes) => ({
    shape: [x.dim(0), geometry.outputHeight, geometry.outputWidth, w.dim(3)],
    dtype: x.dtype,
  }),
  gradient: ({ inputs: [x, w], attributes }, dy) => [
    spreadOperator([dy, w], attributes),
    correlateOperator([x, dy], attributes),
  ],
  lower: (graph, [x, w], { inputs: [image, filter], attributes: { geometry }, result }) => {
    const rows =
      lowerPointwiseResponse(graph, [x, w], image, filter, geometry) ??
      lowerThinResponse(graph, [x, w], image, filter, geometry) ??
      lowerMinimalResponse(graph, [x, w], image, filter, geometry) ??
      lowerBlockedResponse(graph, [x, w], image, filter, geometry) ??
      lowerBlockedColours(graph, [x, w], image, filter, geometry) ??
      productInParts(
        graph,
        patchesInParts(graph, x, image, geometry),
        filterMatrix(graph, w, filter),
        matrixShape(result),
      );
    return graph.node('Reshape', [rows, graph.reshapeTarget(result.shape)]);
  },
  blocked: responseForm,
  evaluate: ([x, w], { geometry }, shape) => {
    const [channels = 1, filters = 1] = w.shape.slice(2);
    const result = new Float64Array(shape.reduce((a, b) => a * b, 1));
    bilinear(x, geometry, channels, filters, (pixel, weight, response) => {
      result[response] = (result[response] ?? 0) + (x.data[pixel] ?? 0) * (w.data[weight] ?? 0);
    });
    return result;
  },
  flops: ({ inputs: [x, w], attributes: { geometry } }) =>
    convolutionFlops(x.dim(0), geometry, Number(w.dim(2)) * Number(w.dim(3))),
});

const spreadOperator: BilinearOperator = defineOperator({
  name: 'transposedConvolution',
  infer: ([y, w]: readonly [Tensor, Tensor], { geometry }: ConvolutionAttributes) => ({
    shape: [y.dim(0), geometry.height, geometry.width, w.dim(2)],
    dtype: y.dtype,
  }),
  gradient: ({ inputs: [y, w], attributes }, dx) => [
    respondOperator([dx, w], attributes),
    correlateOperator([dx, y], attributes),
  ],
  lower: (graph, names, { inputs: [response, filter], attributes: { geometry }, result }) =>
    lowerSpread(graph, names, response, filter, geometry, result),
  blocked: transposedForm,
  evaluate: ([y, w], { geometry }, shape) => {
    const [channels = 1, filters = 1] = w.shape.slice(2);
    const result = new Float64Array(shape.reduce((a, b) => a * b, 1));
    bilinear({ shape, data: result }, geometry, channels, filters, (pixel, weight, response) => {
      result[pixel] = (result[pixel] ?? 0) + (y.data[response] ?? 0) * (w.data[weight] ?? 0);
    });
    return result;
  },
  flops: ({ inputs: [y, w], attributes: { geometry } }) =>
    convolutionFlops(y.dim(0), geometry, Number(w.dim(2)) * Number(w.dim(3))),
});

const correlateOperator: BilinearOperator = defineOperator({
  name: 'filterCorrelation',
  infer: ([x, y]: readonly [Tensor, Tensor], { geometry }: ConvolutionAttributes) => ({
    shape: [...geometry.kernel, x.dim(3), y.dim(3)],
    dtype: x.dtype,
  }),
  gradient: ({ inputs: [x, y], attributes }, dw) => [
    spreadOperator([y, dw], attributes),
    respondOperator([x, dw], attributes),
  ],
  lower: (graph, [x, y], { inputs: [image, response], attributes: { geometry }, result }) => {
    const product =
      lowerPointwiseCorrelation(graph, [x, y], image, response, geometry) ??
      lowerThinCorrelation(graph, [x, y], image, response, geometry) ??
      lowerMinimalCorrelation(graph, [x, y], image, response, geometry) ??
      lowerBlockedCorrelation(graph, [x, y], image, response, geometry) ??
      lowerCorrelation(graph, [x, y], image, response, geometry);
    return graph.node('Reshape', [product, graph.reshapeTarget(result.shape)]);
  },
  blocked: correlationForm,
  evaluate: ([x, y], { geometry }, shape) => {
    const [, , channels = 1, filters = 1] = shape;
    const result = new Float64Array(shape.reduce((a, b) => a * b, 1));
    bilinear(x, geometry, channels, filters, (pixel, weight, response) => {
      result[weight] = (result[weight] ?? 0) + (x.data[pixel] ?? 0) * (y.data[response] ?? 0);
    });
    return result;
  },
  flops: ({ inputs: [x, y], attributes: { geometry } }) =>
    convolutionFlops(x.dim(0), geometry, Number(x.dim(3)) * Number(y.dim(3))),
});

/** Visits every product of an image value and a filter value, with the flat positions of pixel, weight and response. */
function bilinear(
  image: NdArray,
  geometry: WindowGeometry,
  channels: number,
  filters: number,
  visit: (pixel: number, weight: number, response: number) => void,
): void {
  const images = image.shape[0] ?? 0;
  const pixels = geometry.height * geometry.width;
  const windows = geometry.outputHeight * geometry.outputWidth;
  for (let n = 0; n < images; n++)
    forEachWindowPixel(geometry, (window, place, pixel) => {
      for (let c = 0; c < channels; c++)
        for (let f = 0; f < filters; f++)
          visit(
            (n * pixels + pixel) * channels + c,
            (place * channels + c) * filters + f,
            (n * windows + window) * filters + f,
          );
    });
}

/** How filters lie on an image, and how channels are grouped. */
export interface ConvolutionOptions extends WindowOptions {
  /** Channels are split into this many groups, each with filters of its own. Default 1. */
  readonly groups?: number;
}

/**
 * The convolution (cross-correlation, as in all network libraries) of images with filters.
 *
 * @param x images [N, H, W, C]
 * @param w filters [kernel height, kernel width, C / groups, F]
 * @returns responses [N, H', W', F]
 * @throws ShapeError where they do not fit
 * @example conv2d(x, w, { stride: 2, padding: 1 })
 */
export function conv2d(x: Tensor, w: Tensor, { groups = 1, ...options }: ConvolutionOptions = {}): Tensor {
  const [height, width] = imageSize('conv2d', x);
  const geometry = windowGeometry('conv2d', [height, width], filterSize('conv2d', w), options);
  checkChannels('conv2d', x, w, groups, multiplyDims(w.dim(2), groups));
  return grouped(groups, x, w, (part, filters) => respondOperator([part, filters], { geometry }));
}

/** Options of a transposed convolution. */
export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /** The size [H', W'] of the result; default: the smallest that the convolution maps onto x. */
  readonly outputSize?: readonly [number, number];
}

/**
 * The transposed convolution: the adjoint of {@link conv2d} in its image, which enlarges by the stride.
 *
 * @param y images [N, H, W, F]
 * @param w filters [kernel height, kernel width, C / groups, F]: those of the convolution it is the adjoint of
 * @returns images [N, H', W', C]
 * @throws ShapeError where they do not fit
 */
export function conv2dTranspose(
  y: Tensor,
  w: Tensor,
  { groups = 1, outputSize, ...options }: TransposedConvolutionOptions = {},
): Tensor {
  const size = imageSize('conv2dTranspose', y);
  const kernel = filterSize('conv2dTranspose', w);
  // Any size whose windows can be laid out tells strides and sides; the image's own size follows from them.
  const sides = windowGeometry('conv2dTranspose', [2 ** 20, 2 ** 20], kernel, options);
  const natural = [0, 1].map(
    (axis) =>
      ((size[axis] ?? 1) - 1) * (sides.stride[axis] ?? 1) +
      ((kernel[axis] ?? 1) - 1) * (sides.dilation[axis] ?? 1) +
      1 -
      (sides.padding[2 * axis] ?? 0) -
      (sides.padding[2 * axis + 1] ?? 0),
  );
  const [height = 0, width = 0] = outputSize ?? natural;
  const geometry = windowGeometry('conv2dTranspose', [height, width], kernel, options);
  if (geometry.outputHeight !== size[0] || geometry.outputWidth !== size[1])
    throw new ShapeError(
      `conv2dTranspose: an image of ${height}x${width} has ${geometry.outputHeight}x${geometry.outputWidth} windows of ` +
        `${kernel.join('x')}, but ${size.join('x')} were given. The natural output size is ${natural.join('x')}.`,
    );
  checkChannels('conv2dTranspose', y, w, groups, w.dim(3));
  return grouped(groups, y, w, (part, filters) => spreadOperator([part, filters], { geometry }));
}

function grouped(groups: number, x: Tensor, w: Tensor, apply: (part: Tensor, filters: Tensor) => Tensor): Tensor {
  if (groups === 1) return apply(x, w);
  const filters = split(w, 3, groups);
  return concat(
    split(x, 3, groups).map((part, group) => apply(part, filters[group] ?? w)),
    3,
  );
}

function imageSize(operation: string, x: Tensor): [number, number] {
  if (x.rank !== 4)
    throw new ShapeError(`${operation}: images are [N, H, W, C]; the shape is ${formatShape(x.shape)}.`);
  return [staticDim(x.dim(1), 'The height of an image'), staticDim(x.dim(2), 'The width of an image')];
}

function filterSize(operation: string, w: Tensor): [number, number] {
  if (w.rank !== 4)
    throw new ShapeError(`${operation}: filters are [height, width, C, F]; the shape is ${formatShape(w.shape)}.`);
  return [staticDim(w.dim(0), 'The height of a filter'), staticDim(w.dim(1), 'The width of a filter')];
}

function checkChannels(operation: string, x: Tensor, w: Tensor, groups: number, expected: Dim): void {
  if (!Number.isInteger(groups) || groups < 1 || !sameDim(x.dim(3), expected))
    throw new ShapeError(
      `${operation}: images ${formatShape(x.shape)} and filters ${formatShape(w.shape)} in ${groups} groups do not fit: ` +
        `${expected} channels are expected, ${x.dim(3)} given.`,
    );
}
