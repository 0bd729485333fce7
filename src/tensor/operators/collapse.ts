// Element-wise operators do not care about most axes. Operands are lowered with as few axes as their broadcasting needs: ONNX Runtime is
// slow where the last axis has length one, and rows of channels, [N*H*W, C], are the form in which products come out, so that the
// reshapes between them cancel.
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { elementCount, multiplyDims, type Shape, sameDim, sameShape, sizeOf } from '../shape.js';

/** Emits a binary element-wise node, on collapsed operands where that pays; the result has the shape `result`. */
export function collapsedBinary(
  graph: GraphBuilder,
  operator: string,
  names: readonly [string, string],
  shapes: readonly [Shape, Shape],
  result: Shape,
): string {
  // Axes of two unknown lengths cannot be merged.
  if (result.filter((dim) => typeof dim !== 'number').length > 1) return graph.node(operator, names);
  const [first, second] = shapes;
  if ((isSingle(first) || isSingle(second)) && result.length > 1 && result.at(-1) === 1 && !isSmall(result)) {
    const flat = (index: 0 | 1): string =>
      graph.fixedReshape(names[index], isSingle(shapes[index]) ? [] : [sizeOf(shapes[index])]);
    return graph.node('Reshape', [graph.node(operator, [flat(0), flat(1)]), graph.reshapeTarget(result)]);
  }
  if (result.length === 2) {
    const row = shapes.findIndex((shape) => shape.length === 1 && sameDim(shape[0] ?? 1, result[1] ?? 1));
    if (row >= 0 && sameShape(shapes[1 - row] ?? [], result)) return graph.rowOperation(operator, names, shapes);
  }
  const rows = rowForms(first, second, result);
  // Only where the reshapes meet others that they cancel; else they would be more nodes for nothing.
  const isWorthwhile = names.every((name, index) => graph.isReshaped(name) || rows?.[index]?.length === 1);
  if (rows === undefined || !isWorthwhile) return graph.node(operator, names);
  const operands = names.map((name, index) => graph.node('Reshape', [name, graph.reshapeTarget(rows[index] ?? [])]));
  const isRow = rows.some((form) => form.length === 1);
  const value = isRow ? graph.rowOperation(operator, operands, rows) : graph.node(operator, operands);
  return graph.node('Reshape', [value, graph.reshapeTarget(result)]);
}

/** Up to this many numbers a Reshape costs more than their layout. */
const fewNumbers = 4096;

/** Whether so few numbers are made that their layout costs less than a Reshape. */
function isSmall(shape: Shape): boolean {
  return shape.every((dim) => typeof dim === 'number') && elementCount(shape) <= fewNumbers;
}

function isSingle(shape: Shape): boolean {
  return shape.every((dim) => dim === 1);
}

/** Both shapes as rows of the last axis, or undefined where the broadcasting is of another kind. */
function rowForms(a: Shape, b: Shape, result: Shape): readonly [Shape, Shape] | undefined {
  const last = result.at(-1) ?? 1;
  if (result.length < 3 || last === 1) return undefined;
  const matrix = [result.slice(0, -1).reduce((product, dim) => multiplyDims(product, dim), 1), last];
  const form = (shape: Shape): Shape | undefined => {
    if (sameShape(shape, result)) return matrix;
    return isSingle(shape.slice(0, -1)) && sameDim(shape.at(-1) ?? 1, last) ? [last] : undefined;
  };
  const [left, right] = [form(a), form(b)];
  return left === undefined || right === undefined ? undefined : [left, right];
}
