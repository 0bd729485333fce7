// What the numbers of an InfoGAN's code mean: noise, then one-hot categories, then continuous codes.
import type { Random } from '../../../runtime/random.js';
import type { AdversarialConfig } from '../adversarial-options.js';
import type { CodePart } from '../latent/inversion-step.js';
import { truncatedCodes } from '../latent/truncated-codes.js';

/** Where the discovered codes stand in a latent code. */
export interface CodeLayout {
  /** Numbers from N(0, 1), which come first. */
  readonly noise: number;
  /** How many values each categorical code has; each takes as many numbers, one of which is 1. */
  readonly categories: readonly number[];
  /** Numbers uniform in [-1, 1), which come last. */
  readonly continuous: number;
  /** All numbers of a code. */
  readonly size: number;
}

/** The layout of the codes that options describe. */
export function codeLayout({
  latentSize: noise,
  conditioning,
  categoricalCodes,
  continuousCodes,
}: Pick<AdversarialConfig, 'latentSize' | 'conditioning' | 'categoricalCodes' | 'continuousCodes'>): CodeLayout {
  if (conditioning !== 'codes') return { noise, categories: [], continuous: 0, size: noise };
  const size = categoricalCodes.reduce((sum, values) => sum + values, noise + continuousCodes);
  return { noise, categories: categoricalCodes, continuous: continuousCodes, size };
}

/** What each number of a code is to a search for it. */
export function codeParts({ noise, continuous, size }: CodeLayout): CodePart[] {
  return Array.from({ length: size }, (_, i) =>
    i < noise ? 'normal' : i < size - continuous ? 'category' : 'uniform',
  );
}

/**
 * Codes [count, size] as they are drawn in training, row by row; the first rows are those of a smaller count.
 *
 * @param truncation keeps noise within [-truncation, truncation]. Default: nothing is cut off
 */
export function drawCodes(
  { noise, categories, continuous, size }: CodeLayout,
  count: number,
  stream: Random,
  truncation?: number,
): Float32Array<ArrayBuffer> {
  const normal = truncatedCodes(stream.split('codes'), count * noise, truncation);
  if (size === noise) return normal;
  const draws = categories.length + continuous;
  const uniform = stream.split('discovered').uniform(count * draws);
  const codes = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    codes.set(normal.subarray(row * noise, (row + 1) * noise), row * size);
    let place = row * size + noise;
    for (const [index, values] of categories.entries()) {
      codes[place + Math.floor((uniform[row * draws + index] ?? 0) * values)] = 1;
      place += values;
    }
    for (let index = categories.length; index < draws; index++)
      codes[place++] = 2 * (uniform[row * draws + index] ?? 0) - 1;
  }
  return codes;
}
