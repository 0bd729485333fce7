// Which metrics an evaluation computes: those asked for by name, otherwise all whose inputs this model and data have.
import { ConfigError, DatasetError } from '../../core/errors.js';
import { unknownName } from '../../core/nearest.js';
import type { Metric } from '../../metrics/index.js';
import type { SkippedMetric } from '../evaluation.js';
import type { Sources } from './sources.js';

/** Metrics that can be computed, and those that cannot. */
export interface ChosenMetrics {
  readonly chosen: readonly Metric[];
  readonly skipped: readonly SkippedMetric[];
}

/** The metrics of these names. @throws UnknownNameError, suggesting the nearest */
export function metricsNamed(names: readonly string[] | undefined, known: readonly Metric[]): readonly Metric[] {
  if (names === undefined) return known;
  return names.map((name) => {
    const metric = known.find((one) => one.name === name);
    if (metric !== undefined) return metric;
    throw unknownName(
      'metric',
      name,
      known.map((one) => one.name),
    );
  });
}

/** What there is besides the inputs. */
export interface MetricConditions {
  /** Whether metrics were asked for by name: then one that cannot be computed is an error. */
  readonly isAsked: boolean;
  /** How many samples there will be at most. */
  readonly samples: number | undefined;
  /** Whether there are rows that the model was not trained on. */
  readonly hasHeldOut: boolean;
}

/**
 * Divides metrics by whether their inputs can be had.
 *
 * @throws ConfigError for one that was asked for and has no inputs, DatasetError where too few samples were asked for
 */
export function chooseMetrics(
  metrics: readonly Metric[],
  sourcesOf: (metric: Metric) => Sources,
  { isAsked, samples, hasHeldOut }: MetricConditions,
): ChosenMetrics {
  const chosen: Metric[] = [];
  const skipped: SkippedMetric[] = [];
  for (const metric of metrics) {
    const sources = sourcesOf(metric);
    // Rows compared with themselves would always tie, and acquit a model that learnt them by heart.
    const isTied = !hasHeldOut && metric.needs.includes('training') && metric.needs.includes('real');
    const why = isTied
      ? 'it compares training rows with held-out ones, and there are none'
      : metric.needs
          .map((need) => sources[need])
          .flatMap((source) => ('why' in source ? [source.why] : []))
          .at(0);
    const isShort = samples !== undefined && metric.needs.includes('samples') && samples < metric.minimumRows;
    const tooFew = `it needs at least ${metric.minimumRows} samples, and ${samples} were asked for`;
    if (why === undefined && !isShort) chosen.push(metric);
    else if (!isAsked) skipped.push({ metric: metric.name, title: metric.title, why: why ?? tooFew });
    else if (why === undefined)
      throw new DatasetError(`${metric.name}: ${tooFew}. Draw more: --samples ${metric.minimumRows}.`);
    else
      throw new ConfigError(
        `${metric.name} cannot be computed here: ${why}. Leave it out, or evaluate without --metrics.`,
      );
  }
  return { chosen, skipped };
}
