// Passes over lists of ONNX nodes.
import type { NodeProto } from './onnx_pb.js';

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
