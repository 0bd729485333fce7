// Parts of a data set: views that hold row numbers, not rows.
import { ConfigError, DatasetError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { checkIndices, type Dataset, gatherLabels, gatherWithBytes } from './dataset.js';

/** How `split` divides: by fractions of the rows or by numbers of rows. */
export type SplitOptions = (
  | { readonly fractions: readonly number[] }
  | {
      readonly counts: readonly number[];
    }
) & {
  /** Decides which rows go where. Default: 0. */
  readonly seed?: number;
};

/**
 * A view of some rows of a data set.
 *
 * @param rows the row numbers in the wanted order, or a count: that many rows from the start (shuffle ordered data first, by `split`)
 * @throws DatasetError for rows that do not exist
 * @example const small = subset(await mnist(), 1000)
 */
export function subset(dataset: Dataset, rows: ArrayLike<number> | number): Dataset {
  if (typeof rows !== 'number') return view(dataset, rows, `${rows.length} chosen rows`);
  if (!Number.isInteger(rows) || rows < 1 || rows > dataset.length)
    throw new DatasetError(`${rows} rows of "${dataset.name}" were asked for; it has ${dataset.length}.`);
  const first = Uint32Array.from({ length: rows }, (_, i) => i);
  return view(dataset, first, `the first ${rows} rows`);
}

/**
 * Divides a data set into parts without common rows, shuffled by the seed.
 *
 * @returns one view per fraction or count
 * @throws ConfigError for fractions that add up to more than 1, counts to more than the rows, or a part without rows
 * @example const [train, test] = split(data, { fractions: [0.9, 0.1], seed: 7 })
 */
export function split(dataset: Dataset, options: SplitOptions): Dataset[] {
  const seed = options.seed ?? 0;
  const ends = 'fractions' in options ? fractionEnds(dataset, options.fractions) : countEnds(dataset, options.counts);
  const order = random(seed).split('split').permutation(dataset.length);
  return ends.map((end, part) => {
    const rows = order.slice(ends[part - 1] ?? 0, end);
    if (rows.length === 0)
      throw new ConfigError(
        `Part ${part + 1} of the split of "${dataset.name}" (${dataset.length} rows) would have no rows.`,
      );
    return view(dataset, rows, `part ${part + 1} of ${ends.length} of a split by seed ${seed}, ${rows.length} rows`);
  });
}

/** Where each part ends. Rounding the running sum, not each part, gives every row to a part where the fractions add up to 1. */
function fractionEnds(dataset: Dataset, fractions: readonly number[]): number[] {
  const total = fractions.reduce((sum, fraction) => sum + fraction, 0);
  if (!fractions.every((fraction) => fraction > 0) || !(total <= 1 + 1e-9))
    throw new ConfigError(
      `The fractions [${fractions.join(', ')}] do not divide "${dataset.name}"; each has to be above 0 and their sum at most 1.`,
    );
  let sum = 0;
  return fractions.map((fraction) => {
    sum += fraction;
    return Math.min(dataset.length, Math.round(sum * dataset.length));
  });
}

function countEnds(dataset: Dataset, counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!counts.every((count) => Number.isInteger(count) && count > 0) || total > dataset.length)
    throw new ConfigError(
      `The counts [${counts.join(', ')}] do not divide "${dataset.name}"; each has to be a whole number above 0 ` +
        `and their sum at most its ${dataset.length} rows.`,
    );
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum;
  });
}

function view(dataset: Dataset, rows: ArrayLike<number>, what: string): Dataset {
  const { name, exampleShape, classes, table, source } = dataset;
  checkIndices(dataset, rows);
  const kept = Uint32Array.from(rows);
  if (kept.length === 0)
    throw new DatasetError(`A part of "${name}" without rows was asked for; at least one is needed.`);
  const { bytes } = dataset.gather;
  const rowsOf = (indices: ArrayLike<number>): Uint32Array => {
    checkIndices({ name, length: kept.length }, indices);
    return Uint32Array.from(indices, (index) => kept[index] ?? 0);
  };
  return {
    name,
    exampleShape,
    length: kept.length,
    source: { ...source, description: `${source.description}; ${what}` },
    ...(classes === undefined ? {} : { classes }),
    ...(table === undefined ? {} : { table }),
    ...(dataset.labels === undefined ? {} : { labels: gatherLabels(dataset.labels, kept) }),
    gather: gatherWithBytes(
      (indices) => dataset.gather(rowsOf(indices)),
      bytes && { divisor: bytes.divisor, gather: (indices) => bytes.gather(rowsOf(indices)) },
    ),
  };
}
