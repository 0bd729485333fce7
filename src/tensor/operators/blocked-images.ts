// Images whose channels lie in blocks, [N, C / b, H * W, b]: how they are made of images with channels last and back, and how element-wise
// operators go through them. Where channels are scaled, shifted and added to, several operators are one pass over memory: the runtime's
// convolution of each channel by itself with a filter of one place makes
//
//   y[n, c, p] = scale[c] x[n, c, p] + bias[c] + addend[n, c, p]
//
// and rectifies it. ONNX Runtime names the shape of such images [N, C, H, W]; passes go over all pixels in one line, [N, C, 1, H * W].
import type { BlockedPass, GraphBuilder } from '../onnx/graph-builder.js';
import { type Dim, type Shape, sameShape } from '../shape.js';
import type { BlockedImage, LaidOut, Layouts, Tensor } from '../tensor.js';

/** Two operands and a result with their channels last. */
export const orderedOperands: Layouts = { inputs: ['ordered', 'ordered'], result: 'ordered' };

/** The set of operators of channels in blocks. */
export const blockedDomain = 'com.microsoft.nchwc';

/** The shape by which element-wise operators know images in blocks: with more axes ONNX Runtime takes three times as long to add a number. */
export function blockedShape({ images, height, width, channels }: BlockedImage): number[] {
  return [images, height * width * channels];
}

/** Images with channels last, or rows of such, put into blocks. */
export function toBlocked(graph: GraphBuilder, value: string, image: BlockedImage): string {
  const { images, height, width, channels } = image;
  const pixels = graph.node('Reshape', [value, graph.int64s([images, height, width, channels])]);
  return graph.node('Reshape', [planesInBlocks(graph, pixels), graph.int64s(blockedShape(image))]);
}

/** Images [N, H, W, C] put into blocks as convolutions take them, [N, C, H, W]. */
export function planesInBlocks(graph: GraphBuilder, images: string): string {
  return graph.node(`${blockedDomain}:ReorderInput`, [images], { channels_last: 1 });
}

/** Images in blocks with their channels last again, in some shape. */
export function orderedFromBlocked(graph: GraphBuilder, value: string, image: BlockedImage, shape: Shape): string {
  const { images, height, width, channels } = image;
  const ordered = orderedPixels(graph, blockedPlanes(graph, value, image), [images, height, width, channels]);
  return graph.node('Reshape', [ordered, graph.reshapeTarget(shape)]);
}

/** Images in blocks as convolutions take them, [N, C, H, W]. */
export function blockedPlanes(graph: GraphBuilder, value: string, image: BlockedImage): string {
  const { images, height, width, channels } = image;
  return graph.node('Reshape', [value, graph.int64s([images, channels, height, width])]);
}

/** What a convolution gives, [N, C, H, W] in blocks, with channels last: images of the shape [N, H, W, C]. */
export function orderedPixels(
  graph: GraphBuilder,
  planes: string,
  shape: readonly [Dim, number, number, number],
): string {
  const ordered = graph.node(`${blockedDomain}:ReorderOutput`, [planes], { channels: shape[3], channels_last: 1 });
  return graph.pixels(ordered, shape);
}

/** Whether the numbers of images are in the same order in blocks: of rows, only the images they belong to tell it. */
export function sameOrder(a: BlockedImage, b: BlockedImage): boolean {
  return a.images === b.images && a.channels === b.channels && a.height * a.width === b.height * b.width;
}

/** A value in the order of an image's blocks, whether it is kept so or not. */
export function inBlocks(graph: GraphBuilder, value: LaidOut, image: BlockedImage): string {
  if (value.image !== undefined && sameOrder(value.image, image)) return value.blocked;
  return toBlocked(graph, value.ordered, image);
}

/** Which vectors of a block of channels, counted with channels last, lie one after the other in blocks. */
export function vectorsInBlocks({ height, width, channels }: BlockedImage, block: number): Int32Array {
  return grid(channels / block, height * width);
}

/** Which vectors, counted in blocks, lie one after the other with channels last. */
export function vectorsInOrder({ height, width, channels }: BlockedImage, block: number): Int32Array {
  return grid(height * width, channels / block);
}

