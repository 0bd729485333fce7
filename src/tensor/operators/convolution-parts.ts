// Batches in parts: what a part of the images needs stays in the processor's caches from the operator that writes it to the one that
// reads it, where the windows of a whole batch would go out to memory and come back.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import type { Dim, Shape } from '../shape.js';

/** Bytes of windows, which are read once: with twice as many or half as many a step took a few percent longer. */
export const windowBytes = 6e6;

/** Bytes of what is read and written by several operators in a row. */
export const chainBytes = 2.5e6;

/** Images that follow one another in a batch: the name of their values, and how many. */
export interface ImagePart {
  readonly name: string;
  readonly images: number;
}

/**
 * As many parts of nearly equal length as keep each below a number of bytes; on graphics processors, which want few large operators,
 * and where the length of the batch is not known yet, none.
 */
export function partLengths(
  graph: GraphBuilder,
  images: Dim,
  bytesPerImage: number,
  bytes: number,
): number[] | undefined {
  if (graph.processor !== 'cpu' || typeof images !== 'number') return undefined;
  const count = Math.min(images, Math.ceil((images * bytesPerImage) / bytes));
  const start = (part: number): number => Math.floor((part * images) / count);
  return Array.from({ length: count }, (_, part) => start(part + 1) - start(part));
}

/** The images of parts of a batch. */
export function partsOf(graph: GraphBuilder, name: string, lengths: readonly number[]): ImagePart[] {
  const [length = 0] = lengths;
  if (lengths.length === 1) return [{ name, images: length }];
  const names = graph.nodeWithResults('Split', [name, graph.int64s(lengths)], lengths.length, { axis: 0 });
  return names.map((part, index) => ({ name: part, images: lengths[index] ?? 0 }));
}

/** All parts side by side along an axis, by default as one batch. */
export function joined(graph: GraphBuilder, parts: readonly string[], axis = 0): string {
  const [only = '', ...others] = parts;
  return others.length === 0 ? only : graph.node('Concat', parts, { axis });
}

/** The product [rows, columns] of a matrix that is made part by part, and another. */
export function productInParts(graph: GraphBuilder, parts: readonly string[], matrix: string, shape: Shape): string {
  const [only = '', ...others] = parts;
  if (others.length === 0) return graph.product([only, matrix], shape);
  return graph.stackedProducts(
    parts.map((rows) => graph.node('Gemm', [rows, matrix])),
    shape,
  );
}
