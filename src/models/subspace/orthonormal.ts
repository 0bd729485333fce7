// Orthonormal rows, and the signs of components.
import type { Random } from '../../runtime/random.js';

/** What is left of a row, relative to it, below which it counts as dependent on the rows before. */
const dependent = 1e-10;

/**
 * Makes rows [count, size] orthonormal in place, by Gram and Schmidt done twice (Giraud, Langou and Rozloznik 2005). A row that depends
 * on those before it gives way to a random direction.
 */
export function orthonormalise(rows: Float64Array, count: number, size: number, stream: Random): void {
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * size, (i + 1) * size);
    for (let attempt = 0; ; attempt++) {
      const before = length(row);
      for (let pass = 0; pass < 2; pass++)
        for (let j = 0; j < i; j++) {
          const other = rows.subarray(j * size, (j + 1) * size);
          let overlap = 0;
          for (let k = 0; k < size; k++) overlap += row[k]! * other[k]!;
          for (let k = 0; k < size; k++) row[k] = row[k]! - overlap * other[k]!;
        }
      const after = length(row);
      if (after > dependent * before && after > 0) {
        for (let k = 0; k < size; k++) row[k] = row[k]! / after;
        break;
      }
      row.set(stream.split(i).split(attempt).normal(size));
    }
  }
}

/** Turns every row so that its entry of largest absolute value is positive, which makes components the same on every machine. */
export function fixSigns(rows: Float64Array, count: number, size: number): void {
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * size, (i + 1) * size);
    let largest = 0;
    for (const value of row) if (Math.abs(value) > Math.abs(largest)) largest = value;
    if (largest < 0) for (let k = 0; k < size; k++) row[k] = -row[k]!;
  }
}

function length(row: Float64Array): number {
  let total = 0;
  for (const value of row) total += value * value;
  return Math.sqrt(total);
}
