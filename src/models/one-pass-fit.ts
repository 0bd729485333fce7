// Fitting in one go, as models do that are computed rather than trained: what observers are told, and the report.
import type { Values } from '../runtime/runtime.js';
import { emptyWindow } from '../training/metric-window.js';
import type { FitOptions, FitReport } from './contract.js';

/** What a computation found. */
export interface OnePassResult {
  readonly metrics: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/** The report of a fit that has been computed. */
export function onePassReport({ metrics, warnings }: OnePassResult): FitReport {
  const history = [{ step: 1, epoch: 1, metrics }];
  return { converged: true, iterations: 1, stoppedBecause: 'finished', warnings, history };
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
  const [row] = report.history;
  if (observer === undefined || row === undefined) return report;
  const stepsPerSecond = 1000 / Math.max(1, performance.now() - started);
  observer.onProgress?.({ ...row, steps: 1, epochs: 1, stepsPerSecond, secondsLeft: 0 });
  await observer.onMetrics?.(row);
  const checkpoint = { step: 1, variables: weights(), window: emptyWindow };
  await observer.onSnapshot?.(checkpoint);
  await observer.onCheckpoint?.(checkpoint);
  return report;
}
