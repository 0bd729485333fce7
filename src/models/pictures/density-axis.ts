// What the axes of a density's picture show: a column's name, the part of the line where its values are, and its own units where the
// model sees it standardised.
import type { TableSchema } from '../../data/table/schema.js';

/** One column. */
export interface DensityAxis {
  readonly label: string;
  /** The values in the column's units. */
  readonly values: Float64Array;
  /** The ends of the axis. */
  readonly limits: readonly [low: number, high: number];
  /** A value as the model sees it is (value - mean) / deviation. */
  readonly mean: number;
  readonly deviation: number;
}

/**
 * The axes of rows [N, columns].
 *
 * @returns undefined where a column is no number, but categories
 */
export function densityAxes(
  rows: Float32Array,
  columns: number,
  table: TableSchema | undefined,
): readonly DensityAxis[] | undefined {
  const isNumeric = table === undefined || table.columns.every(({ kind }) => kind !== 'categorical');
  if (!isNumeric || (table !== undefined && table.columns.length !== columns)) return undefined;
  return Array.from({ length: columns }, (_, column) => {
    const mean = table?.standardisation?.mean[column] ?? 0;
    const deviation = table?.standardisation?.deviation[column] ?? 1;
    const values = Float64Array.from(
      { length: rows.length / columns },
      (_value, row) => (rows[row * columns + column] ?? 0) * deviation + mean,
    );
    const label = table?.columns[column]?.name ?? (columns === 1 ? 'x' : `x${column + 1}`);
    return { label, values, limits: viewLimits(values), mean, deviation };
  });
}

/** Room around the values, as a share of their range. */
const margin = 0.12;

/** Where most values are: outliers further from the middle 98 % than these are wide would make everything else a line. */
export function viewLimits(values: Float64Array): readonly [low: number, high: number] {
  const sorted = values.toSorted();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const width = at(0.99) - at(0.01);
  const [low, high] =
    width > 0 ? [Math.max(at(0), at(0.01) - width), Math.min(at(1), at(0.99) + width)] : [at(0), at(1)];
  const room = high > low ? margin * (high - low) : Math.max(1, Math.abs(low)) / 10;
  return [low - room, high + room];
}

/** Places on an axis, the middles of equal parts. */
export function placesOn({ limits: [low, high] }: DensityAxis, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, place) => low + ((place + 0.5) * (high - low)) / count);
}
