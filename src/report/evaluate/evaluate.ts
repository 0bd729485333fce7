// Judging a fitted model by held-out data: chooses the metrics that the model and the data allow, draws samples, computes what the metrics
// look at when one first needs it, and runs them one after the other.
import { ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, exampleSize, isImageShape } from '../../data/index.js';
import { fingerprint } from '../../data/node/fingerprint.js';
import { type Metric, openWorkspace, type Workspace } from '../../metrics/index.js';
import { metrics as allMetrics } from '../../metrics/registry.js';
import type { FittableModel, Samples } from '../../models/contract.js';
import type { FeatureSpace } from '../../models/features/feature-space.js';
import { featureSpaceFor } from '../../models/features/node/open-feature-space.js';
import { pixels } from '../../models/features/pixels.js';
import { canSample } from '../../models/tools/abilities.js';
import { samplesOf } from '../../models/tools/rows.js';
import { type Cost, type Evaluation, evaluationHead } from '../evaluation.js';
import { mostRows } from './affordable.js';
import { chooseMetrics, metricsNamed } from './choose-metrics.js';
import { type DrawnRows, drawRows } from './draw-rows.js';
import { computeRows } from './metric-rows.js';
import { type Neighbours, nearestTraining } from './neighbours.js';
import { once } from './once.js';
import { someRows } from './some-rows.js';
import { type Sources, sourcesIn } from './sources.js';
import { noCache, type StatisticsCache } from './statistics-cache.js';

/** The data that a model is judged by. */
export interface EvaluationData {
  /** The rows that the model was trained on: copies are looked for among them. */
  readonly training: Dataset;
  /** Rows of the same kind that it was not trained on. Without them training rows stand in, and a warning says so. */
  readonly heldOut?: Dataset | undefined;
  /** What the held-out rows are called. Default `test`. */
  readonly heldOutSplit?: string;
}

/** How to evaluate. */
export interface EvaluateOptions {
  /** The names of the metrics. Default: all that this model and data allow, but for slow ones. */
  readonly metrics?: readonly string[] | undefined;
  /** How many samples to draw. Default: 10 000, or as many as the patience allows. */
  readonly samples?: number | undefined;
  /** Of samples, of the rows that are looked at where there are very many, and of resampling. Default 0. */
  readonly seed?: number;
  /** Where rows are compared; the caller disposes of it. Default: what suits the data. */
  readonly features?: FeatureSpace;
  /** Seconds that drawing, scoring and each metric may take, where their number of rows is not given. Default 60. */
  readonly patience?: number;
  /** What is known of the training. */
  readonly cost?: Cost;
  /** Keeps statistics of real data. Default: none. */
  readonly cache?: StatisticsCache;
  /** The metrics to choose among. Default: Verisim's own. */
  readonly known?: readonly Metric[];
  readonly signal?: AbortSignal;
  /** Called with what is being done, the share of it that is done, and how long it will take where that is known. */
  readonly onProgress?: (stage: string, share: number, seconds?: number) => void;
}

/** An evaluation, and what there is to look at. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  /** Held-out rows to be shown, spread over the data. */
  readonly real: Samples;
  /** Samples to be shown, and samples beside their nearest training rows; absent of models that draw none. */
  readonly samples?: Samples;
  readonly neighbours?: Neighbours;
}

/** Rows that pictures show. */
const shownImages = 64;
const shownPoints = 1000;
/** Metrics that look for the training row nearest to each sample. */
const searching: readonly string[] = ['copied', 'exact-duplicates', 'near-duplicates'];
/** Numbers of training rows held at a time: 640 MB. */
const mostTrainingValues = 160e6;

/**
 * Evaluates a fitted model.
 *
 * @throws UnknownNameError for a metric that there is none of; ConfigError for one that this model or data do not allow
 * @throws DatasetError where fewer samples were asked for than a metric needs; ShapeError for data of other rows than the model's
 * @throws the signal's reason where it is aborted
 * @example const { evaluation } = await evaluate(model, { training: await mnist(), heldOut: await mnist({ split: 'test' }) })
 */
export async function evaluate(
  model: FittableModel,
  data: EvaluationData,
  options: EvaluateOptions = {},
): Promise<Evaluated> {
  const { training, heldOut } = data;
  checkData(training, heldOut);
  // Names are checked before anything is computed.
  const metrics = metricsNamed(options.metrics, options.known ?? allMetrics);
  const workspace = openWorkspace();
  const { features, signal } = options;
  const space = features ?? (await featureSpaceFor(training, present({ signal })));
  try {
    return await evaluateIn({ space, workspace }, metrics, model, data, options);
  } finally {
    await workspace.close();
    if (features === undefined) await space.dispose();
  }
}

