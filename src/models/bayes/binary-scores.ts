// sum_i w_yi [x_i is above] for every class y: of four numbers at a time there are sixteen cases, whose sums stand in a table. All is
// float64, and numbers that are not above cost nothing, so that this takes less time than the way to the device would.
import { masksOfBytes, wordsOf } from './above.js';

/** A linear score of binary rows. */
export interface BinaryScores {
  /** The scores of rows given as masks [rows, words], as [rows, classes]. */
  score(masks: Int32Array): Float64Array;
  /** The scores of rows of bytes [rows, D], of which those from `first` on are above. */
  scoreBytes(bytes: Uint8Array<ArrayBuffer>, first: number): Float64Array;
}

/** Rows whose masks stay in the caches. */
const blockRows = 32;
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
  const sums = new Float64Array(classes);
  const addScores = (scores: Float64Array, masks: Int32Array): void => {
    for (let row = 0; row < scores.length / classes; row++) {
      for (let label = 0; label < classes; label++) sums[label] = offsets[label]!;
      const start = row * words;
      for (let word = 0; word < words; word++) {
        const mask = masks[start + word]!;
        if (mask === 0) continue;
        const at = (word * 16 + (Math.imul(mask, gatherBits) >>> 28)) * classes;
        for (let label = 0; label < classes; label++) sums[label]! += table[at + label]!;
      }
      for (let label = 0; label < classes; label++) scores[row * classes + label] = sums[label]!;
    }
  };
  return {
    score(masks) {
      const scores = new Float64Array((masks.length / words) * classes);
      addScores(scores, masks);
      return scores;
    },
    scoreBytes(bytes, first) {
      const rows = bytes.length / size;
      const scores = new Float64Array(rows * classes);
      const masks = new Int32Array(blockRows * words);
      for (let row = 0; row < rows; row += blockRows) {
        const end = Math.min(rows, row + blockRows);
        const block = masksOfBytes(bytes.subarray(row * size, end * size), size, first, masks);
        addScores(scores.subarray(row * classes, end * classes), block);
      }
      return scores;
    },
  };
}
