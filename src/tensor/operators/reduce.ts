// Reductions over axes: sum, mean, variance, norm, product, max, min, log-sum-exp, arg-max.
import { ConfigError } from '../../core/errors.js';
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { type BlockedDefinition, defineOperator } from '../operator.js';
import { type Dim, elementCount, multiplyDims, normalizeAxes, normalizeAxis, type Shape, staticDim } from '../shape.js';
import type { NdArray, Tensor } from '../tensor.js';
import { add, divide, multiply, sqrt, square, subtract } from './arithmetic.js';
import { broadcastStrides, broadcastTo, forEachOffset } from './broadcast.js';
import { cast, stopGradient } from './cast.js';
import { clip, equal, greater, largestFloat32, where } from './comparison.js';
import { checkType } from './define-elementwise.js';
import { exp, log } from './exponential.js';
import { reshape, squeeze } from './reshape.js';
import { concat, slice } from './slice.js';

/** Which axes to reduce, and whether they stay with length one. */
export interface ReduceOptions {
  /** One axis or several; negative ones count from the back. Default: all. */
  readonly axes?: number | readonly number[];
  /** Keep reduced axes with length one. Default false. */
  readonly keepAxes?: boolean;
}

interface ReduceAttributes {
  readonly axes: readonly number[];
}

interface Reduction {
  readonly name: string;
  readonly onnx: string;
  /** Whether reducing parts first and then the parts' results gives the same. */
  readonly splits?: boolean;
  readonly start: number;
  readonly combine: (accumulated: number, value: number) => number;
  readonly gradient: (x: Tensor, result: Tensor, gradient: Tensor) => Tensor;
  readonly flops: number;
}

const keptShape = (shape: Shape, axes: readonly number[]): Shape =>
  shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));

/** All reductions keep their axes inside; the public functions drop them. */
function defineReduction({ name, onnx, splits = false, start, combine, gradient, flops }: Reduction) {
  return defineOperator<readonly [Tensor], ReduceAttributes>({
    name,
    infer: ([x], { axes }) => {
      checkType(name, 'number', x.dtype);
      return { shape: keptShape(x.shape, axes), dtype: x.dtype };
    },
    gradient: ({ inputs: [x], result }, dy) => [gradient(x, result, dy)],
    lower: (graph, [x], { inputs: [input], attributes: { axes }, result }) => {
      const stages = (splits ? stagesOf(input.shape, axes) : undefined) ?? [mergedAxes(input.shape, axes)];
      const [only] = stages;
      if (stages.length === 1 && only !== undefined && isAll(only)) {
        const whole = graph.ofShape(graph.node(onnx, [x], { keepdims: 0 }), []);
        return graph.node('Reshape', [whole, graph.reshapeTarget(result.shape)]);
      }
      if (stages.length === 1 && only?.shape.length === input.rank)
        return graph.node(onnx, [x, graph.int64s(axes)], { keepdims: 1 });
      const reduced = stages.reduce((value, stage) => {
        const stacked = graph.node('Reshape', [value, graph.reshapeTarget(stage.shape)]);
        if (stage.isShort === true) return sumOfParts(graph, stacked, Number(stage.shape[1]));
        const rest = stage.shape.filter((_, axis) => !stage.axes.includes(axis));
        return graph.ofShape(graph.node(onnx, [stacked, graph.int64s(stage.axes)], { keepdims: 0 }), rest);
      }, x);
      return graph.node('Reshape', [reduced, graph.reshapeTarget(result.shape)]);
    },
    ...(splits ? { blocked: blockedReduction(onnx) } : {}),
    evaluate: ([x], _, shape) => reduceArray(x, shape, start, combine),
    flops: ({ inputs: [x] }) => flops * elementCount(x.shape),
  });
}

/**
 * Sums over images in blocks: over all of an image or of the batch, where the order of numbers is all the same, and for each channel, over the
 * batch first, whose images lie in memory one after the other.
 */
