// Averages metrics over windows of steps that end at multiples of the window's length.
import type { MetricRow, OpenWindow } from './observer.js';

type StepMetrics = Readonly<Record<string, Float64Array>>;

/** A window that no step has entered. */
export const emptyWindow: OpenWindow = { steps: 0, sums: {} };

/** Collects the metrics of steps and gives a row for every full window. */
export class MetricWindow {
  readonly #length: number;
  readonly #stepsPerEpoch: number;
  #open: OpenWindow;

  constructor(length: number, stepsPerEpoch: number, open: OpenWindow = emptyWindow) {
    this.#length = length;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#open = open;
  }

  /** What has been collected since the last row. */
  get open(): OpenWindow {
    return this.#open;
  }

  /** Takes the metrics of steps `first` to `first + count - 1`, counted from 0, and returns the rows that they complete. */
  add(first: number, count: number, metrics: StepMetrics): MetricRow[] {
    const rows: MetricRow[] = [];
    for (let index = 0; index < count; index++) {
      const { steps, sums } = this.#open;
      const added = Object.entries(metrics).map(([name, values]) => [
        name,
        (sums[name] ?? 0) + (values[index] ?? Number.NaN),
      ]);
      this.#open = { steps: steps + 1, sums: Object.fromEntries(added) };
      const step = first + index + 1;
      if (step % this.#length === 0) rows.push(...this.close(step));
    }
    return rows;
  }

  /** Ends the open window at `step`: its row, or none where it is empty. */
  close(step: number): MetricRow[] {
    const { steps, sums } = this.#open;
    this.#open = emptyWindow;
    if (steps === 0) return [];
    const means = Object.entries(sums).map(([name, sum]) => [name, sum / steps]);
    return [this.row(step, Object.fromEntries(means))];
  }

  /** A row after `step` steps. The epoch has four decimals, the same in memory as in files. */
  row(step: number, metrics: Readonly<Record<string, number>>): MetricRow {
    return { step, epoch: Number((step / this.#stepsPerEpoch).toFixed(4)), metrics };
  }
}

/** The metrics of the last step of a run, for a display. */
export function newestMetrics(metrics: StepMetrics): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, values]) => [name, values.at(-1) ?? Number.NaN]));
}
