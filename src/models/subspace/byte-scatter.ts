// The scatter of rows that are kept as bytes, from whole numbers: exact up to the last step, and several times as fast as in floats.
// With bytes b = q x, any whole numbers m near their means, P = sum b b^T and s = sum b,
//
//   q^2 S = sum (b - m)(b - m)^T - r r^T / n,   sum (b - m)(b - m)^T = P - m s^T - s m^T + n m m^T,   r = s - n m
//
// All but r r^T / n are whole numbers below 2^53. The pixels of images are b / 255 here, not the nearest float32: a share of 3e-8 apart.
import { type ByteRows, type Dataset, exampleSize } from '../../data/dataset.js';
import type { Runtime } from '../../runtime/runtime.js';
import { byteProduct, constant, slice } from '../../tensor/index.js';
import { RowReduction } from '../row-reduction.js';
import { multipliesSignedBytes } from '../signed-bytes.js';
import { blockEnds, evenRows, numbers, type ScatterSummary } from './scatter.js';

/** Rows of a chunk: its sums stay in int32, and its products outweigh adding them up. */
const chunkRows = 4096;
/** Bytes of a chunk at most. */
const chunkBytes = 2 ** 23;

/** The bytes of data that `runtime` multiplies as such. */
export function byteRowsFor(runtime: Runtime, data: Dataset): ByteRows | undefined {
  return runtime.device === 'webgpu' ? undefined : data.gather.bytes;
}

/** Sums over all rows of a data set of bytes, in one pass. The data is streamed, never held twice. */
export async function summarizeByteScatter(
  runtime: Runtime,
  data: Dataset,
  { divisor }: ByteRows,
): Promise<ScatterSummary> {
  const { length: count, exampleShape } = data;
  const features = exampleSize(exampleShape);
  const ends = blockEnds(features);
  const signed = await multipliesSignedBytes(runtime);
  const reduction = await RowReduction.open(runtime, {
    name: 'byte-scatter',
    data,
    memoryBudget: 0,
    chunkRows: evenRows(count, Math.min(count, chunkRows, Math.ceil(chunkBytes / features))),
    // Rows that fill up the last chunk are zero, and add nothing.
    statistics: ({ x, bytes: { values } = { values: x } }) => {
      const ones = constant(new Uint8Array(Number(values.dim(0))).fill(1), [values.dim(0), 1].map(Number), 'uint8');
      const products = ends.map((end, i) =>
        byteProduct(slice(values, 1, ends[i - 1] ?? 0, end), slice(values, 1, 0, end), { transposeA: true, signed }),
      );
      return {
        sum: byteProduct(ones, values, { transposeA: true }),
        ...Object.fromEntries(products.map((part, i) => [`rows${i}`, part])),
      };
    },
  });
  try {
    const sums = await reduction.run();
    const total = numbers(sums.sum);
    const near = total.map((value) => Math.round(value / count));
    const rest = total.map((value, i) => value - count * near[i]!);
    const scatter = new Float64Array(features * features);
    for (const [block, end] of ends.entries()) {
      const start = ends[block - 1] ?? 0;
      const part = numbers(sums[`rows${block}`]);
      for (let i = start; i < end; i++) {
        const share = rest[i]! / count;
        for (let j = 0; j <= i; j++) {
          const whole = part[(i - start) * end + j]! - near[i]! * total[j]! - near[j]! * rest[i]!;
          const value = (whole - share * rest[j]!) / divisor ** 2;
          scatter[i * features + j] = value;
          scatter[j * features + i] = value;
        }
      }
    }
    const mean = total.map((value) => value / count / divisor);
    return { exampleShape: [...exampleShape], count, mean, scatter };
  } finally {
    await reduction.dispose();
  }
}
