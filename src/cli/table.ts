// Text tables for terminals: columns as wide as their content, the last one broken into lines where the terminal is narrower.

/** The width of the last column below which breaking it into lines makes nothing more readable. */
const narrowest = 24;

/** Rows under headings. `width` is what a line may take; by default the terminal's, and anything where there is none. */
export function textTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width: number = process.stdout.columns || Number.POSITIVE_INFINITY,
): string {
  const last = headings.length - 1;
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + 2, 0);
  widths[last] = Math.min(widths[last] ?? 0, Math.max(narrowest, width - before));
  const lines = (cells: readonly string[]): string[] =>
    wrap(cells[last] ?? '', widths[last] ?? 0).map((text, index) =>
      [...cells.slice(0, last).map((cell, column) => (index === 0 ? cell : '').padEnd(widths[column] ?? 0)), text]
        .join('  ')
        .trimEnd(),
    );
  return [...lines(headings), ...lines(widths.map((one) => '-'.repeat(one))), ...rows.flatMap(lines)].join('\n');
}

/** Text in lines of at most `width` characters, broken between words. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
