// The truncation trick: codes drawn from the middle of the normal distribution, where the generator has been trained most. Samples look
// better the more is cut off, and vary less.
//
//   z_i ~ N(0, 1) given |z_i| <= t: numbers outside are drawn again
//
// Brock, Donahue and Simonyan 2019, Large Scale GAN Training for High Fidelity Natural Image Synthesis, section 3.1.
import { ConfigError } from '../../../core/errors.js';
import type { Random } from '../../../runtime/random.js';

/** Below, most numbers would be drawn again; the normal distribution is nearly flat there, and a uniform draw is nearly right. */
const narrow = 0.5;

/**
 * `count` numbers from N(0, 1), all within [-truncation, truncation] where that is given. From 0.5 on, numbers that are inside at once are
 * those without truncation, so that samples of one seed can be compared. More numbers begin with the same ones.
 *
 * @throws ConfigError for a truncation that is not a number above 0
 */
export function truncatedCodes(stream: Random, count: number, truncation?: number): Float32Array<ArrayBuffer> {
  const codes = stream.normal(count);
  if (truncation === undefined) return codes;
  if (!(truncation > 0))
    throw new ConfigError(
      `truncation is ${truncation}; it has to be a number above 0, such as 0.7: the largest number that a code may have.`,
    );
  if (truncation < narrow) return narrowCodes(stream.split('truncation'), count, truncation);
  const again = stream.split('truncation');
  for (let i = 0; i < count; i++) while (Math.abs(codes[i] ?? 0) > truncation) codes[i] = again.normal(1)[0] ?? 0;
  return codes;
}

/** The same by rejection from the uniform distribution, which hardly ever rejects here. */
function narrowCodes(stream: Random, count: number, truncation: number): Float32Array<ArrayBuffer> {
  const again = stream.split('again');
  const codes = stream.uniform(count, -truncation, truncation);
  const chances = stream.split('chances').uniform(count);
  for (let i = 0; i < count; i++)
    for (let chance = chances[i] ?? 0; chance > Math.exp(-((codes[i] ?? 0) ** 2) / 2); chance = again.next())
      codes[i] = again.uniform(1, -truncation, truncation)[0] ?? 0;
  return codes;
}
