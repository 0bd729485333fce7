// Passes over lists of ONNX nodes.
import { create } from '@bufbuild/protobuf';
import { attributeMessage, floatsMessage } from './messages.js';
import { type AttributeProto, type NodeProto, NodeProtoSchema } from './onnx_pb.js';

/** The nodes that some results depend on, in their order. */
export function neededNodes(nodes: readonly NodeProto[], results: readonly string[]): NodeProto[] {
  const wanted = new Set(results);
  const kept: NodeProto[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.output.some((value) => wanted.has(value))) continue;
    kept.push(node);
    for (const value of usedBy(node)) wanted.add(value);
  }
  return kept.reverse();
}

/** The values a node reads, those that its bodies take from outside included. */
function usedBy(node: NodeProto): string[] {
  const inner = node.attribute.flatMap(({ g }) => [
    ...(g?.node ?? []).flatMap(usedBy),
    ...(g?.output ?? []).map(({ name }) => name),
  ]);
  return [...node.input, ...inner];
}

/** Gives values other names, in bodies too. */
export function renameValues(node: NodeProto, renamed: ReadonlyMap<string, string>): void {
  node.input = node.input.map((value) => renamed.get(value) ?? value);
  node.output = node.output.map((value) => renamed.get(value) ?? value);
  for (const { g } of node.attribute) for (const inner of g?.node ?? []) renameValues(inner, renamed);
}

/**
 * Lets products and convolutions add a row to each of their rows by themselves: a Gemm, or a convolution and what reorders its result, whose
 * only use is one of the sums `biased` becomes that sum, in its place. Its result starts as the repeated row instead of zeros, which saves a
 * pass over it.
 */
export function mergeBiases(
  nodes: readonly NodeProto[],
  biased: ReadonlySet<string>,
  outputs: ReadonlySet<string>,
): NodeProto[] {
  const uses = usesOf(nodes, []);
  const makers = makersOf(nodes);
  /** The product or convolution that gives `value`, and what only moves its numbers on the way; undefined where others use one of them. */
  const chainTo = (value: string): NodeProto[] | undefined => {
    const node = makers.get(value);
    if (node === undefined || uses.get(value) !== 1 || outputs.has(value)) return undefined;
    if (addsRows.has(node.opType)) return (node.input[2] ?? '') === '' ? [node] : undefined;
    const before = movesNumbers.has(node.opType) ? chainTo(node.input[0] ?? '') : undefined;
    return before && [...before, node];
  };
  const merged = new Set<NodeProto>();
  const sums = nodes.flatMap((node) => {
    const [matrix = '', row = ''] = node.input;
    const chain = biased.has(node.output[0] ?? '') ? chainTo(matrix) : undefined;
    if (chain === undefined) return [node];
    for (const link of chain) merged.add(link);
    return chain.map(({ name, opType, domain, attribute, input, output }, index) =>
      create(NodeProtoSchema, {
        ...{ name, opType, domain, attribute },
        input: index === 0 ? input.toSpliced(2, 1, row) : input,
        output: index === chain.length - 1 ? node.output : output,
      }),
    );
  });
  return sums.filter((node) => !merged.has(node));
}

/**
 * Lets images stay in blocks of channels from one convolution to the next: where what a convolution gives is put in order, perhaps rectified, and
 * put back into blocks, the next one takes it as it is, and the convolution rectifies it by itself. Others get it in order as before.
 *
 * @param shapeOf the shape of a value, where it is known: what lies between may be a view of other images
 */