/** The places of a matrix [columns, rows] in the order of its transpose. */
function grid(rows: number, columns: number): Int32Array {
  return Int32Array.from({ length: rows * columns }, (_, at) => (at % columns) * rows + Math.floor(at / columns));
}

/** What an operand is to an image: one of its shape, a number for each channel, or one for each image or for all. */
export type Operand = 'image' | 'channels' | 'broadcast';

/** The part that an operand plays beside a result [N, H, W, C] or [N, K]; undefined for others, which only fit with channels last. */
export function operandOf({ shape }: Tensor, result: Tensor): Operand | undefined {
  if (sameShape(shape, result.shape)) return 'image';
  const isScalar = shape.every((dim) => dim === 1);
  const isPerImage = shape.length === result.rank && shape.slice(1).every((dim) => dim === 1);
  if (isScalar || isPerImage) return 'broadcast';
  const isRow = shape.slice(0, -1).every((dim) => dim === 1) && shape.at(-1) === result.dim(-1);
  return isRow && result.rank === 4 ? 'channels' : undefined;
}

/** Operators that passes over channels are made of. */
export const passOperators: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul']);

/** An element-wise operator of two operands beside images of some size in blocks. */
export function blockedBinary(
  graph: GraphBuilder,
  operator: string,
  [a, b]: readonly [string, string],
  [left, right]: readonly [Operand | undefined, Operand | undefined],
  size: BlockedImage,
): string {
  const { channels } = size;
  const pass = (made: BlockedPass): string => blockedPass(graph, made, size);
  if (left === 'image' && right === 'image') {
    const [first, second] = [graph.passes.get(a), graph.passes.get(b)];
    if (operator !== 'Mul' && second !== undefined && second.addend === undefined)
      return pass({ ...(operator === 'Sub' ? opposite(graph, second) : second), addend: a });
    if (operator === 'Add' && first !== undefined && first.addend === undefined) return pass({ ...first, addend: b });
    return graph.node(operator, [a, b]);
  }
  if (left !== 'channels' && right !== 'channels') return graph.node(operator, [a, b]);
  const [image, operand] = right === 'channels' ? [a, b] : [b, a];
  const row = graph.node('Reshape', [operand, graph.int64s([channels])]);
  if (operator === 'Mul') return pass({ image, scale: row });
  const known = graph.passes.get(image);
  const isOpen = known !== undefined && known.bias === undefined;
  const before = isOpen ? known : { image, scale: equalNumbers(graph, channels, 1) };
  if (operator === 'Add') return pass({ ...before, bias: row });
  if (right === 'channels') return pass({ ...before, bias: graph.node('Neg', [row]) });
  const negative =
    isOpen && known.addend === undefined ? opposite(graph, known) : { image, scale: equalNumbers(graph, channels, -1) };
  return pass({ ...negative, bias: row });
}

function equalNumbers(graph: GraphBuilder, channels: number, value: number): string {
  return graph.constant('float32', [channels], new Float32Array(channels).fill(value));
}

function opposite(graph: GraphBuilder, { image, scale, bias }: BlockedPass): BlockedPass {
  const negative = { image, scale: graph.node('Neg', [scale]) };
  return bias === undefined ? negative : { ...negative, bias: graph.node('Neg', [bias]) };
}

/** The node of a pass over images of some size, remembered for operators that go on with it. */
function blockedPass(graph: GraphBuilder, pass: BlockedPass, size: BlockedImage): string {
  const { images, height, width, channels } = size;
  const lines = (value: string): string =>
    graph.node('Reshape', [value, graph.int64s([images, channels, 1, height * width])]);
  const { image, scale, bias, addend } = pass;
  const filters = graph.node('Reshape', [scale, graph.int64s([channels, 1, 1, 1])]);
  const others = biasAndAddend(bias, addend === undefined ? undefined : lines(addend));
  const made = graph.node(`${blockedDomain}:Conv`, [lines(image), filters, ...others], {
    ...onePlace,
    group: channels,
  });
  const value = graph.fixedReshape(made, blockedShape(size));
  graph.passes.set(value, pass);
  return value;
}

function biasAndAddend(bias: string | undefined, addend: string | undefined): string[] {
  if (addend !== undefined) return [bias ?? '', addend];
  return bias === undefined ? [] : [bias];
}

/** A convolution with filters of one place. */
const onePlace = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0] };
