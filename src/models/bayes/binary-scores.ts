// sum_i w_yi [x_i is above] for every class y: of four numbers at a time there are sixteen cases, whose sums stand in a table. All is
// float64, and numbers that are not above cost nothing, so that this takes less time than the way to the device would.
import { wordsOf } from './above.js';

/** A linear score of binary rows. */
export interface BinaryScores {
  /** The scores of rows given as masks [rows, words], as [rows, classes]. */
  score(masks: Int32Array): Float64Array;
}

/** Gathers the four bits of a mask at the top of a word: bit 8 j comes to bit 28 + j. */
const gatherBits = 0x10204080;

/** Scores of weights [classes, D] with offsets [classes]. */
export function binaryScores(weights: Float64Array, offsets: Float64Array): BinaryScores {
  const classes = offsets.length;
  const size = weights.length / classes;
  const words = wordsOf(size);
  // [words, 16, classes]
  const table = new Float64Array(words * 16 * classes);
  for (let word = 0; word < words; word++)
    for (let bits = 1; bits < 16; bits++)
      for (let j = 0; j < 4; j++) {
        const column = 4 * word + j;
        if ((bits & (1 << j)) === 0 || column >= size) continue;
        const at = (word * 16 + bits) * classes;
        for (let label = 0; label < classes; label++) table[at + label]! += weights[label * size + column]!;
      }
  return {
    score(masks) {
      const rows = masks.length / words;
      const scores = new Float64Array(rows * classes);
      const sums = new Float64Array(classes);
      for (let row = 0; row < rows; row++) {
        sums.set(offsets);
        const start = row * words;
        for (let word = 0; word < words; word++) {
          const mask = masks[start + word]!;
          if (mask === 0) continue;
          const at = (word * 16 + (Math.imul(mask, gatherBits) >>> 28)) * classes;
          for (let label = 0; label < classes; label++) sums[label]! += table[at + label]!;
        }
        scores.set(sums, row * classes);
      }
      return scores;
    },
  };
}
