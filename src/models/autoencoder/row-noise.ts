// Noise for bounds that are estimated: every row has its own stream, so that its estimate depends on the seed and its number alone,
// not on which rows it is computed with.
import { type Random, random } from '../../runtime/random.js';

/** Streams of N(0, 1) numbers, one per row, each read in parts. */
export class RowNoise {
  readonly #root: Random;
  readonly #size: number;
  #first = 0;
  #streams: readonly Random[] = [];

  /** @param size numbers of one code; parts should hold even numbers of them, since normal numbers come in pairs */
  constructor(seed: number, size: number) {
    this.#root = random(seed).split('bound');
    this.#size = size;
  }

  /** Begins anew with these rows. */
  rows(first: number, count: number): void {
    this.#first = first;
    this.#streams = Array.from({ length: count }, (_, row) => this.#root.split(this.#first + row));
  }

  /** The next `codes` codes of each row: [rows, codes, size]. */
  next(codes: number): Float32Array<ArrayBuffer> {
    const length = codes * this.#size;
    const noise = new Float32Array(this.#streams.length * length);
    for (const [row, stream] of this.#streams.entries()) noise.set(stream.normal(length), row * length);
    return noise;
  }
}
