// Averages metrics over windows of steps that start at multiples of the window's length.
import type { MetricRow } from './observer.js';

type StepMetrics = Readonly<Record<string, Float64Array>>;

/** Collects the metrics of steps and gives a row for every full window. */
export class MetricWindow {
  readonly #length: number;
  readonly #stepsPerEpoch: number;
  #sums: Record<string, number> = {};
  #count = 0;

  constructor(length: number, stepsPerEpoch: number) {
    this.#length = length;
    this.#stepsPerEpoch = stepsPerEpoch;
  }

  /** Takes the metrics of steps `first` to `first + count - 1`, counted from 0. */
  add(first: number, count: number, metrics: StepMetrics): MetricRow[] {
    const rows: MetricRow[] = [];
    for (let index = 0; index < count; index++) {
      for (const [name, values] of Object.entries(metrics))
        this.#sums[name] = (this.#sums[name] ?? 0) + (values[index] ?? 0);
      this.#count += 1;
      const step = first + index + 1;
      if (step % this.#length !== 0) continue;
      const means = Object.fromEntries(Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#count]));
      rows.push({ step, epoch: step / this.#stepsPerEpoch, metrics: means });
      this.#sums = {};
      this.#count = 0;
    }
    return rows;
  }

  /** The metrics of the newest step, for a display. */
  latest(step: number, metrics: StepMetrics): MetricRow {
    const newest = Object.fromEntries(
      Object.entries(metrics).map(([name, values]) => [name, values.at(-1) ?? Number.NaN]),
    );
    return { step, epoch: step / this.#stepsPerEpoch, metrics: newest };
  }
}
