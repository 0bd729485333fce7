// What "verisim tour" does.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { ConfigError, RunFolderError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { namedDatasets } from '../../data/index.js';
import { makeFolder } from '../../data/node/make-folder.js';
import { evaluationFile } from '../../report/node/evaluation-files.js';
import { expectedJudging, type PlannedStage, type StageTime, stageTime } from '../../report/tour/budget.js';
import { type TourRouteName, tourRoutes } from '../../report/tour/routes/index.js';
import type { TourRoute } from '../../report/tour/routes/route.js';
import type { TourStage } from '../../report/tour/stage.js';
import { readTour, type TourState, writeTour } from '../../report/tour/tour-file.js';
import { lockFolder } from '../../training/node/folder-lock.js';
import { exitCodes } from '../exit-codes.js';
import { watchInterruption } from '../interruption.js';
import { formatDuration } from '../progress-line.js';
import { quoted } from '../quoted.js';
import type { TourArguments } from '../tour.js';
import { openPage } from './open-page.js';
import { openTourData } from './tour-data.js';
import { pageFile, writeTourPage } from './tour-page.js';
import { runStage } from './tour-stage-runner.js';

/** What a trained model is told by, in its run folder. */
const modelPath = join('model', 'model.json');
/** Seconds kept for writing the page. */
const closingSeconds = 3;

/** What is toured: the stages of a route that the data allow. */
interface Way {
  readonly route: TourRoute;
  readonly stages: readonly TourStage[];
}

/** Options with what the route says where nothing was asked for. */
type TourOptions = TourArguments & { readonly minutes: number };

export async function tour(given: TourArguments): Promise<void> {
  const started = performance.now();
  const route: TourRoute = tourRoutes[given.route];
  const options = { ...given, minutes: given.minutes ?? route.minutes };
  const { data: dataName, json } = options;
  const name = Object.hasOwn(namedDatasets, dataName) ? dataName : resolve(dataName);
  const folder = options.out ?? join('runs', `${route.folder}-${basename(name, extname(name))}`);
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const { size, label } = options;
  // Every stage opens the data in a process of its own; here they only tell which models can take them.
  const data = await openTourData({ dataName, size, label });
  await data.dispose?.();
  if (label !== undefined && data.table === undefined)
    throw new ConfigError(`--label is for tables: CSV, Parquet, and named ones such as iris; "${dataName}" is none.`);
  const stages = route.stages.filter((stage) => stage.takes(data));
  const way = { route, stages };
  await makeFolder(folder);
  const release = await lockFolder(folder);
  try {
    const page = join(folder, pageFile);
    const state = await startOrGoOn(folder, options, name, stages);
    announce(note, way, { state, dataName: data.name, page });
    const isWhole = await runStages(way, state, { folder, note, started });
    if (!isWhole) {
      note(`Interrupted; what was learnt is saved. Go on with: ${commandOf(options)}`);
      process.exitCode = exitCodes.interrupted;
      return;
    }
    const seconds = state.spent;
    if (json === true) process.stdout.write(`${JSON.stringify({ page, folder, seconds, stages: state.stages })}\n`);
    else
      process.stdout.write(`The tour took ${formatDuration(seconds)}.\n  page  ${page}\n${nextSteps(folder, stages)}`);
    if (options.open && json !== true) openPage(resolve(page));
  } finally {
    await release();
  }
}

interface TourRun {
  readonly folder: string;
  readonly note: (text: string) => void;
  readonly started: number;
}

/** Trains and judges what has not been yet. @returns false where it was interrupted */
async function runStages(way: Way, state: TourState, run: TourRun): Promise<boolean> {
  const { stages } = way;
  const { folder, note } = run;
  const { route, data: dataName, size, label, minutes, seed } = state;
  const total = minutes * 60 - closingSeconds;
  const spentBefore = state.spent;
  const sessionSeconds = (): number => (performance.now() - run.started) / 1000;
  const save = async (): Promise<void> => {
    state.spent = spentBefore + sessionSeconds();
    await writeTour(folder, state);
  };
  for (const [index, stage] of stages.entries()) {
    const record = recordOf(state, stage);
    if (record.judgingSeconds !== undefined || record.failed !== undefined) continue;
    const interruption = watchInterruption(() => note('Stopping and saving; press Ctrl-C again to quit at once.'));
    try {
      let since = sessionSeconds();
      let saving = Promise.resolve();
      const isTrained = record.trainingSeconds !== undefined;
      const time = stageTime(total - spentBefore - since, stages.slice(index), expectedJudging(judgedOf(way, state)));
      const trainingSeconds = trainingTime(way.route, state, time);
      const about = formatDuration(Math.max(time.seconds, trainingSeconds));
      if (!isTrained) note(`\n[${index + 1}/${stages.length}] ${stage.title}: about ${about}`);
      const task = {
        ...{ route, stage: stage.name, path: join(folder, stage.name) },
        ...{ dataName, minutes, seed, ...present({ size, label }) },
        ...(isTrained ? {} : { trainingSeconds }),
      };
      const end = await runStage(task, {
        signal: interruption.signal,
        onTrained() {
          record.trainingSeconds = sessionSeconds() - since;
          since = sessionSeconds();
          saving = save();
          // Awaited below.
          saving.catch(() => undefined);
        },
      });
      await saving;
      if (end.type === 'judged') record.judgingSeconds = sessionSeconds() - since;
      if (end.type === 'failed') {
        note(`This model is left out: ${end.why}`);
        record.failed = end.why;
      }
      await save();
      if (end.type === 'interrupted') return false;
      await writeTourPage(folder, way, state);
    } finally {
      interruption.release();
    }
  }
  await writeTourPage(folder, way, state);
  return true;
}

