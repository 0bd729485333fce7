// Passes over lists of ONNX nodes.
import { create } from '@bufbuild/protobuf';
import { type NodeProto, NodeProtoSchema } from './onnx_pb.js';

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
 * Lets products add a row to each of their rows by themselves: a Gemm whose only use is one of the sums `biased` becomes that sum, in
 * its place. Its result starts as the repeated row instead of zeros, which saves a pass over it.
 */
export function mergeBiases(
  nodes: readonly NodeProto[],
  biased: ReadonlySet<string>,
  outputs: ReadonlySet<string>,
): NodeProto[] {
  const uses = new Map<string, number>();
  for (const name of nodes.flatMap(usedBy)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const products = new Map<string, NodeProto>();
  for (const node of nodes)
    if (node.opType === 'Gemm' && node.input.length === 2) products.set(node.output[0] ?? '', node);
  const merged = new Set<NodeProto>();
  const sums = nodes.map((node) => {
    const [matrix = '', row = ''] = node.input;
    const product = biased.has(node.output[0] ?? '') ? products.get(matrix) : undefined;
    if (product === undefined || uses.get(matrix) !== 1 || outputs.has(matrix)) return node;
    merged.add(product);
    return create(NodeProtoSchema, {
      name: product.name,
      opType: product.opType,
      attribute: product.attribute,
      input: [...product.input, row],
      output: node.output,
    });
  });
  return sums.filter((node) => !merged.has(node));
}
