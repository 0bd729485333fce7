// A run folder as what a page tells of it.
import { basename, resolve } from 'node:path';
import { RunFolderError } from '../../core/errors.js';
import { capabilities } from '../../models/contract.js';
import type { ModelDefinition } from '../../models/definition.js';
import { modelDefinition } from '../../models/registry.js';
import { readMetrics } from '../../training/node/metrics-file.js';
import { readTimeline } from '../../training/node/timeline-file.js';
import type { Subject, TrainingCurves } from '../subject.js';
import { readEvaluation, readPictures } from './evaluation-files.js';

/**
 * Reads what a run's evaluation and training left.
 *
 * @param name what it is called on the page. Default: the folder's name
 * @throws RunFolderError where it has not been evaluated, FileFormatError for a damaged file, UnknownNameError for an unknown model
 */
export async function readSubject(folder: string, name: string = basename(resolve(folder))): Promise<Subject> {
  const evaluation = await readEvaluation(folder);
  if (evaluation === undefined)
    throw new RunFolderError(`${folder} has not been evaluated yet. Do that first: verisim evaluate ${folder}.`);
  const definition = modelDefinition(evaluation.model.kind);
  const { kind, description, strengths, weaknesses, paper } = definition;
  const { options } = evaluation.model;
  const model = definition.create(options);
  const training = await readCurves(folder, definition);
  return {
    ...{ name, kind, description, strengths, weaknesses, paper, evaluation },
    options: changedOptions(definition, options),
    pictures: await readPictures(folder),
    capabilities: capabilityNames.filter((capability) => capabilities[capability](model)),
    ...(training === undefined ? {} : { training }),
  };
}

/** All capabilities, in the order of the documentation's matrix. */
export const capabilityNames = (Object.keys(capabilities) as string[]).filter(isCapability);

function isCapability(name: string): name is keyof typeof capabilities {
  return Object.hasOwn(capabilities, name);
}

function changedOptions(
  { schema }: ModelDefinition,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const defaults: Record<string, unknown> = schema.parse({});
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key])),
  );
}

/** The curves that the run's own charts show, over minutes where those were recorded. */
async function readCurves(folder: string, { charts }: ModelDefinition): Promise<TrainingCurves | undefined> {
  const rows = await readMetrics(folder);
  if (rows.length < 2) return undefined;
  const timeline = new Map((await readTimeline(folder)).map(({ step, seconds }) => [step, seconds / 60]));
  const isTimed = rows.every(({ step }) => timeline.has(step));
  const known = [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
  const layout = charts ?? known.map((label) => ({ label, metrics: [label] }));
  const panels = layout.flatMap(({ label, metrics }) => {
    const series = metrics.flatMap((name) => {
      const own = rows.filter((row) => row.metrics[name] !== undefined);
      if (own.length === 0) return [];
      return [
        {
          name,
          x: own.map(({ step }) => (isTimed ? (timeline.get(step) ?? Number.NaN) : step)),
          y: own.map((row) => row.metrics[name] ?? Number.NaN),
        },
      ];
    });
    return series.length === 0 ? [] : [{ label, series }];
  });
  return panels.length === 0 ? undefined : { over: isTimed ? 'minutes' : 'step', panels };
}