export function keepBlocks(
  nodes: readonly NodeProto[],
  outputs: readonly string[],
  shapeOf: (value: string) => string | undefined,
): NodeProto[] {
  const uses = usesOf(nodes, outputs);
  const makers = makersOf(nodes);
  const kept = new Set(nodes);
  const renamed = new Map<string, string>();
  for (const node of nodes) {
    if (node.opType !== 'ReorderInput') continue;
    const [images = ''] = node.input;
    const rectifier = behindViews(images, makers);
    const isRectified = rectifier !== undefined && rectifiers.has(rectifier.opType);
    const order = isRectified ? behindViews(rectifier.input[0] ?? '', makers, uses) : rectifier;
    const convolution = makers.get(order?.input[0] ?? '');
    if (order?.opType !== 'ReorderOutput' || convolution?.opType !== 'Conv') continue;
    // A bias that was merged gave the result its name; the node kept that of its own.
    const [inOrder = '', shape] = [order.output[0], shapeOf(images)];
    if (shape === undefined || shape !== shapeOf(order.name) || !isLast(order) || !isLast(node)) continue;
    if (isRectified) {
      const [result = ''] = rectifier.output;
      const isOnly = [inOrder, convolution.output[0] ?? ''].every((value) => uses.get(value) === 1);
      if (!isOnly || outputs.includes(result) || convolution.attribute.some(({ name }) => name === 'activation'))
        continue;
      rectify(convolution, rectifier);
      renamed.set(result, rectifier.input[0] ?? '');
      kept.delete(rectifier);
    }
    renamed.set(node.output[0] ?? '', convolution.output[0] ?? '');
    kept.delete(node);
  }
  if (renamed.size === 0) return [...nodes];
  const rest = nodes.filter((node) => kept.has(node));
  for (const node of rest) renameValues(node, renamed);
  return neededNodes(rest, outputs);
}

/** Lets convolutions of channels in blocks rectify their results where nothing else takes those. */
export function rectifyInConvolutions(nodes: readonly NodeProto[], outputs: readonly string[]): NodeProto[] {
  const uses = usesOf(nodes, outputs);
  const makers = makersOf(nodes);
  const renamed = new Map<string, string>();
  const rest = nodes.filter((node) => {
    const [input = ''] = node.input;
    const convolution = rectifiers.has(node.opType) ? behindViews(input, makers, uses) : undefined;
    if (convolution?.opType !== 'Conv' || convolution.domain === '' || outputs.includes(node.output[0] ?? ''))
      return true;
    if (convolution.attribute.some(({ name }) => name === 'activation')) return true;
    rectify(convolution, node);
    renamed.set(node.output[0] ?? '', input);
    return false;
  });
  if (renamed.size > 0) for (const node of rest) renameValues(node, renamed);
  return rest;
}

/** Has a convolution apply the rectifier of another node. */
function rectify(convolution: NodeProto, { opType, attribute }: NodeProto): void {
  convolution.attribute.push(attributeMessage('activation', opType));
  const alpha = attribute.find(({ name }) => name === 'alpha');
  if (alpha !== undefined) convolution.attribute.push(floatsMessage('activation_params', [alpha.f]));
}

