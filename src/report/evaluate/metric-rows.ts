// Running metrics one after the other: gathers what each needs, says how long it will take, computes it, and asks it about real rows too.
import { ConfigError, DatasetError, ShapeError } from '../../core/errors.js';
import type { Dataset } from '../../data/index.js';
import type { Metric, MetricInputs, MetricNeed, MetricOptions, MetricValue, Workspace } from '../../metrics/index.js';
import type { FeatureSpace, Features } from '../../models/features/feature-space.js';
import type { EvaluationRow, SkippedMetric } from '../evaluation.js';
import { GatheredInputs } from './metric-inputs.js';
import { type ReferenceRows, referenceRows } from './reference.js';
import type { Sources } from './sources.js';
import type { ReferenceValue, StatisticsCache } from './statistics-cache.js';

/** What running metrics takes. */
export interface MetricContext {
  /** Whether they were asked for by name: then one that cannot be computed is an error. */
  readonly isAsked: boolean;
  readonly seed: number;
  /** Seconds that a metric may take that nobody asked for. */
  readonly patience: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (stage: string, share: number, seconds?: number) => void;
  readonly spaceOf: (metric: Metric) => FeatureSpace;
  readonly sourcesOf: (metric: Metric) => Sources;
  readonly cache: StatisticsCache;
  /** The device, and what metrics of the same rows share. */
  readonly workspace: Workspace;
  /** How many samples there are. */
  readonly samples: number;
  readonly training: Dataset;
  readonly real: Dataset;
  readonly hasHeldOut: boolean;
  /** What the data are, for the cache. */
  readonly keys: readonly string[];
}

/** What came of it. */
export interface ComputedRows {
  readonly rows: EvaluationRow[];
  readonly skipped: SkippedMetric[];
}

/** Computes metrics in their order. @throws what a metric throws that was asked for; the signal's reason where it is aborted */
export async function computeRows(metrics: readonly Metric[], context: MetricContext): Promise<ComputedRows> {
  const rows: EvaluationRow[] = [];
  const skipped: SkippedMetric[] = [];
  const standIns = standInsOf(context);
  for (const metric of metrics) {
    context.signal?.throwIfAborted();
    const result = await computeRow(metric, context, standIns);
    if (typeof result === 'string') skipped.push({ metric: metric.name, title: metric.title, why: result });
    else if (result !== undefined) rows.push(result);
  }
  return { rows, skipped };
}

/** A row, why there is none, or undefined where another metric of the same family is the right one. */
async function computeRow(
  metric: Metric,
  context: MetricContext,
  standIns: StandIns,
): Promise<EvaluationRow | string | undefined> {
  const { isAsked, seed, patience, signal, onProgress } = context;
  const inputs = new GatheredInputs(metric.name, await gather(context.sourcesOf(metric), metric.needs));
  const refusal = metric.refusal?.(inputs);
  if (refusal !== undefined && isAsked) throw new ConfigError(`${metric.name} cannot be computed here: ${refusal}`);
  if (refusal !== undefined) return undefined;
  const estimate = metric.estimateSeconds(inputs);
  if (!isAsked && estimate > 2 * patience)
    return `it would take about ${Math.ceil(estimate / 60)} minutes; --metrics ${metric.name} computes it all the same`;
  const tell = (title: string) => (share: number) => onProgress(title, share, estimate);
  const options = (title: string): MetricOptions => ({
    ...{ seed, workspace: context.workspace, onProgress: tell(title) },
    ...(signal === undefined ? {} : { signal }),
  });
  tell(metric.title)(0);
  const start = performance.now();
  try {
    const found = await metric.compute(inputs, options(metric.title));
    const seconds = (performance.now() - start) / 1000;
    const title = `${metric.title}, of real rows`;
    const reference = seconds > patience ? undefined : await referenceOf(metric, context, standIns, options(title));
    return rowOf(metric, found, { seconds, reference, space: context.spaceOf(metric), samples: context.samples });
  } catch (error) {
    // Of metrics that nobody asked for, one that these data are too few or too plain for is left out.
    if (isAsked || !isAboutData(error)) throw error;
    return error.message;
  }
}

