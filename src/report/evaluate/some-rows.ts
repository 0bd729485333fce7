// At most so many rows of a data set: all, or some chosen by a seed, in the order in which they stand.
import { type Dataset, subset } from '../../data/index.js';
import { random } from '../../runtime/random.js';

/** At most `most` rows. */
export function someRows(data: Dataset, most: number, seed: number): Dataset {
  if (data.length <= most) return data;
  const chosen = random(seed).split('rows').permutation(data.length).subarray(0, most);
  return subset(data, chosen.toSorted());
}