/** What the next model is trained for. Objectives are compared after the same time, even where judging takes longer than was thought. */
function trainingTime({ isAboutTraining }: TourRoute, state: TourState, { trainingSeconds }: StageTime): number {
  if (!isAboutTraining) return trainingSeconds;
  state.trainingSeconds ??= trainingSeconds;
  return state.trainingSeconds;
}

/** What judging took so far. */
function judgedOf({ stages }: Way, state: TourState): { stage: PlannedStage; seconds: number }[] {
  return stages.flatMap((stage) => {
    const { judgingSeconds } = recordOf(state, stage);
    return judgingSeconds === undefined ? [] : [{ stage, seconds: judgingSeconds }];
  });
}

function recordOf(state: TourState, { name }: TourStage): TourState['stages'][number] {
  const known = state.stages.find((record) => record.name === name);
  if (known !== undefined) return known;
  const record = { name };
  state.stages.push(record);
  return record;
}

/** @throws ConfigError where the folder holds a tour of other data, length or seed */
async function startOrGoOn(
  folder: string,
  { route, minutes, seed, size, label }: TourOptions,
  data: string,
  stages: readonly TourStage[],
): Promise<TourState> {
  const known = await readTour(folder);
  const wanted = {
    ...{ route, data, minutes, seed },
    ...present({ size: size && ([...size] satisfies [number, number]), label }),
  };
  if (known === undefined) {
    const others = (await readdir(folder)).filter((name) => !name.startsWith('.'));
    if (others.length > 0)
      throw new RunFolderError(
        `${folder} holds something that is no tour (${others[0]}). Name an empty or a new folder with --out.`,
      );
    const state: TourState = {
      format: 'verisim-tour',
      ...wanted,
      spent: 0,
      stages: stages.map(({ name }) => ({ name })),
    };
    await writeTour(folder, state);
    return state;
  }
  const difference = (['route', 'data', 'minutes', 'seed', 'size', 'label'] as const).find(
    (key) => String(known[key]) !== String(wanted[key]),
  );
  if (difference !== undefined)
    throw new ConfigError(
      `${folder} holds a tour with ${difference} ${known[difference] ?? 'as it is'}, not ${wanted[difference] ?? 'as it is'}. ` +
        `Take another folder, --out ${folder}-2, or remove that one.`,
    );
  await healed(known, folder);
  return known;
}

/** Has stages done again of which something was removed; their time is given back. */
async function healed(state: TourState, folder: string): Promise<void> {
  for (const record of state.stages) {
    const path = join(folder, record.name);
    const { trainingSeconds = 0, judgingSeconds = 0 } = record;
    const isJudged = existsSync(join(path, evaluationFile));
    if (judgingSeconds > 0 && !isJudged) {
      delete record.judgingSeconds;
      state.spent = Math.max(0, state.spent - judgingSeconds);
    }
    if (trainingSeconds > 0 && !isJudged && !existsSync(join(path, modelPath))) {
      delete record.trainingSeconds;
      state.spent = Math.max(0, state.spent - trainingSeconds);
    }
  }
}

function announce(
  note: (text: string) => void,
  { route, stages }: Way,
  { state, dataName, page }: { readonly state: TourState; readonly dataName: string; readonly page: string },
): void {
  const done = state.stages.filter(({ judgingSeconds, failed }) => (judgingSeconds ?? failed) !== undefined).length;
  const length = `${state.minutes} ${state.minutes === 1 ? 'minute' : 'minutes'}`;
  if (done === stages.length) note(`This tour has been made; its page is written anew: ${page}`);
  else if (done > 0 || state.spent > 0) note(`Going on with stage ${done + 1} of ${stages.length}. The page: ${page}`);
  else
    note(
      `A tour of ${stages.length} ${route.counts} ${dataName} in about ${length}. Its page grows with every stage: ${page}`,
    );
}

function nextSteps(folder: string, stages: readonly TourStage[]): string {
  const last = stages.at(-1);
  return last === undefined ? '' : `Next: npx verisim sample ${quoted(join(folder, last.name))}\n`;
}

function commandOf({ route, minutes, data, size, label, out, seed }: TourOptions): string {
  const usual: TourRouteName = 'models';
  const parts = [
    ...(route === usual ? [] : [`--route ${route}`]),
    ...(minutes === tourRoutes[route].minutes ? [] : [`--minutes ${minutes}`]),
    ...(data === 'mnist' ? [] : [`--data ${quoted(data)}`]),
    ...(size === undefined ? [] : [`--size ${size.join('x')}`]),
    ...(label === undefined ? [] : [`--label ${quoted(label)}`]),
    ...(out === undefined ? [] : [`--out ${quoted(out)}`]),
    ...(seed === 0 ? [] : [`--seed ${seed}`]),
  ];
  return ['npx verisim tour', ...parts].join(' ');
}
