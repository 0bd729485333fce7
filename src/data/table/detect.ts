// What can be found out about a text of cells by looking at its start: what lies between two cells, and whether the first row names
// the columns.
import { isMissing, parseNumber } from './cells.js';

const delimiters = [',', ';', '\t', '|'] as const;
const linesLookedAt = 20;

/** The delimiter that the most lines have most often and equally often; a comma where none does. */
export function detectDelimiter(start: string): string {
  const lines = start
    .replace(/"[^"]*"/g, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, linesLookedAt);
  let best: { readonly delimiter: string; readonly agreeing: number; readonly count: number } | undefined;
  for (const delimiter of delimiters) {
    const count = (lines[0] ?? '').split(delimiter).length - 1;
    if (count === 0) continue;
    const agreeing = lines.filter((line) => line.split(delimiter).length - 1 === count).length;
    if (best === undefined || agreeing > best.agreeing || (agreeing === best.agreeing && count > best.count))
      best = { delimiter, agreeing, count };
  }
  return best?.delimiter ?? ',';
}

/**
 * Whether the first row names the columns. A name is no number, so a number there says no, and numbers below a text say yes. Where
 * all is text, names are those that differ from each other and do not come again further down.
 */
export function detectHeader(rows: readonly (readonly string[])[], missing: ReadonlySet<string>): boolean {
  const [first = [], ...others] = rows;
  const names = first.map((text) => text.trim());
  if (names.some((name) => parseNumber(name) !== undefined || (name !== '' && isMissing(name, missing)))) return false;
  if (others.some((row) => row.some((text) => parseNumber(text.trim()) !== undefined))) return true;
  return (
    new Set(names).size === names.length &&
    names.every((name, column) => others.every((row) => row[column]?.trim() !== name))
  );
}
