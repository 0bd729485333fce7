// Matrix products, batched over leading axes, with either operand transposed.
import { ShapeError } from '../../core/errors.js';
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { type Application, defineOperator } from '../operator.js';
import { broadcastShapes, elementCount, formatShape, type Shape, sameDim } from '../shape.js';
import type { BlockedImage, KeptInBlocks, LaidOut, Layout, Made, NdArray, Tensor } from '../tensor.js';
import { vectorsInBlocks, vectorsInOrder } from './blocked-images.js';
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

type MatmulApplication = Application<readonly [Tensor, Tensor], MatmulAttributes>;

/** So many times smaller has to be what is put into the order of blocks beside rows of images in blocks. */
const muchSmaller = 4;

/**
 * Rows of images [N, K] in blocks are multiplied as they are where what else has K numbers to a side, which then has to be in the same order,
 * is much smaller.
 */
function matmulLayouts({ inputs: [a, b], attributes: { transposeA, transposeB }, result }: MatmulApplication) {
  const layout = (rows: Tensor, other: Tensor): Layout => {
    const isKnown = [a, b].every(({ rank, shape }) => rank === 2 && shape.every((dim) => typeof dim === 'number'));
    const isSmall = elementCount(other.shape) * muchSmaller <= elementCount(rows.shape);
    return isKnown && isSmall ? 'either' : 'ordered';
  };
  return {
    inputs: [layout(a, transposeA ? result : b), layout(b, transposeB ? a : result)],
    result: layout(result, b),
  } as const;
}

/** The product where rows of images lie in blocks: what meets them is put into their order, and what comes out in it is put back. */
function lowerBlockedProduct(
  graph: GraphBuilder,
  operands: readonly [LaidOut, LaidOut],
  { inputs, attributes: { transposeA, transposeB }, result }: MatmulApplication,
  image: BlockedImage | undefined,
): Made {
  const layouts = matmulLayouts({ inputs, attributes: { transposeA, transposeB }, result });
  const kept = (index: 0 | 1): KeptInBlocks | undefined => {
    const value = operands[index];
    return layouts.inputs[index] === 'either' && value.image !== undefined ? value : undefined;
  };
  const [a, b] = [kept(0), kept(1)];
  const block = graph.channelBlock ?? 1;
  // The last axis of what lies in blocks is summed over, or becomes an axis of the result.
  const summed = (transposeA ? undefined : a) ?? (transposeB ? b : undefined);
  const operand = (index: 0 | 1, axis: 0 | 1): string => {
    const value = kept(index)?.blocked ?? operands[index].ordered;
    const isInOrder = summed === undefined || summed === kept(index);
    return isInOrder ? value : vectorsAlong(graph, value, inputs[index], vectorsInBlocks(summed.image, block), axis);
  };
  const left = operand(0, transposeA ? 0 : 1);
  const right = operand(1, transposeB ? 1 : 0);
  const givesBlocks = image !== undefined && layouts.result === 'either';
  const [rows, columns] = [transposeA ? a : undefined, transposeB ? undefined : b];
  const inOrder =
    givesBlocks && columns === undefined
      ? vectorsAlong(graph, right, inputs[1], vectorsInBlocks(image, block), transposeB ? 0 : 1)
      : right;
  const attributes = { transA: Number(transposeA), transB: Number(transposeB) };
  const product = graph.product([left, inOrder], result.shape, attributes);
  const above =
    rows === undefined ? product : vectorsAlong(graph, product, result, vectorsInOrder(rows.image, block), 0);
  if (givesBlocks) return { blocked: above };
  const value =
    columns === undefined ? above : vectorsAlong(graph, above, result, vectorsInOrder(columns.image, block), 1);
  return { ordered: value };
}

/** A matrix whose rows, or columns, are put in another order, in vectors of as many as lie together. */
function vectorsAlong(graph: GraphBuilder, value: string, matrix: Tensor, order: Int32Array, axis: 0 | 1): string {
  const [rows = 1, columns = 1] = matrix.shape.map(Number);
  const outer = axis === 0 ? 1 : rows;
  const vectors = graph.node('Reshape', [
    value,
    graph.int64s([outer, order.length, (rows * columns) / (outer * order.length)]),
  ]);
  const ordered = graph.node('Gather', [vectors, graph.constant('int64', [order.length], order)], { axis: 1 });
  return graph.node('Reshape', [ordered, graph.int64s([rows, columns])]);
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
  blocked: {
    layouts: (_, application) => matmulLayouts(application),
    lower: (graph, operands, application, image) =>
      application.inputs.every(({ rank }) => rank === 2)
        ? lowerBlockedProduct(graph, operands, application, image)
        : undefined,
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
