// Judging the stages of a tour and writing its page.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, isImageShape, writeFileAtomic } from '../../data/index.js';
import { metrics } from '../../metrics/index.js';
import type { FittableModel } from '../../models/contract.js';
import { isPicture } from '../../models/encode-samples.js';
import { hasLatent } from '../../models/tools/abilities.js';
import { samplesOf } from '../../models/tools/rows.js';
import { picturesFolder } from '../../report/node/evaluation-files.js';
import { readSubject } from '../../report/node/read-subject.js';
import { type LatentSheets, latentSheets } from '../../report/tour/latent-sheets.js';
import type { TourStage } from '../../report/tour/stages.js';
import type { TourState } from '../../report/tour/tour-file.js';
import { type ToldStage, tourPage } from '../../report/tour/tour-page.js';
import { quoted } from '../quoted.js';
import { stageDisplay } from '../stage-display.js';
import { evaluateRun } from './evaluate.js';
import { withModel } from './opened-run.js';

/** How a stage is judged. */
export interface JudgeOptions {
  /** Rows that sheets show: held-out ones where there are some. */
  readonly shown: Dataset;
  /** Of the whole tour: longer ones look at more rows. */
  readonly minutes: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** The page's file in the tour's folder. */
export const pageFile = 'index.html';

/** From so many minutes on a tour has time for all metrics and for as many samples as they like. */
const longMinutes = 20;
/** Metrics that search all training rows, or tell little that others do not. */
const longMetrics: readonly string[] = [
  ...['exact-duplicates', 'near-duplicates', 'parzen-log-density'],
  ...['mmd', 'sliced-wasserstein', 'ndb', 'inter-class-diversity'],
];

/** Evaluates a stage's model and draws its sheets. @returns false where it was interrupted */
export async function judgeStage(path: string, { shown, minutes, seed, signal }: JudgeOptions): Promise<boolean> {
  const display = stageDisplay();
  try {
    const isShort = minutes < longMinutes;
    const options = {
      samples: isShort ? 1000 : 10_000,
      // Scoring and each metric may take half a second for each minute of the tour; drawing takes what so many samples take.
      patience: Math.max(2, minutes * 0.5),
      known: isShort ? metrics.filter(({ name }) => !longMetrics.includes(name)) : metrics,
    };
    await evaluateRun(path, { seed, cache: true, ...options }, { display, signal });
    await writeSheets(path, shown);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    display.end();
  }
}

/** Images that the sheets of a model with codes show. */
const shownImages = 10;

async function writeSheets(path: string, shown: Dataset): Promise<void> {
  if (!isPicture(shown.exampleShape) || shown.length < shownImages) return;
  await withModel(
    path,
    (model: FittableModel) => model,
    async (model) => {
      if (!hasLatent(model)) return;
      const images = await samplesOf(
        shown,
        Uint32Array.from({ length: shownImages }, (_, index) => index),
      );
      for (const [name, content] of Object.entries(await latentSheets(model, images)))
        await writeFileAtomic(join(path, picturesFolder, name), content);
    },
  );
}

/** Writes the page of what has been judged so far. */
export async function writeTourPage(folder: string, stages: readonly TourStage[], state: TourState): Promise<void> {
  const told: ToldStage[] = [];
  const toCome: TourStage[] = [];
  const failed: { stage: TourStage; why: string }[] = [];
  for (const stage of stages) {
    const record = state.stages.find(({ name }) => name === stage.name);
    if (record?.failed !== undefined) failed.push({ stage, why: record.failed });
    else if (record?.judgingSeconds === undefined) toCome.push(stage);
    else {
      const path = join(folder, stage.name);
      told.push({ stage, subject: await readSubject(path, stage.kind), ...(await readSheets(path)) });
    }
  }
  const facts = {
    ...{ dataName: state.data, minutes: state.minutes, seconds: state.spent, toCome, failed },
    commands: furtherCommands(folder, told, state),
  };
  await writeFileAtomic(join(folder, pageFile), tourPage(told, facts));
}

async function readSheets(path: string): Promise<{ sheets?: LatentSheets }> {
  const [rebuilt, between] = [
    join(path, picturesFolder, 'reconstructions.png'),
    join(path, picturesFolder, 'interpolations.png'),
  ];
  if (!existsSync(rebuilt) || !existsSync(between)) return {};
  return { sheets: { 'reconstructions.png': await readFile(rebuilt), 'interpolations.png': await readFile(between) } };
}

/** Commands that go on from here, as they can be typed. */
function furtherCommands(
  folder: string,
  told: readonly ToldStage[],
  { data, minutes, seed, size, label }: TourState,
): { command: string; what: string }[] {
  const run = ({ stage }: ToldStage): string => quoted(join(folder, stage.name));
  const last = told.at(-1);
  const mixture = told.find(({ stage }) => stage.kind === 'gaussian-mixture');
  const { classes = [], exampleShape = [], heldOut } = last?.subject.evaluation.data ?? {};
  const ending = isImageShape(exampleShape) ? 'png' : 'csv';
  const rows = `--data ${quoted(data)}${heldOut?.split === 'test' ? ' --split test' : ''}`;
  const reading = `${size === undefined ? '' : ` --size ${size.join('x')}`}${label === undefined ? '' : ` --label ${quoted(label)}`}`;
  const more = `${reading}${seed === 0 ? '' : ` --seed ${seed}`} --out ${quoted(`${folder.replace(/[\\/]+$/, '')}-long`)}`;
  return [
    ...(last === undefined
      ? []
      : [
          {
            command: `npx verisim sample ${run(last)} --count 64 --seed 7 --out samples.${ending}`,
            what: 'Draws new rows with the last model.',
          },
        ]),
    ...(mixture === undefined || classes.length < 2
      ? []
      : [
          {
            command: `npx verisim classify ${run(mixture)} ${rows}`,
            what: "Reads the classes of rows by Bayes' rule, with the mixtures: a density is all it takes.",
          },
        ]),
    {
      command: `npx verisim tour --data ${quoted(data)} --minutes ${minutes * 10}${more}`,
      what: 'The same tour with ten times the time for every model.',
    },
    { command: 'npx verisim models', what: 'All kinds of models there are, and what each can do.' },
  ];
}
