// Which convolutions take and give images with their channels in and how they are lowered where those are kept so: the response and
// the transposed convolution take and give them or, of several phases, either order; the filters' correlation takes responses in
// either.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import type { Application, BlockedDefinition } from '../operator.js';
import { staticDim } from '../shape.js';
import type { LaidOut, Tensor } from '../tensor.js';
import { blockedPlanes, blockedShape, orderedOperands, planesInBlocks } from './blocked-images.js';
import { blockedResponses, blockedSpread, responsePlan, responsesInRows, spreadPlan } from './convolution-blocked.js';
import { correlationBlock, lowerBlockedCorrelation } from './convolution-blocked-correlation.js';
import { isThinCorrelation } from './convolution-correlation.js';
import { isPointwise } from './convolution-pointwise.js';
import { reversedGeometry } from './convolution-spread.js';
import { isThinResponse, isThinSpread } from './convolution-thin.js';
import { isMinimal } from './convolution-winograd.js';
import type { WindowGeometry } from './window.js';

type Form = BlockedDefinition<readonly [Tensor, Tensor], { readonly geometry: WindowGeometry }>;

type Convolution = Application<readonly [Tensor, Tensor], { readonly geometry: WindowGeometry }>;

const channelsOf = (tensor: Tensor): number => staticDim(tensor.dim(3), 'The number of channels');

function responseInBlocks(graph: GraphBuilder, { inputs: [image, filter], attributes: { geometry } }: Convolution) {
  if (isPointwise(geometry) || isThinResponse(graph, filter, geometry)) return undefined;
  if (isMinimal(graph, image, channelsOf(filter), geometry)) return undefined;
  return responsePlan(graph, image, filter, geometry);
}

/** The response takes images in and gives them. */
export const responseForm: Form = {
  layouts: (graph, convolution) =>
    responseInBlocks(graph, convolution) === undefined
      ? orderedOperands
      : { inputs: ['blocked', 'ordered'], result: 'blocked' },
  lower: (graph, [x, w], convolution, image) => {
    const plan = responseInBlocks(graph, convolution);
    if (plan === undefined) return undefined;
    const { geometry } = convolution.attributes;
    const planes = blockedResponses(graph, [planesOf(graph, x), w.ordered], plan, geometry);
    if (image !== undefined) return { blocked: graph.node('Reshape', [planes, graph.int64s(blockedShape(image))]) };
    const { shape } = convolution.result;
    const rows = responsesInRows(graph, planes, [
      shape[0] ?? 1,
      geometry.outputHeight,
      geometry.outputWidth,
      plan.size.filters,
    ]);
    return { ordered: graph.node('Reshape', [rows, graph.reshapeTarget(shape)]) };
  },
};

function spreadInBlocks(graph: GraphBuilder, { inputs: [response, filter], attributes: { geometry } }: Convolution) {
  if (isPointwise(geometry) || isThinSpread(graph, filter, geometry)) return undefined;
  const channels = staticDim(filter.dim(2), 'The number of channels');
  const reversed = reversedGeometry(geometry, channelsOf(response), channels);
  if (reversed !== undefined && isMinimal(graph, response, channels, reversed)) return undefined;
  return spreadPlan(graph, response, filter, geometry);
}

/** The transposed convolution takes images in blocks; of several phases it gives either order. */
export const transposedForm: Form = {
  layouts: (graph, convolution) => {
    const plan = spreadInBlocks(graph, convolution);
    if (plan === undefined) return orderedOperands;
    const isSingle = plan.rows.length * plan.columns.length === 1;
    return { inputs: ['blocked', 'ordered'], result: isSingle ? 'blocked' : 'either' };
  },
  lower: (graph, [y, w], convolution, image) => {
    const plan = spreadInBlocks(graph, convolution);
    if (plan === undefined) return undefined;
    const { result, attributes } = convolution;
    const layout = image === undefined ? 'ordered' : 'blocked';
    const pixels = blockedSpread(graph, [planesOf(graph, y), w.ordered], plan, attributes.geometry, layout);
    if (image !== undefined) return { blocked: graph.node('Reshape', [pixels(), graph.int64s(blockedShape(image))]) };
    const rows = graph.takesRow(pixels(), plan.size.channels, pixels);
    return { ordered: graph.node('Reshape', [rows, graph.reshapeTarget(result.shape)]) };
  },
};

/** Images in blocks as convolutions take them. */
function planesOf(graph: GraphBuilder, value: LaidOut): string {
  return value.image === undefined
    ? planesInBlocks(graph, value.ordered)
    : blockedPlanes(graph, value.blocked, value.image);
}

function isCorrelatedInBlocks(
  graph: GraphBuilder,
  { inputs: [image, response], attributes: { geometry } }: Convolution,
): boolean {
  if (isPointwise(geometry) || isThinCorrelation(image, response, geometry)) return false;
  if (isMinimal(graph, image, channelsOf(response), geometry)) return false;
  return correlationBlock(graph, image, response, geometry) !== undefined;
}

/** The filters' correlation takes responses in either order, and images with channels last. */
export const correlationForm: Form = {
  layouts: (graph, convolution) =>
    isCorrelatedInBlocks(graph, convolution) ? { inputs: ['ordered', 'either'], result: 'ordered' } : orderedOperands,
  lower: (graph, [x, y], convolution) => {
    if (y.image === undefined || !isCorrelatedInBlocks(graph, convolution)) return undefined;
    const { inputs, attributes, result } = convolution;
    const names = [x.ordered, y.blocked] as const;
    const product = lowerBlockedCorrelation(graph, names, ...inputs, attributes.geometry, 'blocked');
    return product === undefined
      ? undefined
      : { ordered: graph.node('Reshape', [product, graph.reshapeTarget(result.shape)]) };
  },
};
