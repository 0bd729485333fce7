// What "verisim evaluate" does.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../../core/present.js';
import type { Dataset } from '../../data/index.js';
import type { Metric } from '../../metrics/index.js';
import type { FittableModel } from '../../models/contract.js';
import { openFeatureSpace } from '../../models/features/node/open-feature-space.js';
import { readModelFolder } from '../../models/node/model-folder.js';
import { evaluate } from '../../report/evaluate/evaluate.js';
import { noCache } from '../../report/evaluate/statistics-cache.js';
import type { Cost, Evaluation } from '../../report/evaluation.js';
import { evaluationPictures } from '../../report/evaluation-pictures.js';
import { writeEvaluation } from '../../report/node/evaluation-files.js';
import { statisticsFiles } from '../../report/node/statistics-files.js';
import { configFile, readRunConfig } from '../../training/node/run-config.js';
import { readTimeline } from '../../training/node/timeline-file.js';
import type { EvaluateArguments } from '../evaluate.js';
import { exitCodes } from '../exit-codes.js';
import { watchInterruption } from '../interruption.js';
import { type StageDisplay, stageDisplay } from '../stage-display.js';
import { evaluationRows } from './evaluation-rows.js';
import { evaluationTable } from './evaluation-table.js';
import { withModel } from './opened-run.js';

export async function evaluateAndPrint(folder: string, options: EvaluateArguments): Promise<void> {
  const display = stageDisplay();
  const interruption = watchInterruption(() => display.note('Stopping; press Ctrl-C again to quit at once.'));
  try {
    const { evaluation, paths } = await evaluateRun(folder, options, { display, signal: interruption.signal });
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify({ run: folder, ...evaluation, files: paths }, named)}\n`
        : `${evaluationTable(evaluation)}\n${paths.map((path) => `written    ${path}\n`).join('')}`,
    );
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    display.note('Interrupted: nothing was written.');
    process.exitCode = exitCodes.interrupted;
  } finally {
    display.end();
    interruption.release();
  }
}

/** How a run's evaluation is watched and stopped. */
export interface Watching {
  readonly display: StageDisplay;
  readonly signal: AbortSignal;
}

/** Evaluates a run and writes what was found into its folder. @throws what opening the run, its data and the evaluation throw */
export async function evaluateRun(
  folder: string,
  options: Pick<EvaluateArguments, 'data' | 'split' | 'metrics' | 'samples' | 'features' | 'seed' | 'cache'> & {
    /** Seconds that drawing, scoring and each metric may take. Default: evaluate's own. */
    readonly patience?: number;
    /** The metrics to choose among. Default: all. */
    readonly known?: readonly Metric[];
    /** The rows that the run was trained on, where they are open already. */
    readonly opened?: Dataset;
    /** Called in the end with the model and the rows that it was judged by, while both are open. */
    readonly look?: (model: FittableModel, judges: Dataset) => Promise<void>;
  },
  { display, signal }: Watching,
): Promise<{ evaluation: Evaluation; paths: readonly string[] }> {
  const { metrics, samples, seed, cache: isCached, patience, known } = options;
  let result: { evaluation: Evaluation; paths: readonly string[] } | undefined;
  await withModel(
    folder,
    (model: FittableModel) => model,
    async (model) => {
      const config = existsSync(join(folder, configFile)) ? await readRunConfig(folder) : undefined;
      const { warnings, close, ...rows } = await evaluationRows(model, config, options, options.opened);
      try {
        for (const warning of warnings) display.note(`warning: ${warning}`);
        const cache = isCached ? statisticsFiles() : noCache;
        const { features: space } = options;
        const features = space === undefined ? undefined : await openFeatureSpace(space, rows.training, { signal });
        try {
          const evaluated = await evaluate(model, rows, {
            ...present({ metrics, samples, features, patience, known }),
            ...{ seed, cache, signal, cost: await costOf(folder), onProgress: display.show },
          });
          const paths = await writeEvaluation(folder, evaluated.evaluation, await evaluationPictures(evaluated));
          await options.look?.(model, rows.heldOut ?? rows.training);
          result = { evaluation: evaluated.evaluation, paths };
        } finally {
          await features?.dispose();
        }
      } finally {
        await close();
      }
    },
  );
  if (result === undefined) throw new Error('withModel did not run its function');
  display.end();
  return result;
}

/** What the run tells about its cost. */
async function costOf(folder: string): Promise<Cost> {
  const modelFolder = existsSync(join(folder, 'model', 'model.json')) ? join(folder, 'model') : folder;
  const { weights } = await readModelFolder(modelFolder);
  const timeline = await readTimeline(folder);
  const last = timeline.at(-1);
  return {
    parameters: Object.values(weights).reduce((sum, { data }) => sum + data.length, 0),
    ...(last === undefined
      ? {}
      : {
          trainingSeconds: last.seconds,
          trainingMemory: Math.max(...timeline.map(({ megabytes }) => megabytes)) * 2 ** 20,
        }),
  };
}

/** Numbers that JSON does not have, by their names. */
function named(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