function blockedReduction(onnx: string): BlockedDefinition<readonly [Tensor], ReduceAttributes> {
  const isPerImage = ({ rank }: Tensor, axes: readonly number[]) =>
    axes.length === rank || (axes.length === rank - 1 && axes[0] === 1);
  const isPerChannel = ({ rank }: Tensor, axes: readonly number[]) => rank === 4 && axes.join() === '0,1,2';
  return {
    layouts: (_, { inputs: [x], attributes: { axes } }) => ({
      inputs: [isPerImage(x, axes) || isPerChannel(x, axes) ? 'either' : 'ordered'],
      result: 'ordered',
    }),
    lower: (graph, [x], { inputs: [input], attributes: { axes }, result }) => {
      if (x.image === undefined || !(isPerImage(input, axes) || isPerChannel(input, axes))) return undefined;
      const { height, width, channels } = x.image;
      const [pixels, block] = [height * width, graph.channelBlock ?? 1];
      const over = (value: string, axis: number): string =>
        graph.node(onnx, [value, graph.int64s([axis])], { keepdims: 0 });
      const last = isPerImage(input, axes)
        ? x.blocked
        : graph.node('Reshape', [over(x.blocked, 0), graph.int64s([channels / block, pixels, block])]);
      const sums = over(last, 1);
      const total = axes.length === input.rank ? over(sums, 0) : sums;
      return { ordered: graph.node('Reshape', [total, graph.reshapeTarget(result.shape)]) };
    },
  };
}

/** What one operator reduces: axes of its operand in a shape. */
interface Stage {
  readonly shape: Shape;
  readonly axes: readonly number[];
  /** Whether few numbers lie side by side behind a short middle axis, so that its parts are better added to each other. */
  readonly isShort?: boolean;
}

/**
 * A shape in which neighbouring axes that are reduced are one, as are neighbouring axes that are kept, and axes of length one are gone:
 * with few axes ONNX Runtime takes its fast paths (five times faster than over the last four axes of [64, 7, 7, 1, 128]).
 */
function mergedAxes(shape: Shape, axes: readonly number[]): Stage {
  const runs: { length: Dim; readonly isReduced: boolean }[] = [];
  for (const [axis, dim] of shape.entries()) {
    const isReduced = axes.includes(axis);
    const last = runs.at(-1);
    const fits = last?.isReduced === isReduced && (typeof last.length === 'number' || typeof dim === 'number');
    if (fits) last.length = multiplyDims(last.length, dim);
    else if (dim !== 1) runs.push({ length: dim, isReduced });
  }
  const reduced = runs.flatMap(({ isReduced }, axis) => (isReduced ? [axis] : []));
  // Nothing but axes of length one, or only such are reduced.
  if (reduced.length === 0) return { shape, axes };
  return { shape: runs.map(({ length }) => length), axes: reduced };
}

/** Whether a few numbers are reduced to one, for which no axes need to be told. */
function isAll({ shape, axes }: Stage): boolean {
  const isKnown = shape.every((dim) => typeof dim === 'number');
  return axes.length === shape.length && isKnown && elementCount(shape) < splitFrom;
}

/** The operators to sum by, one after the other; undefined where one is as good, or a length that matters is not known. */
function stagesOf(shape: Shape, axes: readonly number[]): readonly Stage[] | undefined {
  const lengths = shape.map((dim) => (typeof dim === 'number' ? dim : Number.NaN));
  const parts = leadingParts(lengths, axes);
  if (parts !== undefined) return parts;
  const merged = mergedAxes(shape, axes);
  const [first = 1, ...others] = merged.shape;
  const isKnown = others.every((dim) => typeof dim === 'number') && (typeof first === 'number' || merged.axes[0] !== 0);
  if (merged.shape.length <= fastAxes || !isKnown) return undefined;
  return merged.axes.map((axis) => {
    const length = Number(merged.shape[axis]);
    const inner = productOf(merged.shape.slice(axis + 1).map(Number));
    const kept = merged.shape.slice(0, axis).filter((_, before) => !merged.axes.includes(before));
    const isShort = inner < shortInner && length <= fewParts;
    return { shape: [kept.reduce<Dim>(multiplyDims, 1), length, inner], axes: [1], isShort };
  });
}

/** The sum over the middle axis of [outer, length, inner], part by part. */
function sumOfParts(graph: GraphBuilder, value: string, length: number): string {
  const parts = Array.from({ length }, (_, part) =>
    graph.node('Gather', [value, graph.constant('int64', [], [part])], { axis: 1 }),
  );
  return parts.reduce((sum, part) => graph.node('Add', [sum, part]));
}

