// Computing a metric that was chosen by name, from inputs of which only some may be there.
import { ConfigError } from '../core/errors.js';
import type { Metric, MetricInputs, MetricNeed, MetricOptions, MetricValue } from './metric.js';

/** Whether inputs hold all that a metric needs. */
export function provides<Need extends MetricNeed>(
  inputs: Partial<MetricInputs>,
  { needs }: Pick<Metric<Need>, 'needs'>,
): inputs is Pick<MetricInputs, Need> {
  return needs.every((need) => inputs[need] !== undefined);
}

/**
 * Computes a metric from what inputs there are.
 *
 * @throws ConfigError naming what is missing, and what the metric throws
 * @example const { value } = await computeMetric(metricNamed('label-entropy'), { sampleClasses })
 */
export async function computeMetric(
  metric: Metric,
  inputs: Partial<MetricInputs>,
  options: MetricOptions = {},
): Promise<MetricValue> {
  if (provides(inputs, metric)) return metric.compute(inputs, options);
  const missing = metric.needs.filter((need) => inputs[need] === undefined);
  throw new ConfigError(
    `${metric.title} needs ${metric.needs.join(', ')}; ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
  );
}
