// Walks along the codes that an InfoGAN has discovered: what one of them means is seen where it alone changes (Chen et al. 2016, figure 2).
//
//   z[r, k] = (noise_r, codes_r) but for one code, which is the category k, or the number value_k
import { ConfigError } from '../../../core/errors.js';
import { random } from '../../../runtime/random.js';
import type { Samples } from '../../contract.js';
import { type CodeLayout, drawCodes } from '../conditioning/code-layout.js';

/** How to walk. */
export interface WalkOptions {
  /** Fixed noises: as many rows of each walk, the same ones in all. Default 10. */
  readonly rows?: number;
  /** Of the noises, and of the codes that are not walked along. Default 0. */
  readonly seed?: number;
  /** The numbers that a continuous code takes, one per column. Default -2, -1.5 ... 2: codes are within [-1, 1) in training. */
  readonly values?: readonly number[];
}

/** A walk along one code: a column per value, a row per noise. */
export interface CodeWalk {
  /** What the code is: one of so many categories, or a number. */
  readonly kind: 'category' | 'continuous';
  /** Which of its kind, counted from 1. */
  readonly number: number;
  /** What the code is in each column: categories counted from 0, or numbers. */
  readonly values: readonly number[];
  /** [rows * values, latentSize], row by row. */
  readonly codes: Samples;
}

const usualRows = 10;
const usualValues = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];

/**
 * The codes of a walk along every discovered code of a layout; none where there are no such codes.
 *
 * @throws ConfigError for numbers out of range
 */
export function codeWalks(
  layout: CodeLayout,
  { rows = usualRows, seed = 0, values = usualValues }: WalkOptions = {},
): CodeWalk[] {
  if (!Number.isInteger(rows) || rows < 1)
    throw new ConfigError(`rows is ${rows}; it has to be a whole number from 1: the fixed noises of a walk.`);
  const wrong = values.find((value) => !Number.isFinite(value));
  if (values.length === 0 || wrong !== undefined)
    throw new ConfigError(
      `values are [${values.join(', ')}]; they have to be one or more numbers that a continuous code takes, such as [-2, 0, 2].`,
    );
  const { noise, categories, continuous, size } = layout;
  const starts = drawCodes(layout, rows, random(seed));
  /** The starts, each as many times as there are columns, with another value of one code in each. */
  const walk = (columns: number, set: (code: Float32Array, column: number) => void): Samples => {
    const data = new Float32Array(rows * columns * size);
    for (let at = 0; at < rows * columns; at++) {
      const row = Math.floor(at / columns);
      data.set(starts.subarray(row * size, (row + 1) * size), at * size);
      set(data.subarray(at * size, (at + 1) * size), at % columns);
    }
    return { data, shape: [rows * columns, size] };
  };
  const first = (index: number): number => categories.slice(0, index).reduce((sum, count) => sum + count, noise);
  return [
    ...categories.map((count, index): CodeWalk => {
      const place = first(index);
      const codes = walk(count, (code, column) =>
        code.fill(0, place, place + count).fill(1, place + column, place + column + 1),
      );
      return { kind: 'category', number: index + 1, values: Array.from({ length: count }, (_, value) => value), codes };
    }),
    ...Array.from({ length: continuous }, (_, index): CodeWalk => {
      const place = size - continuous + index;
      const codes = walk(values.length, (code, column) => code.fill(values[column] ?? 0, place, place + 1));
      return { kind: 'continuous', number: index + 1, values: [...values], codes };
    }),
  ];
}
