// Which convolutions take and give images with their channels in blocks, and how they are lowered where those are kept so: the response and
// the transposed convolution take blocks, and give them or, of several phases, either order; the filters' correlation takes responses in
// either.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { staticDim } from '../shape.js';
import type { BlockedImage, LaidOut, Layouts, Made, Tensor } from '../tensor.js';
import { blockedPlanes, blockedShape, orderedPixels } from './blocked-images.js';
import { blockedResponses, blockedSpread, blocks, responsePlan, spreadPlan } from './convolution-blocked.js';
import { correlationBlock, lowerBlockedCorrelation } from './convolution-blocked-correlation.js';
import { isThinCorrelation } from './convolution-correlation.js';
import { isPointwise } from './convolution-pointwise.js';
import { reversedGeometry } from './convolution-spread.js';
import { isThinResponse, isThinSpread } from './convolution-thin.js';
import { isMinimal } from './convolution-winograd.js';
import type { WindowGeometry } from './window.js';

/** A convolution, its operands and its result. */
export interface Convolution {
  readonly inputs: readonly [Tensor, Tensor];
  readonly attributes: { readonly geometry: WindowGeometry };
  readonly result: Tensor;
}

/** All images with their channels last. */
const ordered: Layouts = { inputs: ['ordered', 'ordered'], result: 'ordered' };

const channelsOf = (tensor: Tensor): number => staticDim(tensor.dim(3), 'The number of channels');

function responseInBlocks(graph: GraphBuilder, { inputs: [image, filter], attributes: { geometry } }: Convolution) {
  if (isPointwise(geometry) || isThinResponse(graph, filter, geometry)) return undefined;
  if (isMinimal(graph, image, channelsOf(filter), geometry)) return undefined;
  return responsePlan(graph, image, filter, geometry);
}

export function responseLayouts(graph: GraphBuilder, convolution: Convolution): Layouts {
  if (responseInBlocks(graph, convolution) === undefined) return ordered;
  return { inputs: ['blocked', 'ordered'], result: 'blocked' };
}

/** The responses; undefined where they are not convolved in blocks. */
export function lowerResponseInBlocks(
  graph: GraphBuilder,
  [x, w]: readonly [LaidOut, LaidOut],
  convolution: Convolution,
  image: BlockedImage | undefined,
): Made | undefined {
  const plan = responseInBlocks(graph, convolution);
  if (plan === undefined) return undefined;
  const { geometry } = convolution.attributes;
  const planes = blockedResponses(graph, [planesOf(graph, x), w.ordered], plan, geometry);
  if (image !== undefined) return { blocked: graph.node('Reshape', [planes, graph.int64s(blockedShape(image))]) };
  const { shape } = convolution.result;
  const [images, height, width, channels] = shape.map(Number) as [number, number, number, number];
  const pixels = orderedPixels(graph, planes, { images, height, width, channels });
  return { ordered: graph.node('Reshape', [pixels, graph.reshapeTarget(shape)]) };
}

function spreadInBlocks(graph: GraphBuilder, { inputs: [response, filter], attributes: { geometry } }: Convolution) {
  if (isPointwise(geometry) || isThinSpread(graph, filter, geometry)) return undefined;
  const channels = staticDim(filter.dim(2), 'The number of channels');
  const reversed = reversedGeometry(geometry, channelsOf(response), channels);
  if (reversed !== undefined && isMinimal(graph, response, channels, reversed)) return undefined;
  return spreadPlan(graph, response, filter, geometry);
}

export function spreadLayouts(graph: GraphBuilder, convolution: Convolution): Layouts {
  const plan = spreadInBlocks(graph, convolution);
  if (plan === undefined) return ordered;
  const isSingle = plan.rows.length * plan.columns.length === 1;
  return { inputs: ['blocked', 'ordered'], result: isSingle ? 'blocked' : 'either' };
}

/** The pixels of a transposed convolution; undefined where it is not done in blocks. */
export function lowerSpreadInBlocks(
  graph: GraphBuilder,
  [y, w]: readonly [LaidOut, LaidOut],
  convolution: Convolution,
  image: BlockedImage | undefined,
): Made | undefined {
  const plan = spreadInBlocks(graph, convolution);
  if (plan === undefined) return undefined;
  const { result, attributes } = convolution;
  const layout = image === undefined ? 'ordered' : 'blocked';
  const pixels = blockedSpread(graph, [planesOf(graph, y), w.ordered], plan, attributes.geometry, layout);
  if (image !== undefined) return { blocked: graph.node('Reshape', [pixels(), graph.int64s(blockedShape(image))]) };
  const rows = graph.takesRow(pixels(), plan.size.channels, pixels);
  return { ordered: graph.node('Reshape', [rows, graph.reshapeTarget(result.shape)]) };
}

/** Images in blocks as convolutions take them. */
function planesOf(graph: GraphBuilder, value: LaidOut): string {
  return value.image === undefined ? blocks(graph, value.ordered) : blockedPlanes(graph, value.blocked, value.image);
}

function isCorrelatedInBlocks(
  graph: GraphBuilder,
  { inputs: [image, response], attributes: { geometry } }: Convolution,
): boolean {
  if (isPointwise(geometry) || isThinCorrelation(image, response, geometry)) return false;
  if (isMinimal(graph, image, channelsOf(response), geometry)) return false;
  return correlationBlock(graph, image, response, geometry) !== undefined;
}

export function correlationLayouts(graph: GraphBuilder, convolution: Convolution): Layouts {
  return isCorrelatedInBlocks(graph, convolution) ? { inputs: ['ordered', 'either'], result: 'ordered' } : ordered;
}

/** The filters' correlation with responses kept in blocks; undefined where it is not done in blocks. */
export function lowerCorrelationInBlocks(
  graph: GraphBuilder,
  [x, y]: readonly [LaidOut, LaidOut],
  convolution: Convolution,
): Made | undefined {
  if (y.image === undefined || !isCorrelatedInBlocks(graph, convolution)) return undefined;
  const [image, response] = convolution.inputs;
  const { geometry } = convolution.attributes;
  const product = lowerBlockedCorrelation(graph, [x.ordered, y.blocked], image, response, geometry, 'blocked');
  if (product === undefined) return undefined;
  return { ordered: graph.node('Reshape', [product, graph.reshapeTarget(convolution.result.shape)]) };
}