/** How often each value is used, as an output too. */
function usesOf(nodes: readonly NodeProto[], outputs: Iterable<string>): Map<string, number> {
  const uses = new Map<string, number>();
  for (const name of [...nodes.flatMap(usedBy), ...outputs]) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

/** The node that gives each value. */
function makersOf(nodes: readonly NodeProto[]): Map<string, NodeProto> {
  return new Map(nodes.flatMap((node) => node.output.map((value) => [value, node] as const)));
}

/**
 * Puts the pixels that convolutions of channels in blocks give in order by Gather, vector by vector, which every core takes part in: the
 * operator for it runs on one. A single block is in order already.
 *
 * @param shapeOf the lengths of images by the name of the node that puts them in order, where they are known
 */
export function orderOnAllCores(
  nodes: readonly NodeProto[],
  shapeOf: (name: string) => readonly number[] | undefined,
  block: number,
  names: Names,
): NodeProto[] {
  return nodes.flatMap((node) => {
    const shape = node.opType === 'ReorderOutput' && isLast(node) ? shapeOf(node.name) : undefined;
    if (shape === undefined || shape.includes(-1)) return [node];
    const [images = 1, height = 1, width = 1, channels = 1] = shape;
    const added: NodeProto[] = [];
    const add = (opType: string, input: string[], attribute: AttributeProto[] = []): string => {
      const name = names.uniqueName(`${node.name}/${opType}`);
      added.push(create(NodeProtoSchema, { name, opType, input, output: [name], attribute }));
      return name;
    };
    let [value = ''] = node.input;
    const [pixels, blocks] = [height * width, channels / block];
    if (blocks > 1) {
      const vectors = add('Reshape', [value, names.int64s([images, blocks * pixels, block])]);
      const order = Array.from(
        { length: pixels * blocks },
        (_, at) => (at % blocks) * pixels + Math.floor(at / blocks),
      );
      value = add('Gather', [vectors, names.int64s(order)], [attributeMessage('axis', 1)]);
    }
    const { name, output } = node;
    return [
      ...added,
      create(NodeProtoSchema, { name, opType: 'Reshape', input: [value, names.int64s(shape)], output }),
    ];
  });
}

/** Operators that convolutions of channels in blocks apply by themselves. */
const rectifiers: ReadonlySet<string> = new Set(['Relu', 'LeakyRelu']);

/** What gives a value, but for changes of its shape; with `uses`, only where nothing else takes it on the way. */
function behindViews(
  value: string,
  makers: ReadonlyMap<string, NodeProto>,
  uses?: ReadonlyMap<string, number>,
): NodeProto | undefined {
  if (uses !== undefined && uses.get(value) !== 1) return undefined;
  const maker = makers.get(value);
  return maker?.opType === 'Reshape' ? behindViews(maker.input[0] ?? '', makers, uses) : maker;
}

/** Whether images have their channels last. */
function isLast({ attribute }: NodeProto): boolean {
  return attribute.some(({ name, i }) => name === 'channels_last' && i === 1n);
}

/** Operators whose third input is added to all rows of the result. */
const addsRows: ReadonlySet<string> = new Set(['Gemm', 'Conv']);
/** Operators that leave numbers as they are. */
const movesNumbers: ReadonlySet<string> = new Set(['ReorderOutput']);

/** An element-wise operator of a matrix [count, width] and a row of its width. */
export interface RowOperation {
  readonly row: string;
  readonly count: number;
  readonly width: number;
}

/** Up to this many numbers a row is repeated: twice as fast as with 64, and no slower than with more. */
const wideRow = 1024;
/** Numbers of a matrix from which on that pays. */
const largeMatrix = 16_384;

/** What gives names to new nodes and constants. */
interface Names {
  uniqueName(wanted: string): string;
  int64s(values: readonly number[]): string;
}

/** Repeats the short rows of operators so often that several rows of their matrices become one. */
export function repeatRows(
  nodes: readonly NodeProto[],
  operations: ReadonlyMap<string, RowOperation>,
  names: Names,
): NodeProto[] {
  const wide = new Map<string, string>();
  return nodes.flatMap((node) => {
    const [result = ''] = node.output;
    const operation = operations.get(result);
    const place = operation === undefined ? -1 : node.input.indexOf(operation.row);
    const repeats = operation === undefined || node.input.length !== 2 || place < 0 ? 1 : repeatsOf(operation);
    if (operation === undefined || repeats === 1) return [node];
    const { row, count, width } = operation;
    const added: NodeProto[] = [];
    const add = (opType: string, input: string[], output?: string): string => {
      const unique = names.uniqueName(`${node.name}/${opType}`);
      added.push(create(NodeProtoSchema, { name: unique, opType, input, output: [output ?? unique] }));
      return output ?? unique;
    };
    const key = `${row}/${repeats}`;
    const repeated =
      wide.get(key) ??
      add('Reshape', [add('Expand', [row, names.int64s([repeats, width])]), names.int64s([repeats * width])]);
    wide.set(key, repeated);
    const matrix = add('Reshape', [node.input[1 - place] ?? '', names.int64s([count / repeats, repeats * width])]);
    const { name, opType, domain, attribute } = node;
    const value = names.uniqueName(`${name}/wide`);
    const input = place === 0 ? [repeated, matrix] : [matrix, repeated];
    added.push(create(NodeProtoSchema, { name, opType, domain, attribute, input, output: [value] }));
    add('Reshape', [value, names.int64s([count, width])], result);
    return added;
  });
}

function repeatsOf({ count, width }: RowOperation): number {
  if (count * width < largeMatrix) return 1;
  for (let repeats = Math.floor(wideRow / width); repeats > 1; repeats--) if (count % repeats === 0) return repeats;
  return 1;
}
