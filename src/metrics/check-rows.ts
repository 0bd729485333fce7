// Checks of the rows that metrics are given: enough of them, equally wide, all of them numbers.
import { DatasetError, ShapeError } from '../core/errors.js';
import type { FeatureRows } from './metric.js';

/**
 * Checks rows that are compared with each other.
 *
 * @param metric the name in errors: FID
 * @throws ShapeError for rows of different widths, or numbers that are no whole rows
 * @throws DatasetError for fewer rows than `minimumRows`, or a value that is no finite number
 */
export function checkRows(metric: string, inputs: Readonly<Record<string, FeatureRows>>, minimumRows: number): void {
  const entries = Object.entries(inputs);
  const [[firstName, { width }] = ['', { width: 0 }]] = entries;
  for (const [name, rows] of entries) {
    if (rows.width !== width || width < 1)
      throw new ShapeError(
        `${metric}: rows of "${name}" have ${rows.width} numbers, rows of "${firstName}" ${width}; they have to be in one feature space.`,
      );
    if (rows.data.length !== rows.rows * rows.width)
      throw new ShapeError(
        `${metric}: "${name}" has ${rows.data.length} numbers; ${rows.rows} rows of ${rows.width} have ${rows.rows * rows.width}.`,
      );
    if (rows.rows < minimumRows)
      throw new DatasetError(
        `${metric} needs at least ${minimumRows} rows of "${name}" and received ${rows.rows}; draw or load more.`,
      );
    const odd = firstOddRow(rows);
    if (odd !== undefined)
      throw new DatasetError(
        `${metric}: row ${odd} of "${name}" has a value that is no finite number; leave such rows out and find out where they come from.`,
      );
  }
}

function firstOddRow({ data, width }: FeatureRows): number | undefined {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return Math.floor(i / width);
  return undefined;
}
