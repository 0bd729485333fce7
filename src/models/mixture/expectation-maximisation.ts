// Expectation and maximisation (Dempster, Laird and Rubin 1977) for mixtures of any emission. An iteration is one pass over the data on
// the device, which weighs every row's components by their responsibilities and sums what the maximisation needs:
//
//   r_nk = w_k p(x_n | k) / sum_j w_j p(x_n | j),   bound = mean_n log sum_k w_k p(x_n | k)   (plus the log-prior, where there is one)
import { ConfigError } from '../../core/errors.js';
import type { RowChunks } from '../row-chunks.js';
import { at, type DataMoments, type Emission } from './emission.js';
import { Expectation, type Precision } from './expectation.js';
import type { Mixture } from './mixture-values.js';

/** What the iterations need. */
export interface EmOptions {
  readonly rows: RowChunks;
  readonly emission: Emission;
  readonly moments: DataMoments;
  /** Stops where the bound changes by less. */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly precision: Precision;
  readonly signal?: AbortSignal;
  /** Told after every iteration. */
  readonly tell?: (bound: number, restart: number) => Promise<void>;
}

/** What came of one start. */
export interface EmRun {
  readonly mixture: Mixture;
  /** The bound of every iteration, before its maximisation. */
  readonly lowerBounds: readonly number[];
  readonly converged: boolean;
  readonly aborted: boolean;
}

/** Runs EM from every start and gives the run with the highest bound. @throws ConfigError where numbers overflow */
export async function maximiseLikelihood(starts: readonly Mixture[], options: EmOptions): Promise<EmRun> {
  const { rows, emission, precision } = options;
  const expectation = new Expectation(rows, emission, precision);
  try {
    let best: EmRun | undefined;
    for (const [restart, start] of starts.entries()) {
      if (restart > 0 && options.signal?.aborted === true) break;
      const run = await iterate(expectation, start, restart, options);
      if (
        best === undefined ||
        at(run.lowerBounds, run.lowerBounds.length - 1) > at(best.lowerBounds, best.lowerBounds.length - 1)
      )
        best = { ...run, aborted: run.aborted || best?.aborted === true };
      else best = { ...best, aborted: run.aborted };
    }
    if (best === undefined) throw new ConfigError('A mixture needs at least one start.');
    return best;
  } finally {
    await expectation.dispose();
  }
}

async function iterate(expectation: Expectation, start: Mixture, restart: number, options: EmOptions): Promise<EmRun> {
  const { emission, moments, tolerance, maxIterations, signal, tell } = options;
  const lowerBounds: number[] = [];
  let mixture = start;
  while (lowerBounds.length < maxIterations) {
    const { sums, shift } = await expectation.sums(mixture, moments.shift);
    const prior = emission.logPrior?.(mixture.parameters) ?? 0;
    const bound = (at(sums['mixture/bound'], 0) + prior) / moments.rows;
    if (!Number.isFinite(bound)) throw overflow(bound, lowerBounds.length + 1, options.precision);
    const counts = sums['mixture/counts'] ?? new Float64Array();
    mixture = {
      weights: counts.map((count) => count / moments.rows),
      parameters: emission.maximise({ sums, counts, moments: { ...moments, shift }, previous: mixture.parameters }),
    };
    const before = lowerBounds.at(-1);
    lowerBounds.push(bound);
    await tell?.(bound, restart);
    if (before !== undefined && Math.abs(bound - before) < tolerance)
      return { mixture, lowerBounds, converged: true, aborted: false };
    if (signal?.aborted === true) return { mixture, lowerBounds, converged: false, aborted: true };
  }
  return { mixture, lowerBounds, converged: false, aborted: false };
}

function overflow(bound: number, iteration: number, precision: string): ConfigError {
  const remedy = precision === 'float32' ? "Use precision: 'float64', or standardise" : 'Standardise';
  return new ConfigError(
    `The log-likelihood became ${bound} in iteration ${iteration}: the numbers of the data are too large or not finite. ` +
      `${remedy} the features, and remove rows that are not finite.`,
  );
}
