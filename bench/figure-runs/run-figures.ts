// Measures the figures that are named on the command line, each in a process of its own, whose memory is its own.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A list of figures, and the program that measures them. */
export interface FigureProgram<Figure extends { readonly name: string }> {
  /** The program's own address, import.meta.url. */
  readonly program: string;
  readonly figures: readonly Figure[];
  /** Parts of names. */
  readonly wanted: readonly string[];
  /** What follows the names on the command line. */
  readonly options?: readonly string[];
  measure(figure: Figure): Promise<void>;
}

/** Measures what is wanted; names the figures where nothing is. */
export async function runFigures<Figure extends { readonly name: string }>({
  program,
  figures,
  wanted,
  options = [],
  measure,
}: FigureProgram<Figure>): Promise<void> {
  const chosen = chosenFigures(figures, wanted);
  const [only] = chosen;
  if (only === undefined) {
    process.stderr.write(`Name the figures to measure:\n${figures.map(({ name }) => `  ${name}\n`).join('')}`);
    process.exitCode = 2;
  } else if (chosen.length === 1) await measure(only);
  else
    for (const { name } of chosen) {
      const { status } = spawnSync(process.execPath, [fileURLToPath(program), name, ...options], { stdio: 'inherit' });
      if (status !== 0) process.exitCode = 1;
    }
}

/** The figures whose names have one of the parts. A whole name means that figure alone, even where others begin with it. */
export function chosenFigures<Figure extends { readonly name: string }>(
  figures: readonly Figure[],
  wanted: readonly string[],
): Figure[] {
  const isMeant = (name: string, part: string): boolean =>
    figures.some((figure) => figure.name === part) ? name === part : name.includes(part);
  return figures.filter(({ name }) => wanted.some((part) => isMeant(name, part)));
}