async function evaluateIn(
  { space: given, workspace }: { readonly space: FeatureSpace; readonly workspace: Workspace },
  metrics: readonly Metric[],
  model: FittableModel,
  data: EvaluationData,
  options: EvaluateOptions,
): Promise<Evaluated> {
  const { seed = 0, patience = 60, cost = {}, cache = noCache, signal } = options;
  const onProgress = options.onProgress ?? (() => undefined);
  const { training: allTraining, heldOut, heldOutSplit = 'test' } = data;
  const isAsked = options.metrics !== undefined;
  const { exampleShape } = allTraining;
  const training = someRows(allTraining, Math.floor(mostTrainingValues / exampleSize(exampleShape)), seed);
  const judges = heldOut ?? allTraining;
  const real = someRows(judges, mostRows, seed);
  const prints = { training: await fingerprint(allTraining), real: await fingerprint(judges) };
  // Fingerprints look at some rows only; of files whose checksum is known every byte counts.
  const checksums = [allTraining, judges].map(({ source }) => source.sha256 ?? '');
  const keys = [...Object.values(prints), ...checksums, String(seed)];

  const looksAtSamples = metrics.some(({ needs }) => needs.some((need) => need.startsWith('sample')));
  const drawn = canSample(model)
    ? once(
        (): Promise<DrawnRows> =>
          drawRows(model, exampleShape, {
            ...{
              seed,
              count: options.samples ?? (looksAtSamples ? undefined : shownImages),
              seconds: patience,
              signal,
            },
            onProgress: (done, all) => onProgress('Drawing samples', done / all),
          }),
      )
    : undefined;
  const rawSpace = pixels(exampleShape);
  const space = given.name === rawSpace.name ? rawSpace : given;
  const inSpace = sourcesIn({
    ...{ model, training, real, seed, patience, signal, onProgress },
    drawn: drawn && (async () => (await drawn()).samples),
    async extractReal(where, rows, what) {
      const extract = () => where.extract(rows, signal === undefined ? {} : { signal });
      // Pixels are what the data are: nothing is saved by keeping them twice.
      if (where === rawSpace) return extract();
      const key = ['features', where.name, await where.identity(), what, ...keys, String(rows.length)];
      return cache.features(key, extract);
    },
  });
  const spaces = new Map([...new Set([rawSpace, space])].map((one) => [one, inSpace(one)] as const));
  // Copies are looked for where they would be seen, unless a space was asked for.
  const spaceOf = (metric: Metric): FeatureSpace =>
    metric.topic === 'copying' && options.features === undefined ? rawSpace : space;
  const sourcesOf = (metric: Metric): Sources => spaces.get(spaceOf(metric)) ?? inSpace(spaceOf(metric));
  const { chosen, skipped } = chooseMetrics(metrics, sourcesOf, {
    ...{ isAsked, samples: options.samples, hasHeldOut: heldOut !== undefined },
  });

  const samples = await drawn?.();
  const rawSources = spaces.get(rawSpace) ?? inSpace(rawSpace);
  const isAboutCopies = !isAsked || chosen.some(({ topic }) => topic === 'copying');
  const count = samples?.samples.shape[0] ?? 0;
  const computed = await computeRows(chosen, {
    ...{ isAsked, seed, patience, signal, onProgress, spaceOf, sourcesOf, cache, workspace, samples: count },
    ...{ training, real, keys, hasHeldOut: heldOut !== undefined },
  });
  // A metric of copying has searched for the same rows.
  const isSearched = computed.rows.some(
    ({ metric, features: where }) => searching.includes(metric) && where === rawSpace.name,
  );
  const neighbours =
    samples && isAboutCopies
      ? await nearestTraining(samples.samples, training, await rawSources.training.get(), {
          ...{ workspace, signal, onProgress },
          searched: isSearched && 'get' in rawSources.samples ? await rawSources.samples.get() : undefined,
        })
      : undefined;
  const shownRows = isImageShape(exampleShape) ? shownImages : shownPoints;
  const evaluation: Evaluation = {
    ...{ ...evaluationHead, made: new Date().toISOString() },
    model: { kind: model.kind, options: { ...model.config } },
    data: {
      ...{ name: allTraining.name, exampleShape: [...exampleShape], classes: [...(allTraining.classes ?? [])] },
      training: { split: 'train', rows: allTraining.length, fingerprint: prints.training },
      ...(heldOut && { heldOut: { split: heldOutSplit, rows: heldOut.length, fingerprint: prints.real } }),
    },
    ...{ features: space.name, samples: count, seed, rows: computed.rows },
    skipped: [...skipped, ...computed.skipped],
    warnings: warningsOf(data, training),
    cost: { ...cost, ...(samples && { samplesPerSecond: samples.perSecond }) },
  };
  return {
    evaluation,
    real: await spread(judges, shownRows),
    ...(samples && { samples: firstRows(samples.samples, shownRows) }),
    ...(neighbours && { neighbours }),
  };
}

function warningsOf({ training, heldOut }: EvaluationData, looked: Dataset): string[] {
  return [
    ...(heldOut === undefined
      ? [
          'There are no held-out rows: the model is judged by the rows that it was trained on, which flatters it and hides copying.',
        ]
      : []),
    ...(looked.length < training.length
      ? [`Of the ${training.length} training rows, ${looked.length} were looked at.`]
      : []),
  ];
}

/** Some rows from the first to the last: data often stands in the order of its classes. */
async function spread(data: Dataset, most: number): Promise<Samples> {
  const count = Math.min(most, data.length);
  return samplesOf(
    data,
    Array.from({ length: count }, (_, index) => Math.floor((index * data.length) / count)),
  );
}

function firstRows({ data, shape, labels }: Samples, most: number): Samples {
  const [rows = 0, ...rest] = shape;
  const count = Math.min(rows, most);
  return {
    data: data.slice(0, count * exampleSize(rest)),
    shape: [count, ...rest],
    ...(labels === undefined ? {} : { labels: labels.slice(0, count) }),
  };
}

function checkData(training: Dataset, heldOut: Dataset | undefined): void {
  if (heldOut === undefined || heldOut.exampleShape.join() === training.exampleShape.join()) return;
  throw new ShapeError(
    `The held-out rows of ${heldOut.name} have shape [${heldOut.exampleShape.join(', ')}], but the training rows of ` +
      `${training.name} [${training.exampleShape.join(', ')}]. Use data of the same kind.`,
  );
}
