// The table of metrics: adding one is adding its file and one line here.
import type { Metric } from './metric.js';

/** Every metric, in the order in which reports show them. */
export const metrics: readonly Metric[] = [];
