// Judging a fitted model by held-out data: chooses the metrics that the model and the data allow, draws samples, computes what the metrics
// look at when one first needs it, and runs them one after the other.
import { ConfigError, DatasetError, ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/index.js';
import { fingerprint } from '../../data/node/fingerprint.js';
import type { Metric, MetricInputs, MetricNeed, MetricOptions } from '../../metrics/index.js';
import { metrics as allMetrics } from '../../metrics/registry.js';
import type { GenerativeModel, Samples } from '../../models/contract.js';
import type { FeatureSpace } from '../../models/features/feature-space.js';
import { pixels } from '../../models/features/pixels.js';
import { type Cost, type Evaluation, type EvaluationRow, evaluationHead, type SkippedMetric } from '../evaluation.js';
import { mostRows } from './affordable.js';
import { chooseMetrics, metricsNamed } from './choose-metrics.js';
import { type DrawnRows, drawRows } from './draw-rows.js';
import { GatheredInputs } from './metric-inputs.js';
import { type Neighbours, nearestTraining } from './neighbours.js';
import { once } from './once.js';
import { hasReference, type ReferenceRows, referenceRows, referenceValue } from './reference.js';
import { someRows } from './some-rows.js';
import { type Sources, sourcesIn } from './sources.js';
import { noCache, type ReferenceValue, type StatisticsCache } from './statistics-cache.js';

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
  /** How many samples to draw. Default: 10 000, or as many as a minute allows. */
  readonly samples?: number | undefined;
  /** Of samples, of the rows that are looked at where there are very many, and of resampling. Default 0. */
  readonly seed?: number;
  /** Where rows are compared. Default: their pixels. */
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
  /** Called with what is being done, the share of it that is done, and how long it will take where that is worth saying. */
  readonly onProgress?: (stage: string, share: number, seconds?: number) => void;
}

/** An evaluation, and what there is to look at. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  /** Samples to be shown: the first hundred. */
  readonly samples: Samples;
  /** Samples beside their nearest training rows. */
  readonly neighbours: Neighbours;
}

/** Samples that pictures show. */
const shownSamples = 100;
/** Numbers of training rows held at a time: 640 MB. */
const mostTrainingValues = 160e6;

/**
 * Evaluates a fitted model.
 *
 * @throws UnknownNameError for a metric that there is none of; ConfigError for one that this model or data do not allow
 * @throws DatasetError where fewer samples were asked for than a metric needs; ShapeError for data of other rows than the model draws
 * @throws the signal's reason where it is aborted
 * @example const { evaluation } = await evaluate(model, { training: await mnist(), heldOut: await mnist({ split: 'test' }) })
 */