/** Fewer numbers than this side by side are slow to reduce. */
const shortInner = 8;
/** Up to this many parts are added one by one. */
const fewParts = 4;

/** ONNX Runtime reduces up to this many merged axes in the order in which they lie in memory, in parallel. */
const fastAxes = 3;

const productOf = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);

/** Below this many values one pass is as good as two. */
const splitFrom = 16_384;

/**
 * A reduction of long leading axes in two passes: ONNX Runtime runs the parts of the first in parallel and reads memory in order, which a
 * single reduction of leading axes does not (nine times faster at [12544, 64] on two cores). It is also more accurate, as all sums in parts
 * are.
 */
function leadingParts(lengths: readonly number[], axes: readonly number[]): readonly Stage[] | undefined {
  const [rows, inner] = [productOf(lengths.slice(0, axes.length)), productOf(lengths.slice(axes.length))];
  if (axes.some((axis, index) => axis !== index) || !(rows * inner >= splitFrom)) return undefined;
  for (let parts = Math.floor(Math.sqrt(rows)); parts >= 4; parts--)
    if (rows % parts === 0)
      return [
        { shape: [parts, rows / parts, inner], axes: [1] },
        { shape: [parts, inner], axes: [0] },
      ];
  return undefined;
}

const sumOperator = defineReduction({
  name: 'sum',
  onnx: 'ReduceSum',
  splits: true,
  start: 0,
  combine: (a, b) => a + b,
  gradient: (x, _, dy) => broadcastTo(dy, x.shape),
  flops: 1,
});

/** Ties share the gradient evenly, so that the gradient of a symmetric function is symmetric. */
const extremeGradient = (x: Tensor, result: Tensor, dy: Tensor): Tensor => {
  const chosen = cast(equal(x, result), x.dtype);
  const axes = x.shape.flatMap((dim, axis) => (result.shape[axis] === 1 && dim !== 1 ? [axis] : []));
  return multiply(chosen, divide(dy, sum(chosen, { axes, keepAxes: true })));
};

const maxOperator = defineReduction({
  name: 'max',
  onnx: 'ReduceMax',
  start: Number.NEGATIVE_INFINITY,
  combine: Math.max,
  gradient: extremeGradient,
  flops: 1,
});

const minOperator = defineReduction({
  name: 'min',
  onnx: 'ReduceMin',
  start: Number.POSITIVE_INFINITY,
  combine: Math.min,
  gradient: extremeGradient,
  flops: 1,
});

/** @throws ConfigError for what is no options: `sum(x, 0)` or `{ axis: 0 }` would otherwise reduce all axes, and nobody would notice */
function checkOptions(name: string, options: ReduceOptions): void {
  const example = `${name}(x, { axes: ${typeof options === 'number' || Array.isArray(options) ? JSON.stringify(options) : 0} })`;
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new ConfigError(
      `${name} takes the axes by name: ${example}; received ${JSON.stringify(options)} instead of options.`,
    );
  const unknown = Object.keys(options).find((key) => key !== 'axes' && key !== 'keepAxes');
  if (unknown !== undefined)
    throw new ConfigError(`${name} has no option "${unknown}". Its options: axes, keepAxes, as in ${example}.`);
}

function reduced(
  name: string,
  operator: (inputs: readonly [Tensor], attributes: ReduceAttributes) => Tensor,
  x: Tensor,
  { axes, keepAxes = false }: ReduceOptions,
): Tensor {
  const list = normalizeAxes(axes, x.rank, name);
  if (list.length === 0) return x;
  const kept = operator([x], { axes: list });
  return keepAxes
    ? kept
    : reshape(
        kept,
        x.shape.filter((_, axis) => !list.includes(axis)),
      );
}

/**
 * The sum over axes.
 *
 * @example sum(x, { axes: [1, 2] })                // [N, H, W, C] -> [N, C]
 * @throws ShapeError for an axis that does not exist
 */
export function sum(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkOptions('sum', options);
  return reduced('sum', sumOperator, x, options);
}

/** The arithmetic mean over axes. @throws ShapeError over a symbolic axis, whose length is not known. */
export function mean(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkOptions('mean', options);
  checkType('mean', 'float', x.dtype);
  const axes = normalizeAxes(options.axes, x.rank, 'mean');
  const count = axes.reduce(
    (product, axis) => product * staticDim(x.dim(axis), `The length of axis ${axis} in mean`),
    1,
  );
  return multiply(sum(x, options), 1 / count);
}

