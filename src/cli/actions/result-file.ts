// Files of results, one row for each row of the data: numbers as .npy, columns with headings as .csv.
import { extname } from 'node:path';
import { unknownName } from '../../core/nearest.js';
import { writeFileAtomic, writeNpy } from '../../data/index.js';

/** What is written: as an array, or as columns. */
export interface ResultRows {
  /** [N], or [N, columns]. */
  readonly array: { readonly data: Float32Array | Float64Array | Int32Array; readonly shape: readonly number[] };
  /** By heading, each with N cells. */
  readonly columns: Readonly<Record<string, ArrayLike<number | string>>>;
}

const endings = ['.npy', '.csv'] as const;

/** @throws UnknownNameError for a file of a kind that results cannot be written to: asked before the work is done */
export function checkResultFile(path: string | undefined, known: readonly string[] = endings): void {
  const ending = path === undefined ? undefined : extname(path).toLowerCase();
  if (ending !== undefined && !known.includes(ending)) throw unknownName('kind of file', ending, known);
}

/** Writes results, all or nothing. */
export async function writeResults(path: string, { array, columns }: ResultRows): Promise<void> {
  await writeFileAtomic(path, extname(path).toLowerCase() === '.npy' ? writeNpy(array) : csv(columns));
}

function csv(columns: ResultRows['columns']): string {
  const names = Object.keys(columns);
  const count = Math.max(0, ...Object.values(columns).map(({ length }) => length));
  const lines = [names.map(cell).join(',')];
  for (let row = 0; row < count; row++) lines.push(names.map((name) => cell(columns[name]?.[row] ?? '')).join(','));
  return `${lines.join('\n')}\n`;
}

/** A cell as RFC 4180 has it. */
function cell(value: number | string): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
