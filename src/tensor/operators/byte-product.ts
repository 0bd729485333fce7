// Products of matrices of bytes: processors multiply bytes several times as fast as floats, and the sums are exact.
import { ShapeError } from '../../core/errors.js';
import { onnxType } from '../onnx/messages.js';
import { defineOperator } from '../operator.js';
import { formatShape, sameDim, staticDim } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Terms of a sum: 255 x 255 x this stays within int32, in which they are added up. */
export const mostByteTerms = 33_025;

/** How bytes are multiplied. */
interface ByteProductAttributes {
  readonly transposeA: boolean;
  /**
   * Whether the second factor is handed over as b - 128, a signed byte: where processors add up products of an unsigned and a signed
   * byte in 32 bits, that takes half the time. Older ones add two of them up in 16 bits first, which is wrong for large bytes.
   */
  readonly signed: boolean;
}

/** ONNX's number for signed bytes, which no tensor here is of. */
const int8 = 3;

const byteProductOperator = defineOperator<readonly [Tensor, Tensor], ByteProductAttributes>({
  name: 'byteProduct',
  infer: ([a, b], { transposeA }) => {
    const [first, second] = [a.dim(0), a.dim(1)];
    const [rows, innerA] = transposeA ? [second, first] : [first, second];
    const [innerB, columns] = [b.dim(0), b.dim(1)];
    if (a.dtype !== 'uint8' || b.dtype !== 'uint8' || a.rank !== 2 || b.rank !== 2 || !sameDim(innerA, innerB))
      throw new ShapeError(
        `byteProduct: ${a}${transposeA ? ' transposed' : ''} times ${b}; both have to be uint8 matrices of the same inner length.`,
      );
    if (staticDim(innerA, 'The inner length of a product of bytes') > mostByteTerms)
      throw new ShapeError(
        `byteProduct: sums of ${innerA} products of bytes, ${formatShape(a.shape)} times ${formatShape(b.shape)}, may leave int32; ` +
          `at most ${mostByteTerms} stay within it. Cut the matrices up and add in float64.`,
      );
    return { shape: [rows, columns], dtype: 'float64' };
  },
  lower: (graph, [a, b], { attributes: { transposeA, signed } }) => {
    const first = transposeA ? graph.node('Transpose', [a], { perm: [1, 0] }) : a;
    if (!signed) return graph.node('Cast', [graph.node('MatMulInteger', [first, b])], { to: onnxType.float64 });
    // The upper bit of b changed, read as a signed byte, is b - 128; so is that of a zero.
    const half = graph.scalar('uint8', 128);
    const second = graph.node('Cast', [graph.node('BitwiseXor', [b, half])], { to: int8 });
    const zero = graph.node('Cast', [half], { to: int8 });
    return graph.node('Cast', [graph.node('MatMulInteger', [first, second, '', zero])], { to: onnxType.float64 });
  },
  evaluate: ([a, b], { transposeA }, [rows = 0, columns = 0]) => {
    const inner = b.shape[0] ?? 0;
    const [aRow, aInner] = transposeA ? [1, rows] : [inner, 1];
    return Float64Array.from({ length: rows * columns }, (_, index) => {
      const [i, j] = [Math.floor(index / columns), index % columns];
      let total = 0;
      for (let k = 0; k < inner; k++) total += (a.data[i * aRow + k * aInner] ?? 0) * (b.data[k * columns + j] ?? 0);
      return total;
    });
  },
  flops: ({ inputs: [, b], result }) => 2 * Number(b.shape[0]) * result.shape.map(Number).reduce((x, y) => x * y, 1),
});

/**
 * The matrix product of bytes, exact, as float64. With `signed`, which takes half the time, it is exact only on processors that multiply
 * signed bytes exactly: models/signed-bytes.ts finds that out.
 *
 * @example byteProduct(x, x, { transposeA: true })     // uint8 [n, k] -> [k, k]
 * @throws ShapeError for other than uint8 matrices, inner lengths that differ, or sums that may leave int32
 */
export function byteProduct(
  a: Tensor,
  b: Tensor,
  { transposeA = false, signed = false }: Partial<ByteProductAttributes> = {},
): Tensor {
  return byteProductOperator([a, b], { transposeA, signed });
}
