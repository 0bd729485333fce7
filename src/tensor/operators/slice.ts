// Taking parts of a tensor along axes and putting parts together: slice, pad, flip, split, concat, stack.
import { ShapeError } from '../../core/errors.js';
import { defineOperator } from '../operator.js';
import { addDims, type Dim, formatShape, normalizeAxis, sameShape, staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { forEachOffset } from './broadcast.js';
import { gather } from './gather.js';
import { expandAxis } from './reshape.js';
import { constant } from './source.js';

interface SliceAttributes {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

const sliceOperator = defineOperator<readonly [Tensor], SliceAttributes>({
  name: 'slice',
  infer: ([x], { axis, start, end }) => ({ shape: x.shape.with(axis, end - start), dtype: x.dtype }),
  gradient: ({ inputs: [x], attributes: { axis, start, end } }, dy) => [
    pad(dy, axis, start, staticDim(x.dim(axis), 'The length of a sliced axis') - end),
  ],
  lower: (graph, [x], { attributes: { axis, start, end } }) =>
    graph.node('Slice', [x, graph.int64s([start]), graph.int64s([end]), graph.int64s([axis])]),
  evaluate: ([x], { axis, start }, shape) => {
    const strides = rowMajorStrides(x.shape);
    const result = new Float64Array(shape.reduce((a, b) => a * b, 1));
    forEachOffset(shape, strides, (offset, index) => {
      result[index] = x.data[offset + start * (strides[axis] ?? 0)] ?? Number.NaN;
    });
    return result;
  },
});

/** Row-major strides, also along axes of length one. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
}

/**
 * The positions from `start` to before `end` of an axis; negative positions count from the end.
 *
 * @example slice(x, -1, 0, 2)                      // [N, 5] -> [N, 2]
 * @throws ShapeError for an empty part or one outside
 */
export function slice(x: Tensor, axis: number, start: number, end?: number): Tensor {
  const position = normalizeAxis(axis, x.rank, 'slice');
  const length = staticDim(x.dim(position), `The length of axis ${axis} in slice`);
  const from = start < 0 ? start + length : start;
  const to = end === undefined ? length : end < 0 ? end + length : end;
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= length))
    throw new ShapeError(
      `slice: ${start} to ${end ?? 'the end'} is no part of axis ${axis} of ${formatShape(x.shape)}.`,
    );
  return from === 0 && to === length ? x : sliceOperator([x], { axis: position, start: from, end: to });
}

interface PadAttributes {
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** What is added. */
  readonly value: number;
}

const padOperator = defineOperator<readonly [Tensor], PadAttributes>({
  name: 'pad',
  infer: ([x], { before, after }) => ({
    shape: x.shape.map((dim, axis) => addDims(dim, (before[axis] ?? 0) + (after[axis] ?? 0))),
    dtype: x.dtype,
  }),
  gradient: ({ inputs: [x], attributes: { before, after } }, dy) => [
    before.reduce((part, start, axis) => {
      if (start === 0 && (after[axis] ?? 0) === 0) return part;
      return slice(part, axis, start, start + staticDim(x.dim(axis), 'The length of a padded axis'));
    }, dy),
  ],
  lower: (graph, [x], { attributes: { before, after, value }, result }) =>
    graph.node('Pad', [
      x,
      graph.int64s([...before, ...after]),
      ...(value === 0 ? [] : [graph.scalar(result.dtype, value)]),
    ]),
  evaluate: ([x], { before, value }, shape) => {
    const strides = rowMajorStrides(shape);
    const start = before.reduce((offset, count, axis) => offset + count * (strides[axis] ?? 0), 0);
    const result = new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(value);
    forEachOffset(x.shape, strides, (offset, index) => {
      result[start + offset] = x.data[index] ?? Number.NaN;
    });
    return result;
  },
});

/**
 * Adds zeros, or another value, before and after an axis.
 *
 * @example pad(x, 1, 2, 0)                         // [N, 5] -> [N, 7]
 * @throws ShapeError for widths that are not whole numbers from 0
 */
export function pad(x: Tensor, axis: number, before: number, after: number, value = 0): Tensor {
  const position = normalizeAxis(axis, x.rank, 'pad');
  return padAxes(
    x,
    x.shape.map((_, other) => (other === position ? [before, after] : [0, 0])),
    value,
  );
}

/** Adds zeros, or another value, around several axes: one pair [before, after] per axis. */
export function padAxes(x: Tensor, widths: readonly (readonly number[])[], value = 0): Tensor {
  const before = widths.map(([first]) => first ?? 0);
  const after = widths.map(([, second]) => second ?? 0);
  if (widths.length !== x.rank || [...before, ...after].some((width) => !Number.isInteger(width) || width < 0))
    throw new ShapeError(
      `pad: ${x.rank} pairs of whole numbers from 0 are needed for ${formatShape(x.shape)}, not ${JSON.stringify(widths)}.`,
    );
  return [...before, ...after].every((width) => width === 0) ? x : padOperator([x], { before, after, value });
}

