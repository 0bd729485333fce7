// Bins of rows: the cells around centres that Lloyd's algorithm (1982) finds, from random rows as a start. Distances are computed on the
// device; a centre without rows stays where it is.
import type { Random } from '../runtime/random.js';
import type { Runtime } from '../runtime/runtime.js';
import { argMax, input, lowerProgram, matmul, subtract } from '../tensor/index.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import { stage } from './pace.js';
import { visitChunks } from './row-chunks.js';

/** Rows per call of the device: the last call fills up with rows of 0. */
const chunkRows = 1024;

/** The bin of each row. */
export interface Bins {
  /** The rows that made the bins. */
  readonly own: Int32Array;
  /** Other rows. */
  readonly others: Int32Array;
}

/** Makes `count` bins of `rows` in at most `iterations` steps, and puts `others` into them. */
export async function binsOf(
  runtime: Runtime,
  rows: FeatureRows,
  others: FeatureRows,
  {
    count,
    iterations,
    stream,
    ...options
  }: { readonly count: number; readonly iterations: number; readonly stream: Random } & Pick<
    MetricOptions,
    'signal' | 'onProgress'
  >,
): Promise<Bins> {
  const { width } = rows;
  const passes = iterations + 2;
  const centres = new Float64Array(count * width);
  const start = stream.permutation(rows.rows).subarray(0, count);
  for (const [bin, row] of start.entries())
    centres.set(rows.data.subarray(row * width, (row + 1) * width), bin * width);
  // The nearest centre has the largest x.c - |c|^2 / 2.
  const products = matmul(input('x', [chunkRows, width], 'float64'), input('centres', [count, width], 'float64'), {
    transposeB: true,
  });
  const nearest = argMax(subtract(products, input('halves', [1, count], 'float64')), 1);
  const program = await runtime.compile(lowerProgram({ name: 'bins', results: { nearest } }));
  const assign = async (some: FeatureRows, pass: number): Promise<Int32Array> => {
    const halves = Float64Array.from({ length: count }, (_, bin) =>
      centres.subarray(bin * width, (bin + 1) * width).reduce((sum, value) => sum + (value * value) / 2, 0),
    );
    const held = await runtime.hold({
      centres: { dtype: 'float64', shape: [count, width], data: Float64Array.from(centres) },
      halves: { dtype: 'float64', shape: [1, count], data: halves },
    });
    const result = new Int32Array(some.rows);
    try {
      await visitChunks(
        some,
        (x) => program.runOnce({ x }, held),
        (values, first, own) => result.set(Int32Array.from(values.nearest?.data ?? [], Number).subarray(0, own), first),
        { ...stage(options, pass / passes, (pass + 1) / passes), chunkRows },
      );
    } finally {
      await held.dispose();
    }
    return result;
  };
  try {
    let own = await assign(rows, 0);
    for (let iteration = 0; iteration < iterations; iteration++) {
      moveToMeans(centres, rows, own);
      const next = await assign(rows, iteration + 1);
      if (next.every((bin, row) => bin === own[row])) break;
      own = next;
    }
    return { own, others: await assign(others, passes - 1) };
  } finally {
    await program.dispose();
  }
}

function moveToMeans(centres: Float64Array, { data, rows, width }: FeatureRows, bins: Int32Array): void {
  const sizes = new Float64Array(centres.length / width);
  for (const bin of bins) sizes[bin]!++;
  for (const [bin, size] of sizes.entries()) if (size > 0) centres.fill(0, bin * width, (bin + 1) * width);
  for (let row = 0; row < rows; row++) {
    const bin = bins[row]!;
    const share = 1 / sizes[bin]!;
    for (let k = 0; k < width; k++) {
      const at = bin * width + k;
      centres[at] = centres[at]! + data[row * width + k]! * share;
    }
  }
}
