// Matrix products, batched over leading axes, with either operand transposed.
import { ShapeError } from '../../core/errors.js';
import { defineOperator } from '../operator.js';
import { broadcastShapes, elementCount, formatShape, type Shape, sameDim } from '../shape.js';
import type { NdArray, Tensor } from '../tensor.js';
import { broadcastArray, sumTo } from './broadcast.js';
import { checkType } from './define-elementwise.js';
import { reshape } from './reshape.js';

/** Which operands to transpose in their last two axes. */
export interface MatmulOptions {
  /** Default false. */
  readonly transposeA?: boolean;
  /** Default false. */
  readonly transposeB?: boolean;
}

interface MatmulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const matmulOperator = defineOperator<readonly [Tensor, Tensor], MatmulAttributes>({
  name: 'matmul',
  infer: ([a, b], { transposeA, transposeB }) => {
    checkType('matmul', 'float', a.dtype);
    const [rows, innerA] = matrixDims(a.shape, transposeA);
    const [innerB, columns] = matrixDims(b.shape, transposeB);
    if (!sameDim(innerA, innerB) || a.dtype !== b.dtype)
      throw new ShapeError(
        `matmul: ${a.dtype}${formatShape(a.shape)}${transposeA ? ' transposed' : ''} times ` +
          `${b.dtype}${formatShape(b.shape)}${transposeB ? ' transposed' : ''}: the inner lengths ${innerA} and ${innerB} ` +
          'and the types have to be equal.',
      );
    const leading = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
    return { shape: [...leading, rows, columns], dtype: a.dtype };
  },
  gradient: ({ inputs: [a, b], attributes: { transposeA, transposeB } }, dy) => {
    const da = transposeA
      ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
      : matmul(dy, b, { transposeB: !transposeB });
    const db = transposeB
      ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
      : matmul(a, dy, { transposeA: !transposeA });
    return [sumTo(da, a.shape), sumTo(db, b.shape)];
  },
  lower: (graph, [a, b], { inputs, attributes: { transposeA, transposeB }, result }) => {
    if (inputs[0].rank === 2 && inputs[1].rank === 2) {
      // Gemm, unlike MatMul, is fused with an activation that follows it.
      return graph.product([a, b], result.shape, { transA: Number(transposeA), transB: Number(transposeB) });
    }
    return graph.node('MatMul', [
      transposeA ? graph.node('Transpose', [a], { perm: lastTwoSwapped(inputs[0].rank) }) : a,
      transposeB ? graph.node('Transpose', [b], { perm: lastTwoSwapped(inputs[1].rank) }) : b,
    ]);
  },
  evaluate: ([a, b], attributes, shape) => multiplyArrays(a, b, attributes, shape),
  flops: ({ inputs: [a], attributes: { transposeA }, result }) =>
    2 * elementCount(result.shape) * Number(matrixDims(a.shape, transposeA)[1]),
});

function matrixDims(shape: Shape, transposed: boolean) {
  const rows = shape.at(-2);
  const columns = shape.at(-1);
  if (rows === undefined || columns === undefined)
    throw new ShapeError(`matmul: ${formatShape(shape)} is no matrix; two axes or more are needed.`);
  return transposed ? ([columns, rows] as const) : ([rows, columns] as const);
}

function lastTwoSwapped(rank: number): number[] {
  const order = Array.from({ length: rank }, (_, axis) => axis);
  return [...order.slice(0, -2), rank - 1, rank - 2];
}

/**
 * The matrix product over the last two axes; leading axes are batches and broadcast.
 *
 * @example matmul(x, weight)                         // [n, k] x [k, m] -> [n, m]
 * @throws ShapeError where the inner lengths differ
 */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor {
  // A batch of rows times one matrix is a single product of more rows.
  if (a.rank > 2 && b.rank === 2 && !transposeA) {
    const rows = reshape(a, [-1, a.dim(-1)]);
    const product = matmulOperator([rows, b], { transposeA, transposeB });
    return reshape(product, [...a.shape.slice(0, -1), product.dim(-1)]);
  }
  return matmulOperator([a, b], { transposeA, transposeB });
}

function multiplyArrays(
  a: NdArray,
  b: NdArray,
  { transposeA, transposeB }: MatmulAttributes,
  shape: readonly number[],
) {
  const leading = shape.slice(0, -2);
  const left = broadcastArray(a, [...leading, ...a.shape.slice(-2)]);
  const right = broadcastArray(b, [...leading, ...b.shape.slice(-2)]);
  const rows = shape.at(-2) ?? 1;
  const columns = shape.at(-1) ?? 1;
  const inner = a.shape.at(transposeA ? -2 : -1) ?? 1;
  const result = new Float64Array(shape.reduce((x, y) => x * y, 1));
  const [aRow, aInner] = transposeA ? [1, rows] : [inner, 1];
  const [bInner, bColumn] = transposeB ? [1, inner] : [columns, 1];
  for (let index = 0; index < result.length; index++) {
    const matrix = Math.floor(index / (rows * columns));
    const aStart = matrix * rows * inner + (Math.floor(index / columns) % rows) * aRow;
    const bStart = matrix * inner * columns + (index % columns) * bColumn;
    let total = 0;
    for (let k = 0; k < inner; k++) total += (left[aStart + k * aInner] ?? 0) * (right[bStart + k * bInner] ?? 0);
    result[index] = total;
  }
  return result;
}
