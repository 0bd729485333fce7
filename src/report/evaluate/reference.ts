// What a metric says where real rows take the place of samples: what a perfect model would reach with as many rows, no better.
//
//   metrics that compare samples with held-out rows     training rows stand in for samples
//   metrics that also look at training rows (copying)   one half of the held-out rows stands in for samples, the other stays
import { type Dataset, subset } from '../../data/index.js';
import type { Metric, MetricNeed } from '../../metrics/index.js';
import { random } from '../../runtime/random.js';

/** Needs that real rows can stand in for. */
const replaceable: readonly MetricNeed[] = ['real', 'samples', 'training', 'sampleClasses', 'realClasses'];

/** Whether real rows can stand in for samples in a metric. */
function hasReference({ needs }: Metric): boolean {
  return needs.includes('samples') && needs.every((need) => replaceable.includes(need));
}

/** The rows that stand in for samples, and those that stay. */
export interface ReferenceRows {
  readonly samples: Dataset;
  readonly real: Dataset;
}

/** Chooses them; undefined where there are too few, or where the metric looks at more than rows. */
export function referenceRows(
  metric: Metric,
  { training, real }: { readonly training: Dataset; readonly real: Dataset },
  samples: number,
  seed: number,
): ReferenceRows | undefined {
  const { needs, minimumRows } = metric;
  if (!hasReference(metric)) return undefined;
  const stream = random(seed).split('reference');
  if (needs.includes('training')) {
    const half = Math.floor(real.length / 2);
    if (half < Math.max(1, minimumRows)) return undefined;
    const order = stream.permutation(real.length);
    const part = (from: number, to: number): Dataset => subset(real, order.subarray(from, to).toSorted());
    return { samples: part(0, Math.min(half, samples)), real: part(half, real.length) };
  }
  const count = Math.min(samples, training.length);
  if (count < Math.max(1, minimumRows)) return undefined;
  return { samples: subset(training, stream.permutation(training.length).subarray(0, count).toSorted()), real };
}
