// What a program costs, as a table to read: every operator with its place in the model, its shape, its arithmetic and the memory it
// moves. Counted after simplification, so that shared subexpressions count once; a symbolic length counts as one of its symbol.
import { constantData, inputName } from './operators/source.js';
import type { Program, StepProgram } from './program.js';
import { elementCount, formatShape } from './shape.js';
import { simplify } from './simplify.js';
import { type DType, inTopologicalOrder, type Tensor } from './tensor.js';

/** Floating-point operations, a multiply-add counted as two. */
export interface Flops {
  /** Of matrix products and convolutions: what is usually called a model's FLOPs. */
  readonly products: number;
  /** Of all operators. */
  readonly total: number;
}

/** How to print the explanation of a program. */
export interface ExplainOptions {
  /** How many operators to list, the most expensive first; default: all, in the order they are computed. */
  readonly top?: number;
}

interface Cost {
  readonly tensor: Tensor;
  readonly flops: number;
  readonly bytes: number;
}

const products = new Set(['matmul', 'convolution', 'transposedConvolution', 'filterCorrelation']);

/** Operators that hand the same memory on. */
const views = new Set(['reshape', 'stopGradient', 'input', 'constant']);

const bytesPerValue: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int64: 8, bool: 1, uint8: 1 };

/**
 * The floating-point operations of computing some tensors together.
 *
 * @example modelFlops([loss, ...gradients(loss, weights)]).products
 */
export function modelFlops(results: readonly Tensor[]): Flops {
  const costs = costsOf(results);
  const total = (list: readonly Cost[]) => list.reduce((sum, { flops }) => sum + flops, 0);
  return {
    products: total(costs.filter(({ tensor }) => products.has(tensor.operation.operator))),
    total: total(costs),
  };
}

/**
 * A table of all operators of a program: place, operator, shape, FLOPs, bytes read and written, and their shares of all; below it
 * the same summed by operator, and totals.
 *
 * @example console.log(explain(step, { top: 20 }))
 */
export function explain(program: Program | StepProgram, { top }: ExplainOptions = {}): string {
  const results =
    'results' in program
      ? Object.values(program.results)
      : [...Object.values(program.variables).map(({ next }) => next), ...Object.values(program.metrics)];
  const costs = costsOf(results);
  const all = totalOf(costs);
  const listed = top === undefined ? costs : costs.toSorted((a, b) => weight(b, all) - weight(a, all)).slice(0, top);
  const rows = listed.map((cost) => [
    cost.tensor.scope ?? '',
    cost.tensor.operation.operator,
    `${cost.tensor.dtype}${formatShape(cost.tensor.shape)}`,
    ...figures(cost, all),
  ]);
  const operators = [...new Set(costs.map(({ tensor }) => tensor.operation.operator))];
  const byOperator = operators
    .map((operator) => costs.filter(({ tensor }) => tensor.operation.operator === operator))
    .map((group) => ({ operator: group[0]?.tensor.operation.operator ?? '', count: group.length, sum: totalOf(group) }))
    .sort((a, b) => weight(b.sum, all) - weight(a.sum, all));
  const symbols = new Set(
    costs.flatMap(({ tensor }) => tensor.shape.flatMap((d) => (typeof d === 'number' ? [] : [d.symbol]))),
  );
  const heading = ['FLOPs', 'share', 'bytes', 'share'];
  return [
    `${program.name}: ${costs.length} operators, ${readable(all.flops)}FLOP, ${readable(all.bytes)}B moved` +
      (symbols.size === 0 ? '' : ` for ${[...symbols].join(' = ')} = 1`),
    '',
    ...table([['place', 'operator', 'result', ...heading], ...rows], 3),
    ...(rows.length < costs.length ? [`... and ${costs.length - rows.length} more`] : []),
    '',
    ...table(
      [
        ['operator', 'count', ...heading],
        ...byOperator.map(({ operator, count, sum }) => [operator, String(count), ...figures(sum, all)]),
        ['total', String(costs.length), ...figures(all, all)],
      ],
      1,
    ),
  ].join('\n');
}

function costsOf(results: readonly Tensor[]): Cost[] {
  return inTopologicalOrder(simplify(results)).flatMap((tensor) => {
    if (inputName(tensor) !== undefined || constantData(tensor) !== undefined) return [];
    const { operation } = tensor;
    const moved = views.has(operation.operator) ? [] : [...operation.inputs, tensor];
    const bytes = moved.reduce((sum, part) => sum + elementCount(part.shape) * bytesPerValue[part.dtype], 0);
    return [{ tensor, flops: operation.flops(tensor), bytes }];
  });
}

type Total = Pick<Cost, 'flops' | 'bytes'>;

function totalOf(costs: readonly Total[]): Total {
  return {
    flops: costs.reduce((sum, cost) => sum + cost.flops, 0),
    bytes: costs.reduce((sum, cost) => sum + cost.bytes, 0),
  };
}

/** What an operator matters: the larger of its shares. */
function weight(cost: Total, all: Total): number {
  return Math.max(share(cost.flops, all.flops), share(cost.bytes, all.bytes));
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function figures(cost: Total, all: Total): string[] {
  const percent = (part: number, whole: number) => `${(100 * share(part, whole)).toFixed(1)} %`;
  return [readable(cost.flops), percent(cost.flops, all.flops), readable(cost.bytes), percent(cost.bytes, all.bytes)];
}

/** 1234567 as `1.23 M`. */
function readable(value: number): string {
  const power = value < 1000 ? 0 : Math.min(5, Math.floor(Math.log10(value) / 3));
  const digits = power === 0 ? String(value) : (value / 1000 ** power).toPrecision(3);
  return `${digits} ${['', 'k', 'M', 'G', 'T', 'P'][power]}`;
}

/** Columns of equal width: the first `left` aligned to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[], left: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
