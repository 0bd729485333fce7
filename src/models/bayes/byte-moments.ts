// Means and scatters of rows of bytes b = q x from whole numbers, which are exact: with any whole number m near the mean, n rows, s = sum b
// and r = s - n m,
//
//   q^2 scatter = sum b^2 - m (s + r) - r^2 / n
//
// The number of a byte is b / q here, not the nearest float32: a share of 3e-8 apart. Where a byte never changes it is the float32, which
// is then the mean to the last bit however small the variance is made.
import type { ByteRows } from '../../data/dataset.js';
import { rowsByClass } from './class-rows.js';

/** Rows whose squares add up within int32. */
const mostNarrowRows = Math.floor((2 ** 31 - 1) / 255 ** 2);

/** Sums of bytes and of their squares, for each class. */
export class ByteMoments {
  readonly counts: Float64Array;
  readonly #size: number;
  /** [classes, D] */
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  readonly #narrowSums: Int32Array;
  readonly #narrowSquares: Int32Array;
  /** The rows in the narrow sums of each class. */
  readonly #narrowRows: Int32Array;

  constructor(classes: number, size: number) {
    this.#size = size;
    this.counts = new Float64Array(classes);
    this.#sums = new Float64Array(classes * size);
    this.#squares = new Float64Array(classes * size);
    this.#narrowSums = new Int32Array(classes * size);
    this.#narrowSquares = new Int32Array(classes * size);
    this.#narrowRows = new Int32Array(classes);
  }

  /** Takes in rows [rows, D] of these classes. */
  add(bytes: Uint8Array, labels: Int32Array): void {
    for (const [label, starts] of rowsByClass(labels, this.counts.length, this.#size).entries())
      for (let first = 0; first < starts.length; first += mostNarrowRows)
        this.#addTo(label, bytes, starts.subarray(first, first + mostNarrowRows));
  }

  /** Means and scatters [classes, D] of all rows taken in, as the numbers that the bytes stand for. */
  moments({ divisor }: Pick<ByteRows, 'divisor'>): { readonly means: Float64Array; readonly scatters: Float64Array } {
    for (const label of this.counts.keys()) this.#widen(label);
    const [means, scatters] = [new Float64Array(this.#sums.length), new Float64Array(this.#sums.length)];
    for (let i = 0; i < means.length; i++) {
      const count = this.counts[Math.floor(i / this.#size)]!;
      if (count === 0) continue;
      const sum = this.#sums[i]!;
      const near = Math.round(sum / count);
      const rest = sum - count * near;
      const scatter = this.#squares[i]! - near * (sum + rest) - (rest * rest) / count;
      means[i] = scatter === 0 ? Math.fround(near / divisor) : sum / count / divisor;
      scatters[i] = scatter / divisor ** 2;
    }
    return { means, scatters };
  }

  /** Four rows at a time, which halves the time. */
  #addTo(label: number, bytes: Uint8Array, starts: Int32Array): void {
    if (this.#narrowRows[label]! + starts.length > mostNarrowRows) this.#widen(label);
    this.#narrowRows[label]! += starts.length;
    this.counts[label]! += starts.length;
    const own = [label * this.#size, (label + 1) * this.#size] as const;
    const sums = this.#narrowSums.subarray(...own);
    const squares = this.#narrowSquares.subarray(...own);
    const fours = starts.length - (starts.length % 4);
    for (let row = 0; row < fours; row += 4) {
      const [a, b, c, d] = [starts[row]!, starts[row + 1]!, starts[row + 2]!, starts[row + 3]!];
      for (let i = 0; i < sums.length; i++) {
        const [p, q, r, s] = [bytes[a + i]!, bytes[b + i]!, bytes[c + i]!, bytes[d + i]!];
        sums[i]! += p + q + r + s;
        squares[i]! += p * p + q * q + r * r + s * s;
      }
    }
    for (const start of starts.subarray(fours))
      for (let i = 0; i < sums.length; i++) {
        const byte = bytes[start + i]!;
        sums[i]! += byte;
        squares[i]! += byte * byte;
      }
  }

  #widen(label: number): void {
    const [start, end] = [label * this.#size, (label + 1) * this.#size];
    for (let i = start; i < end; i++) {
      this.#sums[i]! += this.#narrowSums[i]!;
      this.#squares[i]! += this.#narrowSquares[i]!;
    }
    this.#narrowSums.fill(0, start, end);
    this.#narrowSquares.fill(0, start, end);
    this.#narrowRows[label] = 0;
  }
}
