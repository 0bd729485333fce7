// A look at samples, to see whether they are as various as the data: 64 samples of codes that stay the same, against rows of the data.
//
//   diversity = mean |s_i - s_j| / mean |x_i - x_j|
//   reach     = rows of the data that some sample is nearest to / rows that some other row of the data is nearest to
//
// Diversity falls towards 0 where all samples become one. Samples at two far ends of the data are as far from each other as rows are, but
// reach few of them: reach is the share of the kinds of rows that samples still are, without saying how good they are.

/** How various samples are, 1 where they are as various as the data. */
export interface Look {
  /** Steps done. */
  readonly step: number;
  readonly diversity: number;
  readonly reach: number;
}

/** Rows of so many numbers, one after the other. */
export interface FlatRows {
  readonly data: Float32Array;
  readonly width: number;
}

/** What samples are compared with: measured once. */
export interface Yardstick {
  readonly rows: FlatRows;
  /** The mean distance of two rows. */
  readonly spread: number;
  /** How many rows are nearest to a row of as many others. */
  readonly reached: number;
}

/** Measures rows of the data, and as many others. */
export function yardstickOf(rows: FlatRows, others: FlatRows): Yardstick {
  return { rows, spread: meanDistance(rows), reached: nearestOf(others, rows).size };
}

/** Compares samples, as many as the yardstick has rows. Data whose rows are all equal have no diversity to compare with: it is then 1. */
export function lookAt(step: number, samples: FlatRows, { rows, spread, reached }: Yardstick): Look {
  return {
    step,
    diversity: spread === 0 ? 1 : meanDistance(samples) / spread,
    reach: nearestOf(samples, rows).size / reached,
  };
}

function meanDistance({ data, width }: FlatRows): number {
  const count = data.length / width;
  let sum = 0;
  for (let a = 0; a < count; a++)
    for (let b = a + 1; b < count; b++) sum += Math.sqrt(squaredDistance(data, a * width, data, b * width, width));
  return sum / ((count * (count - 1)) / 2);
}

/** The numbers of the rows that are nearest to at least one of `from`. */
function nearestOf(from: FlatRows, { data, width }: FlatRows): Set<number> {
  const nearest = new Set<number>();
  for (let first = 0; first < from.data.length; first += width) {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let row = 0; row * width < data.length; row++) {
      const distance = squaredDistance(from.data, first, data, row * width, width);
      if (distance < least) [best, least] = [row, distance];
    }
    nearest.add(best);
  }
  return nearest;
}

function squaredDistance(a: Float32Array, from: number, b: Float32Array, to: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += (a[from + i]! - b[to + i]!) ** 2;
  return sum;
}