function rowOf(
  metric: Metric,
  found: MetricValue,
  {
    seconds,
    reference,
    space,
    samples,
  }: {
    readonly seconds: number;
    readonly reference: ReferenceValue | undefined;
    readonly space: FeatureSpace;
    readonly samples: number;
  },
): EvaluationRow {
  const { name, title, topic, measures, unit, better, usesFeatures, needs } = metric;
  const { value, interval, details, warnings = [] } = found;
  const looksAtSamples = needs.includes('samples') || needs.includes('sampleClasses');
  return {
    ...{ metric: name, name: usesFeatures ? `${name}[${space.name}]` : name, title, topic, measures, unit },
    ...(usesFeatures ? { features: space.name } : {}),
    ...(looksAtSamples ? { samples } : {}),
    ...{ value, better, reading: metric.read(found), seconds },
    ...(interval === undefined ? {} : { interval: [interval[0], interval[1]] }),
    ...(reference === undefined ? {} : { reference: withPair(reference) }),
    ...(details === undefined ? {} : { details: copied(details) }),
    warnings: [...warnings],
  };
}

/** What the metric says of real rows in place of samples, where there are enough of them. */
async function referenceOf(
  metric: Metric,
  context: MetricContext,
  standIns: StandIns,
  options: MetricOptions,
): Promise<ReferenceValue | undefined> {
  const { training, real, samples, seed, cache, keys, hasHeldOut, sourcesOf, spaceOf } = context;
  const rows = hasHeldOut ? referenceRows(metric, { training, real }, samples, seed) : undefined;
  if (rows === undefined) return undefined;
  const space = spaceOf(metric);
  const counts = [rows.samples.length, rows.real.length, training.length].map(String);
  try {
    const key = ['reference', metric.name, space.name, await space.identity(), ...counts, ...keys];
    return await cache.reference(key, async () => {
      const inputs = await referenceInputs(metric, sourcesOf(metric), await standIns(metric, space, rows));
      const { value, interval } = await metric.compute(new GatheredInputs(metric.name, inputs), options);
      return { value, ...(interval === undefined ? {} : { interval }) };
    });
  } catch (error) {
    if (isAboutData(error)) return undefined;
    throw error;
  }
}

/** Features of real rows that stand in for samples, and of those that stay where they are not all held-out rows. */
interface StandIn {
  readonly samples: Features;
  readonly real?: Features;
}

/** Looks at the rows that stand in for samples in a metric. */
type StandIns = (metric: Metric, space: FeatureSpace, rows: ReferenceRows) => Promise<StandIn>;

/** Metrics that look at training rows have one choice of rows in common, all others another: each is looked at once in a feature space. */
function standInsOf({ real, signal }: Pick<MetricContext, 'real' | 'signal'>): StandIns {
  const options = signal === undefined ? {} : { signal };
  const known = new Map<FeatureSpace, Map<boolean, Promise<StandIn>>>();
  return ({ needs }, space, rows) => {
    const inSpace = known.get(space) ?? new Map<boolean, Promise<StandIn>>();
    known.set(space, inSpace);
    const isSplit = needs.includes('training');
    const looked =
      inSpace.get(isSplit) ??
      (async () => ({
        samples: await space.extract(rows.samples, options),
        ...(rows.real === real ? {} : { real: await space.extract(rows.real, options) }),
      }))();
    inSpace.set(isSplit, looked);
    return looked;
  };
}

async function referenceInputs(
  { needs }: Metric,
  sources: Sources,
  { samples, real }: StandIn,
): Promise<Partial<MetricInputs>> {
  const others = needs.filter(
    (need) => need === 'training' || (real === undefined && ['real', 'realClasses'].includes(need)),
  );
  return {
    ...(await gather(sources, others)),
    ...(real === undefined ? {} : { real, ...(real.classes && { realClasses: real.classes }) }),
    ...{ samples, ...(samples.classes && { sampleClasses: samples.classes }) },
  };
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

function isAboutData(error: unknown): error is DatasetError | ShapeError {
  return error instanceof DatasetError || error instanceof ShapeError;
}

function withPair({ value, interval }: ReferenceValue): NonNullable<EvaluationRow['reference']> {
  return { value, ...(interval === undefined ? {} : { interval: [interval[0], interval[1]] }) };
}

function copied(details: NonNullable<MetricValue['details']>): NonNullable<EvaluationRow['details']> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, typeof value === 'number' ? value : [...value]]),
  );
}
