// Shapes: whole numbers, and symbolic dimensions such as a batch size that is only known when a program runs.
import { ShapeError } from '../core/errors.js';

/** A dimension known only at run time, times a whole number: `batch`, or `49*batch` after merging axes. */
export class SymbolicDim {
  readonly symbol: string;
  readonly factor: number;

  constructor(symbol: string, factor = 1) {
    this.symbol = symbol;
    this.factor = factor;
  }

  toString(): string {
    return this.factor === 1 ? this.symbol : `${this.factor}*${this.symbol}`;
  }

  /** In counts of work a symbolic length stands for one of its symbol: a program's FLOPs are those of one example. */
  valueOf(): number {
    return this.factor;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The length of one axis. */
export type Dim = number | SymbolicDim;

/** The lengths of all axes; a scalar has none. */
export type Shape = readonly Dim[];

/** The batch dimension of saved programs. */
export const batch = new SymbolicDim('batch');

/** A shape as text, `[batch, 28, 28, 1]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Whether two lengths are known to be equal. */
export function sameDim(a: Dim, b: Dim): boolean {
  if (typeof a === 'number' || typeof b === 'number') return a === b;
  return a.symbol === b.symbol && a.factor === b.factor;
}

/** Whether two shapes are known to be equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => sameDim(dim, b[axis] ?? -1));
}

/** a * b, of which at most one may be symbolic. */
export function multiplyDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number') return typeof b === 'number' ? a * b : scaled(b, a);
  if (typeof b === 'number') return scaled(a, b);
  throw new ShapeError(`Two symbolic dimensions, ${a} and ${b}, cannot be merged into one.`);
}

function scaled(dim: SymbolicDim, factor: number): Dim {
  return factor === 0 ? 0 : new SymbolicDim(dim.symbol, dim.factor * factor);
}

/** a + b, both whole numbers or multiples of the same symbol. */
export function addDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  if (typeof a !== 'number' && typeof b !== 'number' && a.symbol === b.symbol)
    return new SymbolicDim(a.symbol, a.factor + b.factor);
  throw new ShapeError(`The dimensions ${a} and ${b} cannot be added: one is known only when the program runs.`);
}

/** a / b where that is exact, else undefined. */
export function divideDims(a: Dim, b: Dim): Dim | undefined {
  if (b === 0) return undefined;
  if (typeof a === 'number') return typeof b === 'number' && a % b === 0 ? a / b : undefined;
  if (typeof b === 'number') return a.factor % b === 0 ? new SymbolicDim(a.symbol, a.factor / b) : undefined;
  return a.symbol === b.symbol && a.factor % b.factor === 0 ? a.factor / b.factor : undefined;
}

/** The number of elements. @throws ShapeError where two lengths are symbolic */
export function sizeOf(shape: Shape): Dim {
  return shape.reduce<Dim>(multiplyDims, 1);
}

/** The number of elements, a symbolic length counted as one of its symbol. */
export function elementCount(shape: Shape): number {
  return shape.reduce<number>((product, dim) => product * Number(dim), 1);
}

/** Whether two shapes have the same number of elements, whatever symbolic lengths are. */
export function sameSize(a: Shape, b: Shape): boolean {
  const symbols = (shape: Shape) => shape.flatMap((dim) => (typeof dim === 'number' ? [] : [dim.symbol])).sort();
  return elementCount(a) === elementCount(b) && symbols(a).join() === symbols(b).join();
}

/** A dimension that has to be known now. @throws ShapeError naming `what` for a symbolic one. */
export function staticDim(dim: Dim | undefined, what: string): number {
  if (typeof dim === 'number') return dim;
  throw new ShapeError(`${what} has to be a known number; it is ${dim ?? 'missing'}.`);
}

/** A shape that has to be known now. @throws ShapeError naming `what`. */
export function staticShape(shape: Shape, what: string): number[] {
  return shape.map((dim) => staticDim(dim, what));
}

/** Axis `axis` counted from the front; negative ones count from the back. @throws ShapeError outside the shape. */
export function normalizeAxis(axis: number, rank: number, operation: string): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normal < 0 || normal >= rank)
    throw new ShapeError(`${operation}: axis ${axis} does not exist in a tensor of ${rank} axes.`);
  return normal;
}

/** Several axes, or all where none are named, counted from the front, in order. */
export function normalizeAxes(axes: number | readonly number[] | undefined, rank: number, operation: string): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const list = typeof axes === 'number' ? [axes] : axes;
  const normal = list.map((axis) => normalizeAxis(axis, rank, operation)).sort((a, b) => a - b);
  if (new Set(normal).size !== normal.length)
    throw new ShapeError(`${operation}: an axis is named twice in [${list}].`);
  return normal;
}

/** The common shape of operands under NumPy's broadcasting rule. @throws ShapeError where two lengths clash. */
export function broadcastShapes(operation: string, ...shapes: Shape[]): Dim[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let result: Dim = 1;
    for (const shape of shapes) {
      const dim = shape[axis - rank + shape.length] ?? 1;
      if (sameDim(dim, 1) || sameDim(dim, result)) continue;
      if (!sameDim(result, 1))
        throw new ShapeError(
          `${operation}: the shapes ${shapes.map(formatShape).join(' and ')} do not fit together: ` +
            `${result} and ${dim} in axis ${axis} of ${rank}. Equal lengths, or one of them 1, are needed.`,
        );
      result = dim;
    }
    return result;
  });
}
