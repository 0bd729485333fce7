// What is looked up in rows before their moments are computed: the columns in which they vary, and where about the middle of these is.
import type { FeatureRows } from './metric.js';

/** Rows whose mean is the centre. */
const centreRows = 256;

/** The columns in which not all rows are equal, in order. */
export function varyingColumns({ data, rows, width }: FeatureRows): Uint32Array {
  // Those in which rows were equal so far come first.
  const columns = Uint32Array.from({ length: width }, (_, k) => k);
  let same = width;
  for (let row = 1; row < rows && same > 0; row++)
    for (let i = 0, from = row * width; i < same; ) {
      const column = columns[i]!;
      if (data[from + column] === data[column]) i++;
      else {
        same--;
        columns[i] = columns[same]!;
        columns[same] = column;
      }
    }
  return columns.subarray(same).sort();
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
