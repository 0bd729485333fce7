// Looking values up by position, and its adjoint, adding values at positions; one-hot codes and cumulative sums.
import { ShapeError } from '../../core/errors.js';
import { defineOperator, type Operator } from '../operator.js';
import { formatShape, normalizeAxis, type Shape, sameShape } from '../shape.js';
import type { DType, Tensor } from '../tensor.js';
import { add } from './arithmetic.js';
import { broadcastTo } from './broadcast.js';
import { cast } from './cast.js';
import { equal } from './comparison.js';
import { expandAxis, reshape } from './reshape.js';
import { padAxes } from './slice.js';
import { constant, constantData, scalar } from './source.js';
import { transpose } from './transpose.js';

const gatherOperator = defineOperator<readonly [Tensor, Tensor], { readonly axis: number }>({
  name: 'gather',
  infer: ([x, index], { axis }) => {
    if (index.dtype !== 'int64')
      throw new ShapeError(`gather: the positions are ${index.dtype}; they have to be int64.`);
    return { shape: x.shape.toSpliced(axis, 1, ...index.shape), dtype: x.dtype };
  },
  gradient: ({ inputs: [x, index], attributes: { axis } }, dy) => [
    gatheredAdjoint(dy, index, axis, x) ?? scatterAdd(dy, index, axis, x.shape),
    undefined,
  ],
  lower: (graph, [x, index], { attributes: { axis } }) => graph.node('Gather', [x, index], { axis }),
  evaluate: ([x, index], { axis }) => {
    const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const length = x.shape[axis] ?? 1;
    const outer = x.data.length / (inner * length);
    const result = new Float64Array(outer * index.data.length * inner);
    let offset = 0;
    for (let row = 0; row < outer; row++)
      for (const position of index.data) {
        if (position < -length || position >= length)
          throw new ShapeError(`gather: position ${position} is outside axis ${axis} of [${x.shape}].`);
        const from = (row * length + (position < 0 ? position + length : position)) * inner;
        result.set(x.data.subarray(from, from + inner), offset);
        offset += inner;
      }
    return result;
  },
});

/**
 * The entries of an axis at int64 positions: x[..., index, ...]; the positions' axes take the axis's place. Negative positions
 * count from the end.
 *
 * @example gather(embedding, tokens)               // [words, size] at [batch, length] -> [batch, length, size]
 * @throws ShapeError for an axis that does not exist or positions of another type
 */
export function gather(x: Tensor, index: Tensor, axis = 0): Tensor {
  return gatherOperator([x, index], { axis: normalizeAxis(axis, x.rank, 'gather') });
}

/**
 * The adjoint of a gather at constant positions as a few gathers and additions, which runtimes do much faster than adding at
 * positions: the first reads each entry's first use, the second its second, and so on; a zero stands for a use that does not
 * exist. Undefined where positions are not constant or an entry is used often.
 */
function gatheredAdjoint(dy: Tensor, index: Tensor, axis: number, x: Tensor): Tensor | undefined {
  const positions = constantData(index);
  const length = x.dim(axis);
  if (positions === undefined || typeof length !== 'number') return undefined;
  const uses: number[][] = Array.from({ length }, () => []);
  for (const [use, position] of positions.entries()) uses[position < 0 ? position + length : position]?.push(use);
  const most = uses.reduce((sofar, list) => Math.max(sofar, list.length), 1);
  if (most > mostGathers) return undefined;
  const merged = reshape(dy, [...x.shape.slice(0, axis), positions.length, ...x.shape.slice(axis + 1)]);
  const needsZero = uses.some((list) => list.length < most);
  const padded = needsZero
    ? padAxes(
        merged,
        merged.shape.map((_, other) => [0, Number(other === axis)]),
      )
    : merged;
  return Array.from({ length: most }, (_, turn) => Int32Array.from(uses, (list) => list[turn] ?? positions.length))
    .map((turn) => gather(padded, constant(turn, [length], 'int64'), axis))
    .reduce((total, part) => add(total, part));
}

/** From this many passes over the data on, adding at positions is no slower. */
const mostGathers = 9;