/** Adds mirrored values before and after an axis, the border itself not repeated. @throws ShapeError where it is too short for that */
export function padReflect(x: Tensor, axis: number, before: number, after: number): Tensor {
  const position = normalizeAxis(axis, x.rank, 'padReflect');
  const length = staticDim(x.dim(position), 'The length of a reflected axis');
  if (before >= length || after >= length)
    throw new ShapeError(`padReflect: ${before} and ${after} values cannot be mirrored from an axis of ${length}.`);
  const index = Int32Array.from({ length: length + before + after }, (_, i) => {
    const position = Math.abs(i - before);
    return position < length ? position : 2 * (length - 1) - position;
  });
  return gather(x, constant(index, [index.length], 'int64'), position);
}

/** Reverses the order along an axis. */
export function flip(x: Tensor, axis: number): Tensor {
  const position = normalizeAxis(axis, x.rank, 'flip');
  const length = staticDim(x.dim(position), 'The length of a flipped axis');
  const index = Int32Array.from({ length }, (_, i) => length - 1 - i);
  return gather(x, constant(index, [length], 'int64'), position);
}

/** Cuts an axis into parts of the given lengths, or into a number of equal parts. @throws ShapeError where they do not add up */
export function split(x: Tensor, axis: number, parts: number | readonly number[]): Tensor[] {
  const position = normalizeAxis(axis, x.rank, 'split');
  const length = staticDim(x.dim(position), 'The length of a split axis');
  const lengths = typeof parts === 'number' ? Array.from({ length: parts }, () => length / parts) : parts;
  if (lengths.some((part) => !Number.isInteger(part) || part < 1) || lengths.reduce((a, b) => a + b, 0) !== length)
    throw new ShapeError(
      `split: an axis of ${length} cannot be cut into ${typeof parts === 'number' ? `${parts} equal parts` : `[${parts}]`}.`,
    );
  let start = 0;
  return lengths.map((part) => {
    start += part;
    return slice(x, position, start - part, start);
  });
}

const concatOperator = defineOperator<readonly Tensor[], { readonly axis: number }>({
  name: 'concat',
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    if (first === undefined) throw new ShapeError('concat: no tensors were given.');
    for (const other of inputs)
      if (
        other.dtype !== first.dtype ||
        other.rank !== first.rank ||
        !sameShape(other.shape.with(axis, 1), first.shape.with(axis, 1))
      )
        throw new ShapeError(
          `concat: ${first.dtype}${formatShape(first.shape)} and ${other.dtype}${formatShape(other.shape)} differ outside axis ${axis}.`,
        );
    const length = inputs.reduce<Dim>((total, other) => addDims(total, other.dim(axis)), 0);
    return { shape: first.shape.with(axis, length), dtype: first.dtype };
  },
  gradient: ({ inputs, attributes: { axis } }, dy) => {
    let start = 0;
    return inputs.map((input) => {
      const length = staticDim(input.dim(axis), 'The length of a concatenated axis');
      start += length;
      return slice(dy, axis, start - length, start);
    });
  },
  lower: (graph, inputs, { attributes: { axis } }) => graph.node('Concat', inputs, { axis }),
  evaluate: (inputs, { axis }, shape) => {
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
    const result = new Float64Array(shape.reduce((a, b) => a * b, 1));
    let offset = 0;
    for (let row = 0; row < outer; row++)
      for (const input of inputs) {
        const width = (input.shape[axis] ?? 0) * inner;
        result.set(input.data.subarray(row * width, (row + 1) * width), offset);
        offset += width;
      }
    return result;
  },
});

/**
 * Joins tensors along an existing axis.
 *
 * @example concat([x, y], -1)                      // [N, 3], [N, 2] -> [N, 5]
 * @throws ShapeError where other axes or the types differ
 */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (first === undefined) throw new ShapeError('concat: no tensors were given; one or more are needed.');
  const position = normalizeAxis(axis, first.rank, 'concat');
  return parts.length === 1 ? first : concatOperator(parts, { axis: position });
}

/** Joins tensors of equal shape along a new axis: n of [3] -> [n, 3]. @throws ShapeError where the shapes differ */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  const [first] = parts;
  for (const part of parts)
    if (first !== undefined && !sameShape(part.shape, first.shape))
      throw new ShapeError(`stack: ${formatShape(first.shape)} and ${formatShape(part.shape)} differ.`);
  return concat(
    parts.map((part) => expandAxis(part, axis)),
    axis,
  );
}
