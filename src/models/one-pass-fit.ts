// Fitting in one go, as models do that are computed rather than trained: what observers are told, and the report.
import type { Values } from '../runtime/runtime.js';
import { emptyWindow } from '../training/metric-window.js';
import type { FitOptions, FitReport } from './contract.js';

/** What a computation found. */
export interface OnePassResult {
  readonly metrics: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  /** The metrics of every try, where there were several. */
  readonly history?: readonly Readonly<Record<string, number>>[];
}

/** The report of a fit that has been computed. */
export function onePassReport({ metrics, warnings, history = [metrics] }: OnePassResult): FitReport {
  return {
    converged: true,
    iterations: history.length,
    stoppedBecause: 'finished',
    warnings,
    history: history.map((row, i) => ({ step: i + 1, epoch: i + 1, metrics: row })),
  };
}

/**
 * Computes, and tells the observer as a training of one step would. Where the signal is aborted meanwhile, and `compute` throws its
 * reason, nothing is learnt.
 */
export async function fitInOnePass(
  { observer, signal }: FitOptions,
  rows: number,
  compute: () => Promise<OnePassResult>,
  weights: () => Values,
): Promise<FitReport> {
  await observer?.onStart?.({ firstStep: 0, steps: 1, stepsPerEpoch: 1, batchSize: rows });
  const started = performance.now();
  let result: OnePassResult;
  try {
    signal?.throwIfAborted();
    result = await compute();
  } catch (error) {
    if (signal?.aborted !== true || error !== signal.reason) throw error;
    return { converged: false, iterations: 0, stoppedBecause: 'aborted', warnings: [], history: [] };
  }
  const report = onePassReport(result);
  if (observer === undefined) return report;
  const row = { step: 1, epoch: 1, metrics: result.metrics };
  const stepsPerSecond = 1000 / Math.max(1, performance.now() - started);
  observer.onProgress?.({ ...row, steps: 1, epochs: 1, stepsPerSecond, secondsLeft: 0 });
  await observer.onMetrics?.(row);
  const checkpoint = { step: 1, variables: weights(), window: emptyWindow };
  await observer.onSnapshot?.(checkpoint);
  await observer.onCheckpoint?.(checkpoint);
  return report;
}
