// Several runs, each of a model of one class, and rows that are compared under all of them.
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ConfigError, ShapeError } from '../../core/errors.js';
import type { Dataset, TableSchema } from '../../data/index.js';
import { load } from '../../models/node/load.js';
import type { Scorer } from '../../models/tools/abilities.js';
import type { DataArguments } from '../data-options.js';
import { scoringModel } from './able-model.js';
import { withRun } from './opened-run.js';

/** A class and the run that its model is in. */
export interface ClassRun {
  readonly name: string;
  readonly folder: string;
}

/** Models by class name, and rows for them. */
export interface OpenedClassRuns {
  readonly models: Readonly<Record<string, Scorer>>;
  /** Folders by class name. */
  readonly runs: Readonly<Record<string, string>>;
  readonly data: Dataset;
  readonly title: string;
}

/**
 * Opens one run for each class and data, hands them to `use`, and closes them however that ends.
 *
 * @param texts as {@link classRun} reads them
 * @throws ConfigError for a class named twice, a model without a density, models whose rows mean different things
 * @throws what withRun throws
 */
export async function withClassRuns(
  texts: readonly string[],
  options: DataArguments,
  use: (opened: OpenedClassRuns) => Promise<void>,
): Promise<void> {
  const runs = texts.map(classRun);
  const twice = runs.find(({ name }, index) => runs.findIndex((one) => one.name === name) !== index);
  if (twice !== undefined)
    throw new ConfigError(
      `The class "${twice.name}" was named twice; every run needs a class of its own. Name them as class=run, such as cat=${twice.folder}.`,
    );
  const [first, ...others] = runs;
  if (first === undefined) throw new ConfigError('No run was named; name one for each class.');
  await withRun(first.folder, options, scoringModel, async ({ model, data, title }) => {
    const models: Record<string, Scorer> = { [first.name]: model };
    const loaded: { dispose(): Promise<void> }[] = [];
    try {
      for (const { name, folder } of others) {
        const other = await load(folder);
        loaded.push(other);
        models[name] = scoringModel(other);
        checkSameRows({ ...first, table: model.table }, { name, folder, table: other.table });
      }
      await use({ models, data, title, runs: Object.fromEntries(runs.map(({ name, folder }) => [name, folder])) });
    } finally {
      for (const other of loaded) await other.dispose();
    }
  });
}

/** What a text says: `cat=runs/a`, or the folder alone, whose name is then the class's. */
export function classRun(text: string): ClassRun {
  const separator = text.indexOf('=');
  // A folder may have such a name.
  if (separator < 1 || existsSync(text)) return { name: basename(resolve(text)), folder: text };
  return { name: text.slice(0, separator), folder: text.slice(separator + 1) };
}

/** @throws ShapeError where a number of a row stands for different things in two models, so that their densities are not of the same rows */
function checkSameRows(
  a: ClassRun & { readonly table: TableSchema | undefined },
  b: ClassRun & { readonly table: TableSchema | undefined },
): void {
  if (encoding(a.table) === encoding(b.table)) return;
  throw new ShapeError(
    `The models of "${a.name}" and "${b.name}" were fitted to tables whose columns, categories or standardisation differ, so their ` +
      'densities are not of the same numbers. Train both with --no-standardise on tables with the same columns and categories, or ' +
      'one model on a table of both, with --label.',
  );
}

/** How cells became numbers. */
function encoding(table: TableSchema | undefined): string {
  if (table === undefined) return '';
  const { columns, categorical, standardisation } = table;
  const kinds = columns.map(({ name, categories }) => ({ name, categories }));
  return JSON.stringify({ kinds, categorical, standardisation });
}
