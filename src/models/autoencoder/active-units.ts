// Which numbers of a code say anything about the row. A number whose posterior mean is the same for all rows is not used: its
// posterior has collapsed to the prior (Burda, Grosse and Salakhutdinov 2016, section 5.2).
//
//   active:  Var_x(E_q[z_j | x]) > 0.01
import { activeVariance } from '../../metrics/active-units.js';

/** The numbers of a code and how much they vary over the data. */
export interface ActiveUnits {
  /** The variance of each number's posterior mean over the rows. */
  readonly variances: Float64Array;
  /** How many of them are above 0.01. */
  readonly active: number;
}

/** The numbers of codes [N, size] that vary over rows, by more than `least`. */
export function activeUnitsOf(
  { data, shape }: { readonly data: Float32Array; readonly shape: readonly number[] },
  least: number = activeVariance,
): ActiveUnits {
  const [count = 0, size = 0] = shape;
  const means = new Float64Array(size);
  const variances = new Float64Array(size);
  for (let i = 0; i < data.length; i++) means[i % size] = (means[i % size] ?? 0) + (data[i] ?? 0) / count;
  for (let i = 0; i < data.length; i++)
    variances[i % size] = (variances[i % size] ?? 0) + ((data[i] ?? 0) - (means[i % size] ?? 0)) ** 2 / count;
  return { variances, active: variances.filter((variance) => variance > least).length };
}

/** What to do about codes that are hardly used: nothing where a tenth of them or more is. */
export function collapseWarnings({ variances, active }: ActiveUnits): string[] {
  if (active >= Math.max(1, variances.length / 10)) return [];
  const remedies = 'Train longer, lower beta, raise klWarmUp (such as 10 epochs), or give freeBits (such as 0.1)';
  return active === 0
    ? [
        `The posterior has collapsed: none of the ${variances.length} numbers of the code depends on the row, so the model draws the ` +
          `average row. ${remedies}.`,
      ]
    : [
        `The posterior has mostly collapsed: only ${active} of the ${variances.length} numbers of the code depend on the row. ` +
          `${remedies}, or a smaller latentSize if that is all the data needs.`,
      ];
}
