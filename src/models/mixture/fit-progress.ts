// Tells observers of a fit by iterations: progress, a row of metrics for each, and the history of the report.
import type { MetricRow, TrainingObserver } from '../../training/observer.js';

/** What an iteration is called in plans: a pass over all rows is a step and an epoch. */
export class FitProgress {
  readonly history: MetricRow[] = [];
  readonly #observer: TrainingObserver | undefined;
  readonly #steps: number;
  readonly #startedAt = performance.now();

  /** @param steps iterations that all starts do at most */
  constructor(observer: TrainingObserver | undefined, steps: number) {
    this.#observer = observer;
    this.#steps = steps;
  }

  /** Before the first iteration. */
  async start(rows: number): Promise<void> {
    await this.#observer?.onStart?.({ firstStep: 0, steps: this.#steps, stepsPerEpoch: 1, batchSize: rows });
  }

  /** After every iteration. */
  async tell(metrics: Readonly<Record<string, number>>): Promise<void> {
    const step = this.history.length + 1;
    const row = { step, epoch: step, metrics };
    this.history.push(row);
    await this.#observer?.onMetrics?.(row);
    const stepsPerSecond = step / Math.max((performance.now() - this.#startedAt) / 1000, 1e-6);
    this.#observer?.onProgress?.({
      ...row,
      steps: this.#steps,
      epochs: this.#steps,
      stepsPerSecond,
      secondsLeft: (this.#steps - step) / stepsPerSecond,
    });
  }
}
