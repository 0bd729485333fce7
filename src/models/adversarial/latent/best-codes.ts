// Of the codes that a search ended at, the best of each row.
import type { Samples } from '../../contract.js';
import type { CodePart } from './inversion-step.js';

/** Codes of rows, what they decode to, and how near that is. */
export interface Inversion {
  /** [N, latentSize] */
  readonly codes: Samples;
  /** G(codes): [N, ...]. */
  readonly reconstructions: Samples;
  /** [N]: the squared error of a number of the row, averaged over its numbers. */
  readonly errors: Float64Array;
}

/**
 * The best of `restarts` codes of each row, by |G(z) - x|^2 + priorWeight |z|^2, where only normal numbers of z count.
 *
 * @param codes [N * restarts, latentSize]
 * @param decoded [N * restarts, ...]
 */
export function bestCodes(
  rows: Samples,
  { codes, decoded }: { readonly codes: Samples; readonly decoded: Samples },
  { parts, priorWeight }: { readonly parts: readonly CodePart[]; readonly priorWeight: number },
): Inversion {
  const [count = 0] = rows.shape;
  const [tried = 0, latentSize = 0] = codes.shape;
  const restarts = tried / count;
  const width = rows.data.length / count;
  const best = new Float32Array(count * latentSize);
  const reconstructions = new Float32Array(rows.data.length);
  const errors = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const x = rows.data.subarray(row * width, (row + 1) * width);
    let least = Number.POSITIVE_INFINITY;
    for (let start = row * restarts; start < (row + 1) * restarts; start++) {
      const z = codes.data.subarray(start * latentSize, (start + 1) * latentSize);
      const made = decoded.data.subarray(start * width, (start + 1) * width);
      const error = x.reduce((sum, value, i) => sum + (value - made[i]!) ** 2, 0);
      const loss =
        error + priorWeight * z.reduce((sum, value, i) => (parts[i] === 'normal' ? sum + value ** 2 : sum), 0);
      if (loss >= least) continue;
      least = loss;
      best.set(z, row * latentSize);
      reconstructions.set(made, row * width);
      errors[row] = error / width;
    }
  }
  return {
    codes: { data: best, shape: [count, latentSize] },
    reconstructions: { data: reconstructions, shape: rows.shape },
    errors,
  };
}
