// Writing the page of a tour.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isImageShape, writeFileAtomic } from '../../data/index.js';
import { picturesFolder } from '../../report/node/evaluation-files.js';
import { readSubject } from '../../report/node/read-subject.js';
import type { Subject } from '../../report/subject.js';
import type { LatentSheets } from '../../report/tour/latent-sheets.js';
import type { TourRoute } from '../../report/tour/routes/route.js';
import type { TourStage } from '../../report/tour/stage.js';
import type { ToldTraining } from '../../report/tour/told-training.js';
import type { TourState } from '../../report/tour/tour-file.js';
import { type ToldStage, tourPage } from '../../report/tour/tour-page.js';
import { readWarnings } from '../../report/tour/warnings-file.js';
import { readRunConfig } from '../../training/node/run-config.js';
import { quoted } from '../quoted.js';

/** The page's file in the tour's folder. */
export const pageFile = 'index.html';

/** Writes the page of what has been judged so far. */
export async function writeTourPage(
  folder: string,
  { route, stages }: { readonly route: TourRoute; readonly stages: readonly TourStage[] },
  state: TourState,
): Promise<void> {
  const told: ToldStage[] = [];
  const toCome: TourStage[] = [];
  const failed: { stage: TourStage; why: string }[] = [];
  for (const stage of stages) {
    const record = state.stages.find(({ name }) => name === stage.name);
    if (record?.failed !== undefined) failed.push({ stage, why: record.failed });
    else if (record?.judgingSeconds === undefined) toCome.push(stage);
    else {
      const path = join(folder, stage.name);
      const read = await readSubject(path, stage.kind);
      // Options that all share would hide what differs, which chapters tell.
      const subject = stage.about === undefined ? read : { ...read, ...stage.about, options: {} };
      told.push({
        ...{ stage, subject, ...(await readSheets(path)) },
        ...(route.isAboutTraining ? { training: await readTraining(path, subject) } : {}),
      });
    }
  }
  const facts = {
    ...{ route, dataName: state.data, minutes: state.minutes, seconds: state.spent, toCome, failed },
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

async function readTraining(path: string, { evaluation }: Subject): Promise<ToldTraining> {
  const { totalSteps = 0 } = (await readRunConfig(path)).training;
  const { discriminatorSteps } = evaluation.model.options;
  return {
    steps: totalSteps,
    ...(typeof discriminatorSteps === 'number' ? { discriminatorSteps } : {}),
    warnings: await readWarnings(path),
  };
}

/** Commands that go on from here, as they can be typed. */
function furtherCommands(
  folder: string,
  told: readonly ToldStage[],
  { route, data, minutes, seed, size, label }: TourState,
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
      command: `npx verisim tour${route === 'models' ? '' : ` --route ${route}`} --data ${quoted(data)} --minutes ${minutes * 10}${more}`,
      what: 'The same tour with ten times the time for every model.',
    },
    ...(route === 'models'
      ? []
      : [
          {
            command: `npx verisim tour --data ${quoted(data)}${reading}`,
            what: 'Seven kinds of models of the same data, of which a generative adversarial network is one.',
          },
        ]),
    { command: 'npx verisim models', what: 'All kinds of models there are, and what each can do.' },
  ];
}