/** The mean squared deviation from the mean over axes (division by n, the maximum-likelihood estimate). */
export function variance(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkOptions('variance', options);
  const centred = subtract(x, mean(x, { ...options, keepAxes: true }));
  return mean(square(centred), options);
}

/** The mean of x^2 over axes. */
export function meanSquare(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkOptions('meanSquare', options);
  return mean(square(x), options);
}

/** The Euclidean norm sqrt(sum(x^2)) over axes; its gradient x / norm is taken as 0 where the norm is 0. */
export function norm(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkOptions('norm', options);
  const total = sum(square(x), options);
  const isPositive = greater(total, 0);
  return where(isPositive, sqrt(where(isPositive, total, 1)), 0);
}

/** The product over one axis, by halves, so that the gradient is right where factors are 0. @throws ShapeError over a symbolic axis */
export function product(x: Tensor, axis: number): Tensor {
  const position = normalizeAxis(axis, x.rank, 'product');
  let rest = x;
  for (
    let length = staticDim(x.dim(position), 'The length of the axis of a product');
    length > 1;
    length = Math.ceil(length / 2)
  ) {
    const half = Math.floor(length / 2);
    const pairs = multiply(slice(rest, position, 0, half), slice(rest, position, half, 2 * half));
    rest = length % 2 === 0 ? pairs : concat([pairs, slice(rest, position, 2 * half)], position);
  }
  return squeeze(rest, position);
}

/** The largest value over axes; equal ones share the gradient. */
export function max(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkOptions('max', options);
  return reduced('max', maxOperator, x, options);
}

/** The smallest value over axes; equal ones share the gradient. */
export function min(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkOptions('min', options);
  return reduced('min', minOperator, x, options);
}

/** log(sum(exp(x))) over axes, without overflow: the largest value is taken out first. Minus infinity where all values are. */
export function logSumExp(x: Tensor, options: ReduceOptions = {}): Tensor {
  checkOptions('logSumExp', options);
  // Kept finite, or all values minus infinity would give infinity - infinity.
  const limit = x.dtype === 'float64' ? Number.MAX_VALUE : largestFloat32;
  const largest = stopGradient(clip(max(x, { ...options, keepAxes: true }), -limit, limit));
  const kept = add(log(sum(exp(subtract(x, largest)), { ...options, keepAxes: true })), largest);
  if (options.keepAxes === true) return kept;
  const axes = normalizeAxes(options.axes, x.rank, 'logSumExp');
  return reshape(
    kept,
    x.shape.filter((_, axis) => !axes.includes(axis)),
  );
}

const argMaxOperator = defineOperator<readonly [Tensor], { readonly axis: number }>({
  name: 'argMax',
  infer: ([x], { axis }) => ({ shape: x.shape.toSpliced(axis, 1), dtype: 'int64' }),
  lower: (graph, [x], { attributes }) => graph.node('ArgMax', [x], { axis: attributes.axis, keepdims: 0 }),
  evaluate: ([x], { axis }) => {
    const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const length = x.shape[axis] ?? 1;
    return Float64Array.from({ length: x.data.length / length }, (_, index) => {
      const start = Math.floor(index / inner) * inner * length + (index % inner);
      let best = 0;
      for (let i = 1; i < length; i++)
        if ((x.data[start + i * inner] ?? 0) > (x.data[start + best * inner] ?? 0)) best = i;
      return best;
    });
  },
});

/** The position of the largest value along an axis, the first of equals, as int64. */
export function argMax(x: Tensor, axis = -1): Tensor {
  return argMaxOperator([x], { axis: normalizeAxis(axis, x.rank, 'argMax') });
}

/** Reduces the axes of `array` that have length one in `shape`. */
export function reduceArray(
  array: NdArray,
  shape: readonly number[],
  start: number,
  combine: (accumulated: number, value: number) => number,
): Float64Array {
  const result = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(start);
  forEachOffset(array.shape, broadcastStrides(shape, array.shape), (offset, index) => {
    result[offset] = combine(result[offset] ?? 0, array.data[index] ?? 0);
  });
  return result;
}
