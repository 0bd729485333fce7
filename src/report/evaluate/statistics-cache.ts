// What is known of real data and does not change from model to model: features, and what metrics say of real rows.
import type { MetricValue } from '../../metrics/index.js';
import type { Features } from '../../models/features/feature-space.js';

/** A metric's value of real rows. */
export type ReferenceValue = Pick<MetricValue, 'value' | 'interval'>;

/** Keeps statistics by keys that say everything they depend on. */
export interface StatisticsCache {
  features(key: readonly string[], compute: () => Promise<Features>): Promise<Features>;
  reference(key: readonly string[], compute: () => Promise<ReferenceValue>): Promise<ReferenceValue>;
}

/** A cache that keeps nothing. */
export const noCache: StatisticsCache = {
  features: (_, compute) => compute(),
  reference: (_, compute) => compute(),
};
