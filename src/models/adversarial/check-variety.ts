// Data that hold one row again and again have nothing to learn from: a generator that ignores its code would be perfect.
import { ConfigError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';

const rowsAtATime = 64;

/** @throws ConfigError where all rows are the same; looks no further than the first one that differs */
export async function checkVariety(kind: string, data: Dataset): Promise<void> {
  const first = (await data.gather([0])).x;
  for (let start = 1; start < data.length; start += rowsAtATime) {
    const count = Math.min(rowsAtATime, data.length - start);
    const { x } = await data.gather(Uint32Array.from({ length: count }, (_, index) => start + index));
    // A number that is none differs from itself: what broken data do is for the training to say.
    if (x.some((value, index) => value !== first[index % first.length])) return;
  }
  throw new ConfigError(
    `${kind}: all ${data.length} rows of ${data.name} are the same, so there is no distribution to learn. Check the file and the columns ` +
      'that were read; to draw that row, no model is needed.',
  );
}
