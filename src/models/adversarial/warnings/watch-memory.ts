// What a watch over a game has seen, as numbers that a checkpoint holds: with them a resumed training warns as an uninterrupted one does.
import { float64, type Value, type Values } from '../../../runtime/runtime.js';
import type { MetricRow } from '../../../training/observer.js';
import type { Look } from './look.js';

/** What a watch has seen. */
export interface WatchMemory {
  /** Metrics, oldest first. */
  readonly history: readonly MetricRow[];
  readonly looks: readonly Look[];
  /** Steps done at the last snapshot. */
  readonly lastSnapshot: number;
}

/** Before the names of metrics. */
const metricPrefix = 'watch/metric/';

/** The numbers: columns of rows of metrics and of looks. */
export function watchToValues({ history, looks, lastSnapshot }: WatchMemory): Values {
  const names = [...new Set(history.flatMap(({ metrics }) => Object.keys(metrics)))];
  const metrics = names.map((name) => [
    metricPrefix + name,
    column(history.map((row) => row.metrics[name] ?? Number.NaN)),
  ]);
  return {
    'watch/lastSnapshot': column([lastSnapshot]),
    'watch/step': column(history.map(({ step }) => step)),
    'watch/epoch': column(history.map(({ epoch }) => epoch)),
    ...Object.fromEntries(metrics),
    'watch/look/step': column(looks.map(({ step }) => step)),
    'watch/look/diversity': column(looks.map(({ diversity }) => diversity)),
    'watch/look/reach': column(looks.map(({ reach }) => reach)),
  };
}

/** What {@link watchToValues} made numbers of; of a checkpoint without them, as of the step `firstStep` with nothing seen before. */
export function watchFromValues(values: Values, firstStep: number): WatchMemory {
  const numbers = (name: string): number[] => numbersOf(values[name]);
  const metrics = Object.keys(values).flatMap((key) =>
    key.startsWith(metricPrefix) ? [[key.slice(metricPrefix.length), numbers(key)] as const] : [],
  );
  const [epochs, diversities, reaches] = [
    numbers('watch/epoch'),
    numbers('watch/look/diversity'),
    numbers('watch/look/reach'),
  ];
  return {
    history: numbers('watch/step').map((step, row) => ({
      step,
      epoch: epochs[row] ?? 0,
      metrics: Object.fromEntries(
        metrics.flatMap(([name, column]) => {
          const value = column[row];
          return value === undefined || Number.isNaN(value) ? [] : [[name, value]];
        }),
      ),
    })),
    looks: numbers('watch/look/step').map((step, look) => ({
      ...{ step, diversity: diversities[look] ?? 1, reach: reaches[look] ?? 1 },
    })),
    lastSnapshot: numbers('watch/lastSnapshot')[0] ?? firstStep,
  };
}

function column(numbers: readonly number[]): Value {
  return float64(Float64Array.from(numbers), [numbers.length]);
}

function numbersOf(value: Value | undefined): number[] {
  return Array.from(value?.data ?? [], Number);
}
