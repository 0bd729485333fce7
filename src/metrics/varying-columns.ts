// What is looked up in rows before their moments are computed: the columns in which they vary, and where about the middle of these is.
import type { FeatureRows } from './metric.js';

/** Rows whose mean is the centre. */
const centreRows = 256;

/** The columns in which not all rows are equal, in order. */
export function varyingColumns({ data, rows, width }: FeatureRows): Uint32Array {
  // Those in which rows were equal so far, in order, and what the first row has there.
  const columns = Uint32Array.from({ length: width }, (_, k) => k);
  const values = data.slice(0, width);
  let same = width;
  for (let row = 1; row < rows && same > 0; row++) {
    const from = row * width;
    let kept = 0;
    while (kept < same && data[from + columns[kept]!] === values[kept]) kept++;
    for (let i = kept + 1; i < same; i++)
      if (data[from + columns[i]!] === values[i]) {
        columns[kept] = columns[i]!;
        values[kept++] = values[i]!;
      }
    same = kept;
  }
  const isSame = new Uint8Array(width);
  for (const column of columns.subarray(0, same)) isSame[column] = 1;
  return Uint32Array.from({ length: width }, (_, k) => k).filter((k) => isSame[k] === 0);
}

/** The mean of rows spread over all, of the chosen columns. */
export function centreOf({ data, rows, width }: FeatureRows, columns: Uint32Array): Float64Array {
  const count = Math.min(rows, centreRows);
  const sums = new Float64Array(columns.length);
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * rows) / count) * width;
    for (let k = 0; k < columns.length; k++) sums[k] = sums[k]! + data[from + columns[k]!]!;
  }
  return sums.map((value) => value / count);
}