const scatterAddOperator = defineOperator<readonly [Tensor, Tensor], { readonly shape: Shape }>({
  name: 'scatterAdd',
  infer: ([updates, index], { shape }) => {
    if (index.dtype !== 'int64')
      throw new ShapeError(`scatterAdd: the positions are ${index.dtype}; they have to be int64.`);
    if (!sameShape(updates.shape, [...index.shape, ...shape.slice(1)]) || index.rank !== 1)
      throw new ShapeError(
        `scatterAdd: updates of ${formatShape([...index.shape, ...shape.slice(1)])} are needed, not ${formatShape(updates.shape)}.`,
      );
    return { shape, dtype: updates.dtype };
  },
  gradient: ({ inputs: [, index] }, dy) => [gather(dy, index, 0), undefined],
  lower: (graph, [updates, index], { result }) => {
    const zeros = graph.node('Expand', [graph.scalar(result.dtype, 0), graph.shape(result.shape)]);
    const columns = graph.node('Unsqueeze', [index, graph.int64s([1])]);
    return graph.node('ScatterND', [zeros, columns, updates], { reduction: 'add' });
  },
  evaluate: ([updates, index], _, shape) => {
    const inner = shape.slice(1).reduce((a, b) => a * b, 1);
    const result = new Float64Array(inner * (shape[0] ?? 0));
    index.data.forEach((position, row) => {
      const to = (position < 0 ? position + (shape[0] ?? 0) : position) * inner;
      for (let i = 0; i < inner; i++) result[to + i] = (result[to + i] ?? 0) + (updates.data[row * inner + i] ?? 0);
    });
    return result;
  },
});

/** The adjoint of {@link gather}: zeros of `shape` to which the updates are added at int64 positions of `axis`. */
export function scatterAdd(updates: Tensor, index: Tensor, axis: number, shape: Shape): Tensor {
  const position = normalizeAxis(axis, shape.length, 'scatterAdd');
  const flatIndex = reshape(index, [-1]);
  const merged = reshape(updates, [...shape.slice(0, position), ...flatIndex.shape, ...shape.slice(position + 1)]);
  const first = [position, ...shape.keys()].filter((other, i) => i === 0 || other !== position);
  const result = scatterAddOperator([transpose(merged, first), flatIndex], {
    shape: first.map((other) => shape[other] ?? 1),
  });
  return transpose(
    result,
    first.map((_, other) => first.indexOf(other)),
  );
}

/**
 * For each int64 class, a row of zeros with a one at its place: [...] -> [..., count]. Classes outside give zeros.
 *
 * @example oneHot(input('label', [batch], 'int64'), 10)
 */
export function oneHot(classes: Tensor, count: number, dtype: DType = 'float32'): Tensor {
  return cast(equal(expandAxis(classes, -1), range(count)), dtype);
}

interface CumulativeSumAttributes {
  readonly axis: number;
  readonly reverse: boolean;
}

const cumulativeSumOperator: Operator<readonly [Tensor], CumulativeSumAttributes> = defineOperator({
  name: 'cumulativeSum',
  infer: ([x]: readonly [Tensor]) => ({ shape: x.shape, dtype: x.dtype }),
  gradient: ({ attributes: { axis, reverse } }, dy) => [cumulativeSumOperator([dy], { axis, reverse: !reverse })],
  lower: (graph, [x], { attributes: { axis, reverse } }) =>
    graph.node('CumSum', [x, graph.scalar('int64', axis)], { reverse: Number(reverse) }),
  evaluate: ([x], { axis, reverse }) => {
    const inner = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const length = x.shape[axis] ?? 1;
    const result = x.data.slice();
    for (let start = 0; start < result.length; start += length * inner)
      for (let i = 1; i < length; i++)
        for (let j = 0; j < inner; j++) {
          const to = start + (reverse ? length - 1 - i : i) * inner + j;
          result[to] = (result[to] ?? 0) + (result[to + (reverse ? inner : -inner)] ?? 0);
        }
    return result;
  },
});

/** Running sums along an axis, from its start or, reversed, from its end. */
export function cumulativeSum(x: Tensor, axis = -1, { reverse = false }: { readonly reverse?: boolean } = {}): Tensor {
  return cumulativeSumOperator([x], { axis: normalizeAxis(axis, x.rank, 'cumulativeSum'), reverse });
}

/** A tensor of equal numbers. @example full([2, 3], 1) */
export function full(shape: Shape, value: number, dtype: DType = 'float32'): Tensor {
  return broadcastTo(scalar(value, dtype), shape);
}

/** The numbers 0 to length - 1 as an int64 constant [length]. */
export function range(length: number): Tensor {
  return constant(
    Int32Array.from({ length }, (_, i) => i),
    [length],
    'int64',
  );
}
