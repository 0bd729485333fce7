// Judging one stage of a tour: its evaluation, and sheets of what its codes keep.
import { join } from 'node:path';
import { type Dataset, writeFileAtomic } from '../../data/index.js';
import { metrics } from '../../metrics/index.js';
import type { FittableModel } from '../../models/contract.js';
import { isPicture } from '../../models/encode-samples.js';
import { hasLatent } from '../../models/tools/abilities.js';
import { samplesOf } from '../../models/tools/rows.js';
import { picturesFolder } from '../../report/node/evaluation-files.js';
import { latentSheets } from '../../report/tour/latent-sheets.js';
import { stageDisplay } from '../stage-display.js';
import { evaluateRun } from './evaluate.js';

/** How a stage is judged. */
export interface JudgeOptions {
  /** Its run folder. */
  readonly path: string;
  /** The rows that it was trained on. */
  readonly data: Dataset;
  /** Of the whole tour: longer ones look at more rows. */
  readonly minutes: number;
  readonly seed: number;
  /** Whether sheets of what codes keep are drawn, where there are codes. */
  readonly drawsSheets: boolean;
  readonly signal: AbortSignal;
}

/** From so many minutes on a tour has time for all metrics and for as many samples as they like. */
const longMinutes = 20;
/** Metrics that search all training rows, or tell little that others do not. */
const longMetrics: readonly string[] = [
  ...['exact-duplicates', 'near-duplicates', 'parzen-log-density'],
  ...['mmd', 'sliced-wasserstein', 'ndb', 'inter-class-diversity'],
];

/** Evaluates a stage's model and draws its sheets. @returns false where it was interrupted */
export async function judgeStage({ path, data, minutes, seed, drawsSheets, signal }: JudgeOptions): Promise<boolean> {
  const display = stageDisplay();
  try {
    const isShort = minutes < longMinutes;
    const options = {
      samples: isShort ? 1000 : 10_000,
      // Scoring and each metric may take half a second for each minute of the tour; drawing takes what so many samples take.
      patience: Math.max(2, minutes * 0.5),
      known: isShort ? metrics.filter(({ name }) => !longMetrics.includes(name)) : metrics,
    };
    const look = async (model: FittableModel, shown: Dataset): Promise<void> => {
      if (drawsSheets) await writeSheets(path, model, shown);
    };
    await evaluateRun(path, { seed, cache: true, opened: data, look, ...options }, { display, signal });
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

async function writeSheets(path: string, model: FittableModel, shown: Dataset): Promise<void> {
  if (!isPicture(shown.exampleShape) || shown.length < shownImages || !hasLatent(model)) return;
  const images = await samplesOf(
    shown,
    Uint32Array.from({ length: shownImages }, (_, index) => index),
  );
  for (const [name, content] of Object.entries(await latentSheets(model, images)))
    await writeFileAtomic(join(path, picturesFolder, name), content);
}