export async function evaluate(
  model: GenerativeModel,
  data: EvaluationData,
  options: EvaluateOptions = {},
): Promise<Evaluated> {
  const { seed = 0, patience = 60, cost = {}, cache = noCache, known = allMetrics, signal } = options;
  const onProgress = options.onProgress ?? (() => undefined);
  const { training, heldOut, heldOutSplit = 'test' } = data;
  checkData(training, heldOut);
  const warnings: string[] = [];
  if (heldOut === undefined)
    warnings.push(
      'There are no held-out rows: the model is judged by the rows that it was trained on, which flatters it and hides copying.',
    );
  const shownTraining = someRows(training, Math.floor(mostTrainingValues / exampleSize(training.exampleShape)), seed);
  if (shownTraining.length < training.length)
    warnings.push(`Of the ${training.length} training rows, ${shownTraining.length} were looked at.`);
  const real = someRows(heldOut ?? training, mostRows, seed);
  const prints = { training: await fingerprint(training), real: await fingerprint(heldOut ?? training) };

  const drawn = once(async (): Promise<DrawnRows> => {
    onProgress('Drawing samples', 0);
    const rows = await drawRows(model, training.exampleShape, {
      ...{ seed, count: options.samples, seconds: patience, signal },
      onProgress: (done, all) => onProgress('Drawing samples', done / all),
    });
    checkSamples(model.kind, rows.samples, training);
    return rows;
  });
  const rawSpace = pixels(training.exampleShape);
  const space = options.features ?? rawSpace;
  const inSpace = sourcesIn({
    ...{ model, training: shownTraining, real, seed, patience, signal, onProgress },
    drawn: async () => (await drawn()).samples,
    extractReal: (where, rows, what) => {
      const extract = () => where.extract(rows, signal === undefined ? {} : { signal });
      const key = ['features', where.name, what, ...Object.values(prints), String(rows.length), String(seed)];
      return where === rawSpace ? extract() : cache.features(key, extract);
    },
  });
  const spaces = new Map([...new Set([rawSpace, space])].map((one) => [one, inSpace(one)] as const));
  // Copies are looked for where they would be seen, unless a space was asked for.
  const spaceOf = (metric: Metric): FeatureSpace =>
    metric.topic === 'copying' && options.features === undefined ? rawSpace : space;
  const sourcesOf = (metric: Metric): Sources => spaces.get(spaceOf(metric)) ?? inSpace(spaceOf(metric));
  const wanted = metricsNamed(options.metrics, known);
  const isAsked = options.metrics !== undefined;
  const { chosen, skipped: inapplicable } = chooseMetrics(wanted, sourcesOf, { isAsked, samples: options.samples });

  const rows: EvaluationRow[] = [];
  const skipped: SkippedMetric[] = [...inapplicable];
  const { samples } = await drawn();
  const neighbours = await nearestTraining(samples, shownTraining, { signal, onProgress });
  for (const metric of chosen) {
    signal?.throwIfAborted();
    const where = spaceOf(metric);
    const skip = (why: string): void => void skipped.push({ metric: metric.name, title: metric.title, why });
    const sources = sourcesOf(metric);
    const values = await gather(sources, metric.needs);
    const inputs = new GatheredInputs(metric.name, values);
    // Another metric of its family is the right one, such as for bounds in place of exact values.
    const refusal = metric.refusal?.(inputs);
    if (refusal !== undefined && isAsked) throw new ConfigError(`${metric.name} cannot be computed here: ${refusal}`);
    if (refusal !== undefined) continue;
    const seconds = metric.estimateSeconds(inputs);
    if (!isAsked && seconds > 2 * patience) {
      skip(
        `it would take about ${Math.round(seconds / 60)} minutes; --metrics ${metric.name} computes it all the same`,
      );
      continue;
    }
    onProgress(metric.title, 0, seconds);
    const metricOptions: MetricOptions = {
      ...{ seed, onProgress: (share: number) => onProgress(metric.title, share, seconds) },
      ...(signal === undefined ? {} : { signal }),
    };
    const start = performance.now();
    try {
      const found = await metric.compute(inputs, metricOptions);
      const { interval, details } = found;
      const took = (performance.now() - start) / 1000;
      const reference = await referenceOf(metric, where, { took, options: metricOptions });
      rows.push({
        ...{
          metric: metric.name,
          title: metric.title,
          topic: metric.topic,
          measures: metric.measures,
          unit: metric.unit,
        },
        name: metric.usesFeatures ? `${metric.name}[${where.name}]` : metric.name,
        ...(metric.usesFeatures ? { features: where.name } : {}),
        ...{ value: found.value, better: metric.better, reading: metric.read(found), seconds: took },
        ...(interval === undefined ? {} : { interval: [...interval] }),
        ...(reference === undefined ? {} : { reference: withPair(reference) }),
        ...(details === undefined ? {} : { details: copied(details) }),
        warnings: [...(found.warnings ?? [])],
      });
    } catch (error) {
      // Of metrics that nobody asked for, one that these data are too few or too plain for is left out.
      if (isAsked || !(error instanceof DatasetError || error instanceof ShapeError)) throw error;
      skip(error.message);
    }
  }

  /** What the metric says of real rows, where that is as quick as the metric itself. */
  async function referenceOf(
    metric: Metric,
    where: FeatureSpace,
    { took, options: metricOptions }: { readonly took: number; readonly options: MetricOptions },
  ): Promise<ReferenceValue | undefined> {
    if (heldOut === undefined || !hasReference(metric) || took > patience) return undefined;
    const chosenRows = referenceRows(metric, { training: shownTraining, real }, samples.shape[0] ?? 0, seed);
    if (chosenRows === undefined) return undefined;
    onProgress(`${metric.title}, of real rows`, 0, took);
    const counts = [chosenRows.samples.length, chosenRows.real.length, shownTraining.length];
    const key = ['reference', metric.name, where.name, ...Object.values(prints), ...counts.map(String), String(seed)];
    try {
      return await cache.reference(key, async () =>
        referenceValue(metric, await referenceInputs(metric, where, chosenRows), metricOptions),
      );
    } catch (error) {
      if (error instanceof DatasetError || error instanceof ShapeError) return undefined;
      throw error;
    }
  }

  async function referenceInputs(
    metric: Metric,
    where: FeatureSpace,
    chosenRows: ReferenceRows,
  ): Promise<Partial<MetricInputs>> {
    const extract = signal === undefined ? {} : { signal };
    const standIn = await where.extract(chosenRows.samples, extract);
    const isWhole = chosenRows.real === real;
    const kept = isWhole ? undefined : await where.extract(chosenRows.real, extract);
    const others = metric.needs.filter(
      (need) => need === 'training' || (need === 'real' && isWhole) || need === 'realClasses',
    );
    return {
      ...(await gather(sourcesOf(metric), others)),
      ...(kept === undefined ? {} : { real: kept }),
      samples: standIn,
      ...(standIn.classes === undefined ? {} : { sampleClasses: standIn.classes }),
    };
  }

  const { perSecond } = await drawn();
  const evaluation: Evaluation = {
    ...evaluationHead,
    made: new Date().toISOString(),
    model: { kind: model.kind, options: { ...model.config } },
    data: {
      ...{ name: training.name, exampleShape: [...training.exampleShape], classes: [...(training.classes ?? [])] },
      training: { split: 'train', rows: training.length, fingerprint: prints.training },
      ...(heldOut === undefined
        ? {}
        : { heldOut: { split: heldOutSplit, rows: heldOut.length, fingerprint: prints.real } }),
    },
    ...{ features: space.name, samples: samples.shape[0] ?? 0, seed, rows, skipped, warnings },
    cost: { ...cost, samplesPerSecond: perSecond },
  };
  return { evaluation, samples: firstRows(samples, shownSamples), neighbours };
}

async function gather(sources: Sources, needs: readonly MetricNeed[]): Promise<Partial<MetricInputs>> {
  let inputs: Partial<MetricInputs> = {};
  for (const need of needs) {
    const source = sources[need];
    if ('why' in source) throw new ConfigError(`There is no "${need}": ${source.why}.`);
    inputs = { ...inputs, [need]: await source.get() };
  }
  return inputs;
}

function withPair({ value, interval }: ReferenceValue): NonNullable<EvaluationRow['reference']> {
  return { value, ...(interval === undefined ? {} : { interval: [interval[0], interval[1]] }) };
}

function copied(details: Readonly<Record<string, number | readonly number[]>>): NonNullable<EvaluationRow['details']> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, typeof value === 'number' ? value : [...value]]),
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

function checkSamples(kind: string, { shape }: Samples, { name, exampleShape }: Dataset): void {
  if (shape.slice(1).join() === exampleShape.join()) return;
  throw new ShapeError(
    `This ${kind} draws rows of shape [${shape.slice(1).join(', ')}], but those of ${name} have [${exampleShape.join(', ')}]. ` +
      'Use the data that it was trained on.',
  );
}
