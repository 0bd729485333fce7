// An evaluation in its run folder:
//
//   evaluation.json            what was found
//   evaluation/                pictures: samples, real rows, samples beside their nearest training images
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileFormatError } from '../../core/errors.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import { makeFolder } from '../../data/node/make-folder.js';
import { type Evaluation, evaluationText, parseEvaluation } from '../evaluation.js';
import type { EvaluationPictures } from '../evaluation-pictures.js';

/** The file's name. */
export const evaluationFile = 'evaluation.json';
/** The folder of the pictures. */
export const picturesFolder = 'evaluation';

const pictureNames = [
  'samples.png',
  'samples.svg',
  'real.png',
  'real.svg',
  'copying.png',
  'first.png',
  'closest.png',
] as const;
/** What people look at: the others are parts of pages. */
const announced: readonly string[] = ['samples.png', 'samples.svg', 'copying.png'];

/** Writes an evaluation, pictures first, each file all or nothing. @returns the paths of the files that people look at */
export async function writeEvaluation(
  folder: string,
  evaluation: Evaluation,
  pictures: EvaluationPictures,
): Promise<string[]> {
  const place = join(folder, picturesFolder);
  await makeFolder(place);
  const paths: string[] = [];
  for (const name of pictureNames) {
    const content = pictures[name];
    if (content === undefined) continue;
    await writeFileAtomic(join(place, name), content);
    if (announced.includes(name)) paths.push(join(place, name));
  }
  await writeFileAtomic(join(folder, evaluationFile), evaluationText(evaluation));
  return [join(folder, evaluationFile), ...paths];
}

/** The evaluation of a run, undefined where it has none yet. @throws FileFormatError for a damaged one, or one of another version */
export async function readEvaluation(folder: string): Promise<Evaluation | undefined> {
  const path = join(folder, evaluationFile);
  if (!existsSync(path)) return undefined;
  const again = `Remove it, or evaluate again: verisim evaluate ${folder}.`;
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new FileFormatError(path, `is no JSON (${error instanceof Error ? error.message : error}). ${again}`);
  }
  const parsed = parseEvaluation(content);
  if ('evaluation' in parsed) return parsed.evaluation;
  throw new FileFormatError(path, `is no evaluation of this version of Verisim (${parsed.problem}). ${again}`);
}

/** The pictures of a run's evaluation, as far as there are. */
export async function readPictures(folder: string): Promise<EvaluationPictures> {
  const found: [string, Uint8Array][] = [];
  for (const name of pictureNames) {
    const path = join(folder, picturesFolder, name);
    if (existsSync(path)) found.push([name, await readFile(path)]);
  }
  return Object.fromEntries(found);
}
