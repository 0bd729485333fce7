// Seeded randomness. A stream is a pure function of its seed and the labels it was split by, so training needs no saved random
// state: step 1000's noise is random(seed).split('noise').split(1000), whoever asks and whenever.
// Generator: xoroshiro128+ (Blackman and Vigna 2018) by the library pure-rand; splitting by hashing labels into its 128-bit state.
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { ConfigError } from '../core/errors.js';

type Key = readonly [number, number, number, number];

/** A seeded stream of random numbers that can be split into independent ones. */
export interface Random {
  /** An independent stream for `label`; splitting neither advances nor depends on how far this stream was read. */
  split(label: string | number): Random;
  /** One number, uniform in [0, 1), with 32 bits. */
  next(): number;
  /** `count` numbers, uniform in [low, high). */
  uniform(count: number, low?: number, high?: number): Float32Array<ArrayBuffer>;
  /** `count` numbers from N(mean, standardDeviation^2). */
  normal(count: number, mean?: number, standardDeviation?: number): Float32Array<ArrayBuffer>;
  /** `count` whole numbers of 32 bits, uniform in [low, high). @throws ConfigError for a range that holds none or is larger */
  integers(count: number, low: number, high: number): Int32Array<ArrayBuffer>;
  /** The numbers 0 to count - 1 in random order (Fisher and Yates). */
  permutation(count: number): Uint32Array<ArrayBuffer>;
}

/**
 * A stream of random numbers that the seed alone determines.
 *
 * @param seed any whole number within the safe integers
 * @throws ConfigError for a seed that is not one
 * @example random(7).split('noise').normal(64 * 100)
 */
export function random(seed: number): Random {
  if (!Number.isSafeInteger(seed))
    throw new ConfigError(`The seed is ${seed}; it has to be a whole number, such as 0 or 42.`);
  return stream(absorb([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], numberWords(seed)));
}

/** A seed from the system's entropy, for calls that name none. */
export function freshSeed(): number {
  return globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

function stream(key: Key): Random {
  const generator = xoroshiro128plusFromState(key);
  const next = (): number => (generator.next() >>> 0) / 4294967296;
  const below = (bound: number): number => {
    // Rejection keeps whole numbers unbiased: the part of the 32-bit range that `bound` does not divide is thrown away.
    const limit = 4294967296 - (4294967296 % bound);
    let value = generator.next() >>> 0;
    while (value >= limit) value = generator.next() >>> 0;
    return value % bound;
  };
  return {
    split: (label) => stream(absorb(key, typeof label === 'number' ? numberWords(label) : stringWords(label))),
    next,
    uniform(count, low = 0, high = 1) {
      const values = new Float32Array(count);
      const range = high - low;
      // 24 bits, so that the float32 result never rounds up to `high`.
      for (let i = 0; i < count; i++) values[i] = low + range * ((generator.next() >>> 8) / 16777216);
      return values;
    },
    normal(count, mean = 0, standardDeviation = 1) {
      // Box and Muller (1958), both of the pair.
      const values = new Float32Array(count);
      for (let i = 0; i < count; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - next())) * standardDeviation;
        const angle = 2 * Math.PI * next();
        values[i] = mean + radius * Math.cos(angle);
        if (i + 1 < count) values[i + 1] = mean + radius * Math.sin(angle);
      }
      return values;
    },
    integers(count, low, high) {
      const range = high - low;
      if (!(Number.isInteger(low) && Number.isInteger(high) && range >= 1 && low >= -(2 ** 31) && high <= 2 ** 31))
        throw new ConfigError(
          `Whole numbers from ${low} to below ${high} were asked for; low and high have to be whole, low below high, both within 32 bits.`,
        );
      return Int32Array.from({ length: count }, () => low + below(range));
    },
    permutation(count) {
      const order = new Uint32Array(count);
      for (let i = 0; i < count; i++) {
        const j = below(i + 1);
        order[i] = order[j] ?? 0;
        order[j] = i;
      }
      return order;
    },
  };
}

function numberWords(value: number): number[] {
  const bits = new Uint32Array(new Float64Array([value]).buffer);
  return [0x6e756d, bits[0] ?? 0, bits[1] ?? 0];
}

function stringWords(text: string): number[] {
  return [0x737472, text.length, ...Array.from(text, (character) => character.codePointAt(0) ?? 0)];
}

/** Mixes words into a 128-bit key: each word stirs all four lanes, each lane ends in MurmurHash3's finaliser (Appleby 2008). */
function absorb(key: Key, words: readonly number[]): Key {
  let [a, b, c, d] = key;
  for (const word of words) {
    a = finalise(a ^ word);
    b = finalise(b ^ a);
    c = finalise(c + b + 0x9e3779b9);
    d = finalise(d ^ c);
    a = (a + d) | 0;
  }
  const mixed: Key = [finalise(a ^ c), finalise(b + d), finalise(c ^ b), finalise(d + a)];
  return mixed.every((lane) => lane === 0) ? [1, 2, 3, 4] : mixed;
}

function finalise(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
