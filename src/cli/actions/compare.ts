// What "verisim compare" does.
import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { ConfigError, RunFolderError } from '../../core/errors.js';
import { unknownName } from '../../core/nearest.js';
import { present } from '../../core/present.js';
import { writeFileAtomic } from '../../data/index.js';
import { compare, comparisonPage } from '../../report/compare.js';
import { evaluationFile } from '../../report/node/evaluation-files.js';
import { readSubject } from '../../report/node/read-subject.js';
import type { CompareArguments } from '../compare.js';
import { counted } from '../counted.js';
import { exitCodes } from '../exit-codes.js';
import { watchInterruption } from '../interruption.js';
import { stageDisplay } from '../stage-display.js';
import { evaluateRun } from './evaluate.js';

export async function compareRuns(folders: readonly string[], options: CompareArguments): Promise<void> {
  const { out, title, json } = options;
  if (!['.html', '.htm'].includes(extname(out).toLowerCase()))
    throw unknownName('kind of page', extname(out), ['.html']);
  const names = namesOf(folders);
  const missing = folders.filter((folder) => !existsSync(join(folder, evaluationFile)));
  for (const folder of missing)
    if (!existsSync(folder)) throw new RunFolderError(`There is no folder ${folder}. Runs are by default in runs/.`);
  if (missing.length > 0 && options.evaluate !== true)
    throw new RunFolderError(
      `${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} not been evaluated yet. Add --evaluate to do that first, ` +
        `or evaluate one by one: verisim evaluate ${missing[0]}.`,
    );
  if (missing.length > 0 && !(await evaluateMissing(missing, options))) return;
  const subjects = [];
  for (const [index, folder] of folders.entries()) subjects.push(await readSubject(folder, names[index]));
  const page = comparisonPage(subjects, present({ title }));
  await writeFileAtomic(out, page);
  const { contests, notes } = compare(subjects);
  const document = {
    out,
    runs: subjects.map(({ name, kind }, index) => ({ run: folders[index], name, model: kind })),
    notes,
    metrics: contests.map(({ name, better, entries }) => ({
      ...{ name, better },
      values: entries.flatMap((entry) =>
        entry === undefined
          ? []
          : [
              {
                name: entry.subject.name,
                ...present({ value: finite(entry.row.value), interval: entry.row.interval?.map(finite) }),
                standing: entry.standing,
              },
            ],
      ),
    })),
  };
  process.stdout.write(
    json === true
      ? `${JSON.stringify(document)}\n`
      : `${out}: ${counted(subjects.length, 'model')}, ${counted(contests.length, 'metric')}, ${Math.ceil(page.length / 1024)} kB. Open it in a browser.\n${notes.map((note) => `note: ${note}\n`).join('')}`,
  );
}

/** @returns whether all were evaluated, rather than interrupted */
async function evaluateMissing(folders: readonly string[], { samples, features }: CompareArguments): Promise<boolean> {
  const display = stageDisplay();
  const interruption = watchInterruption(() => display.note('Stopping; press Ctrl-C again to quit at once.'));
  try {
    for (const folder of folders) {
      display.note(`Evaluating ${folder}`);
      const options = { ...{ seed: 0, cache: true }, ...present({ samples, features }) };
      await evaluateRun(folder, options, { display, signal: interruption.signal });
    }
    return true;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    display.note('Interrupted: the runs that were evaluated stay so, and no page was written.');
    process.exitCode = exitCodes.interrupted;
    return false;
  } finally {
    display.end();
    interruption.release();
  }
}

/** What runs are called: by their folders, with as much of the path as tells them apart. @throws ConfigError for one named twice */
function namesOf(folders: readonly string[]): string[] {
  const paths = folders.map((folder) => resolve(folder));
  const twice = folders.find((_, index) => paths.indexOf(paths[index] ?? '') !== index);
  if (twice !== undefined) throw new ConfigError(`${twice} was named twice; name each run once.`);
  return paths.map((path, index) => {
    const name = basename(path);
    const isUnique = paths.every((other, at) => at === index || basename(other) !== name);
    return isUnique ? name : (folders[index] ?? name).replace(/[\\/]+$/, '');
  });
}

/** A number as JSON has it, or its name. */
function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
