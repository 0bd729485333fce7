// Grids of equal bins: which bin a value is in, and how many bins suit some data.
//
//   Scott 1979, 1992                 width = (24 sqrt(pi))^(1/3) s n^(-1 / (2 + d))
//   Freedman and Diaconis 1981       width = 2 (q_75 - q_25) n^(-1 / (2 + d))
//
// For one column these are the rules of NumPy's histogram_bin_edges.
import { ConfigError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';

/** Equal bins between `low` and `high` along every column. */
export interface Grid {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly bins: Float64Array;
}

/** How the bins are asked for. */
export interface GridOptions {
  readonly bins: number | readonly number[] | 'freedman-diaconis' | 'scott';
  readonly range: 'data' | readonly (readonly number[])[];
}

/** A grid, and what is to be said about how it was chosen. */
export interface ChosenGrid {
  readonly grid: Grid;
  readonly warnings: readonly string[];
}

/** Bins of a grid at most: 128 MB of counts. */
const mostBins = 2 ** 24;
/** Bins that a rule may ask for. */
const mostAutomaticBins = 2 ** 20;
/** Numbers looked at for quartiles; of more, every so many rows. */
const mostSorted = 2 ** 25;
/** Numbers read at a time. */
const readValues = 2 ** 18;

/** Calls `visit` for the rows of a data set, a part at a time. */
export async function eachPart(data: Dataset, visit: (x: Float32Array, first: number) => void): Promise<void> {
  const rows = Math.max(1, Math.floor(readValues / exampleSize(data.exampleShape)));
  for (let first = 0; first < data.length; first += rows) {
    const length = Math.min(rows, data.length - first);
    const { x } = await data.gather(Uint32Array.from({ length }, (_, i) => first + i));
    visit(x, first);
  }
}

/** The number of bins of a grid. */
export function binCount({ bins }: Grid): number {
  return bins.reduce((product, count) => product * count, 1);
}

/** The volume of one bin. */
export function logBinVolume({ low, high, bins }: Grid): number {
  return bins.reduce((log, count, i) => log + Math.log((high[i]! - low[i]!) / count), 0);
}

/** The bin that a row is in, the last column counting fastest; -1 outside. The upper end belongs to the last bin. */
export function binOf({ low, high, bins }: Grid, x: Float32Array, start: number): number {
  let place = 0;
  for (let i = 0; i < bins.length; i++) {
    const [value, from, to, count] = [x[start + i]!, low[i]!, high[i]!, bins[i]!];
    if (!(value >= from && value <= to)) return -1;
    const width = (to - from) / count;
    let bin = Math.min(count - 1, Math.floor((value - from) / width));
    // The quotient rounds; the edges decide.
    if (value < from + bin * width) bin--;
    else if (bin < count - 1 && value >= from + (bin + 1) * width) bin++;
    place = place * count + bin;
  }
  return place;
}

/** The grid for some data. @throws ConfigError for ranges and bins that do not fit it, or too many of them */
export async function chooseGrid(data: Dataset, options: GridOptions): Promise<ChosenGrid> {
  const features = exampleSize(data.exampleShape);
  const warnings: string[] = [];
  const { low, high } = options.range === 'data' ? await rangeOf(data, features) : givenRange(options.range, features);
  const constant = Array.from(low.keys()).filter((i) => low[i] === high[i]);
  for (const i of constant) {
    // One bin around the value, as wide as its float32 neighbours allow it to be told from others.
    const half = Math.max(0.5, Math.abs(low[i]!) * 2 ** -20);
    [low[i], high[i]] = [low[i]! - half, high[i]! + half];
  }
  if (constant.length > 0)
    warnings.push(
      `${constant.length === 1 ? `Column ${constant[0]} is` : `${constant.length} columns, the first of them ${constant[0]}, are`} ` +
        'constant and given one bin, whose width says nothing. Leave constant columns out.',
    );
  const { bins } = options;
  if (typeof bins !== 'string') {
    const counts = typeof bins === 'number' ? new Float64Array(features).fill(bins) : Float64Array.from(bins);
    if (counts.length !== features)
      throw new ConfigError(`histogram: bins has ${counts.length} numbers, but the rows have ${features} columns.`);
    for (const i of constant) counts[i] = 1;
    const grid = { low, high, bins: counts };
    if (binCount(grid) > mostBins)
      throw new ConfigError(
        `histogram: ${features} columns would have ${binCount(grid).toPrecision(3)} bins; at most ${mostBins} are counted. Use ` +
          'fewer bins or columns, or another model, such as kernel-density.',
      );
    return { grid, warnings };
  }
  const widths = await ruleWidths(data, features, bins, warnings);
  const counts = Float64Array.from(widths, (width, i) =>
    constant.includes(i) ? 1 : Math.max(1, Math.ceil((high[i]! - low[i]!) / width)),
  );
  const grid = { low, high, bins: counts };
  const wanted = binCount(grid);
  if (wanted <= mostAutomaticBins) return { grid, warnings };
  const varying = features - constant.length;
  if (2 ** varying > mostAutomaticBins)
    throw new ConfigError(
      `histogram: ${varying} columns need too many bins, even with two for each. Use at most ${Math.log2(mostAutomaticBins)} columns, or ` +
        'another model, such as kernel-density.',
    );
  // All columns lose the same share of their bins, as often as it takes: none goes below one.
  while (binCount(grid) > mostAutomaticBins) {
    const share = Math.min(0.99, (mostAutomaticBins / binCount(grid)) ** (1 / varying));
    for (const [i, count] of counts.entries()) counts[i] = Math.max(1, Math.floor(count * share));
  }
  warnings.push(
    `The rule "${bins}" asks for ${wanted.toPrecision(3)} bins, as where a few values lie far from the rest; ${binCount(grid)} are used. ` +
      'Remove outliers, or give bins and range.',
  );
  return { grid, warnings };
}

async function rangeOf(data: Dataset, features: number): Promise<{ low: Float64Array; high: Float64Array }> {
  const low = new Float64Array(features).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(features).fill(Number.NEGATIVE_INFINITY);
  await eachPart(data, (x) => {
    for (let i = 0; i < x.length; i++) {
      const column = i % features;
      if (x[i]! < low[column]!) low[column] = x[i]!;
      if (x[i]! > high[column]!) high[column] = x[i]!;
    }
  });
  return { low, high };
}

function givenRange(
  range: readonly (readonly number[])[],
  features: number,
): { low: Float64Array; high: Float64Array } {
  if (range.length !== features)
    throw new ConfigError(`histogram: range has ${range.length} pairs, but the rows have ${features} columns.`);
  return { low: Float64Array.from(range, ([low = 0]) => low), high: Float64Array.from(range, ([, high = 0]) => high) };
}

/** The width that a rule gives the bins of each column; Scott's where the quartiles are equal. */
async function ruleWidths(
  data: Dataset,
  features: number,
  rule: 'freedman-diaconis' | 'scott',
  warnings: string[],
): Promise<Float64Array> {
  const stride = Math.ceil((data.length * features) / mostSorted);
  const taken = Math.ceil(data.length / stride);
  const columns = Array.from({ length: features }, () => new Float32Array(taken));
  await eachPart(data, (x, first) => {
    for (let row = 0; row * features < x.length; row++) {
      if ((first + row) % stride !== 0) continue;
      for (const [i, column] of columns.entries()) column[(first + row) / stride] = x[row * features + i]!;
    }
  });
  const shrinking = data.length ** (-1 / (2 + features));
  const equalQuartiles: number[] = [];
  const widths = Float64Array.from(columns, (column, i) => {
    const sorted = column.sort();
    const spread = rule === 'scott' ? 0 : quantile(sorted, 0.75) - quantile(sorted, 0.25);
    if (spread > 0) return 2 * spread * shrinking;
    if (rule !== 'scott') equalQuartiles.push(i);
    return (24 * Math.sqrt(Math.PI)) ** (1 / 3) * deviationOf(sorted) * shrinking;
  });
  const repeated = equalQuartiles.filter((i) => widths[i]! > 0);
  if (repeated.length > 0)
    warnings.push(
      `Half of the values of column ${repeated[0]} are equal, where "freedman-diaconis" has no width to go by; "scott" was used there. ` +
        'Give bins as a number.',
    );
  return widths;
}

/** The quantile of sorted values, between neighbours in proportion. */
function quantile(sorted: Float32Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [from, to] = [sorted[below]!, sorted[Math.min(sorted.length - 1, below + 1)]!];
  return from + (place - below) * (to - from);
}

function deviationOf(values: Float32Array): number {
  const first = values[0]!;
  let mean = 0;
  for (const value of values) mean += (value - first) / values.length;
  let variance = 0;
  for (const value of values) variance += (value - first - mean) ** 2 / values.length;
  return Math.sqrt(variance);
}
