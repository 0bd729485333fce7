// Standardisation: z = (x - mean) / deviation for each number of a row, so that no column counts more than another for its unit.
// A density of z becomes one of x by log p(x) = log p(z) - sum(log deviation). The deviation is the population's, as scikit-learn's
// StandardScaler has it; that of a constant column counts as 1, which leaves it 0.
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../dataset.js';
import { columnWidth, type TableSchema } from './schema.js';

const rowsAtOnce = 1024;

/** The parameters of a standardisation, one of each for every number of a row. */
export interface StandardisationParameters {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/**
 * A change of units that can be undone.
 *
 * @example const scaling = await Standardisation.fit(train); const model = fit(scaling.apply(train), scaling.apply(test))
 */
export class Standardisation implements StandardisationParameters {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];

  /** @throws ConfigError for parameters that are not finite, not positive, or of different numbers */
  constructor({ mean, deviation }: StandardisationParameters) {
    const isUsable = deviation.every((value) => value > 0 && value < Number.POSITIVE_INFINITY);
    if (mean.length !== deviation.length || !mean.every(Number.isFinite) || !isUsable)
      throw new ConfigError(
        'A standardisation takes as many finite means as deviations above 0; the parameters given are others.',
      );
    this.mean = [...mean];
    this.deviation = [...deviation];
  }

  /**
   * Learns means and deviations from a data set: the part to be trained on. Categories of a table stay as they are.
   *
   * @throws ShapeError for images, ConfigError for data that are standardised already
   */
  static async fit(data: Dataset): Promise<Standardisation> {
    if (data.exampleShape.length !== 1)
      throw new ShapeError(
        `"${data.name}" has rows of shape [${data.exampleShape.join(', ')}]; rows of one axis can be standardised.`,
      );
    refuseTwice(data);
    const width = exampleSize(data.exampleShape);
    const moments = new Moments(width);
    for (let start = 0; start < data.length; start += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, data.length - start);
      const { x } = await data.gather(Uint32Array.from({ length: count }, (_, i) => start + i));
      for (let row = 0; row < count; row++) for (let i = 0; i < width; i++) moments.add(i, x[row * width + i] ?? 0);
    }
    return moments.standardisation(data.table);
  }

  /** The sum of the logarithms of the deviations: what to subtract from a log-density of standardised rows to have it in the data's units. */
  get logDeviation(): number {
    return this.deviation.reduce((sum, value) => sum + Math.log(value), 0);
  }

  /** The same data in the new units. Its table says so, so that samples can be brought back. @throws ShapeError, ConfigError */
  apply(data: Dataset): Dataset {
    this.#checkWidth(exampleSize(data.exampleShape), data.name);
    refuseTwice(data);
    const { table } = data;
    return {
      ...data,
      source: { ...data.source, description: `${data.source.description}; standardised` },
      ...(table === undefined ? {} : { table: { ...table, standardisation: this.toJSON() } }),
      gather: async (indices) => {
        const batch = await data.gather(indices);
        return { ...batch, x: this.do(batch.x) };
      },
    };
  }

  /** Rows in the new units. @throws ShapeError for numbers that are no whole rows */
  do(rows: ArrayLike<number>): Float32Array<ArrayBuffer> {
    return this.#each(rows, (value, mean, deviation) => (value - mean) / deviation);
  }

  /** Rows in the units they had. @throws ShapeError for numbers that are no whole rows */
  undo(rows: ArrayLike<number>): Float32Array<ArrayBuffer> {
    return this.#each(rows, (value, mean, deviation) => value * deviation + mean);
  }

  /** The parameters alone. */
  toJSON(): StandardisationParameters {
    return { mean: this.mean, deviation: this.deviation };
  }

  #each(
    rows: ArrayLike<number>,
    change: (value: number, mean: number, deviation: number) => number,
  ): Float32Array<ArrayBuffer> {
    const width = this.mean.length;
    this.#checkWidth(rows.length % width === 0 ? width : rows.length, 'the rows');
    const changed = new Float32Array(rows.length);
    for (let i = 0; i < rows.length; i++)
      changed[i] = change(rows[i] ?? 0, this.mean[i % width] ?? 0, this.deviation[i % width] ?? 1);
    return changed;
  }

  #checkWidth(width: number, name: string): void {
    if (width !== this.mean.length)
      throw new ShapeError(
        `${name} have ${width} numbers where this standardisation was learnt from ${this.mean.length}.`,
      );
  }
}

/** A data set in the units of its own means and deviations. @throws ShapeError for images @example await standardise(train) */
export async function standardise(data: Dataset): Promise<Dataset> {
  return (await Standardisation.fit(data)).apply(data);
}

function refuseTwice({ name, table }: Dataset): void {
  if (table?.standardisation !== undefined)
    throw new ConfigError(`"${name}" is standardised already; open it with standardise: false to do it differently.`);
}

/** Means and deviations in one pass (Welford 1962), which keeps its digits where a mean is far larger than the deviation. */
export class Moments {
  readonly #counts: Float64Array;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;

  constructor(width: number) {
    this.#counts = new Float64Array(width);
    this.#means = new Float64Array(width);
    this.#squares = new Float64Array(width);
  }

  add(place: number, value: number): void {
    const count = (this.#counts[place] ?? 0) + 1;
    const mean = this.#means[place] ?? 0;
    const next = mean + (value - mean) / count;
    this.#counts[place] = count;
    this.#means[place] = next;
    this.#squares[place] = (this.#squares[place] ?? 0) + (value - mean) * (value - next);
  }

  mean(place: number): number {
    return this.#means[place] ?? 0;
  }

  /** Categories of `table` keep mean 0 and deviation 1. */
  standardisation(table: Pick<TableSchema, 'columns' | 'categorical'> | undefined): Standardisation {
    const mean = [...this.#means];
    const deviation = mean.map((_, i) => {
      const value = Math.sqrt((this.#squares[i] ?? 0) / (this.#counts[i] ?? 1));
      return value > 0 ? value : 1;
    });
    let place = 0;
    for (const column of table?.columns ?? []) {
      const width = columnWidth(column, table?.categorical ?? 'codes');
      if (column.kind === 'categorical') {
        mean.fill(0, place, place + width);
        deviation.fill(1, place, place + width);
      }
      place += width;
    }
    return new Standardisation({ mean, deviation });
  }
}
