// How fast a model trains here: a short trial, thrown away, tells how many steps fit into some seconds. The number of steps is then fixed,
// so that the training itself can be repeated and resumed exactly.
import type { Dataset } from '../../data/dataset.js';
import type { FitOptions, FittableModel } from '../../models/contract.js';

/** What a trial measured. */
export interface TrainingPace {
  /** Until the first steps are done: compiling, above all. */
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** What the trial itself took. */
  readonly trialSeconds: number;
}

/** More steps than any trial does. */
const endless = 1_000_000;
/** A trial ends after its seconds, but not before this many looks at the clock after the first. */
const leastLooks = 2;

/**
 * Trains for about `seconds`.
 *
 * @throws what fit throws; the signal's reason where it is aborted
 */
export async function measurePace(
  model: FittableModel,
  data: Dataset,
  { seconds, signal, ...options }: Omit<FitOptions, 'epochs' | 'steps' | 'observer'> & { readonly seconds: number },
): Promise<TrainingPace> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal?.addEventListener('abort', abort, { once: true });
  const start = performance.now();
  const now = (): number => (performance.now() - start) / 1000;
  const looks: { readonly step: number; readonly at: number }[] = [];
  try {
    await model.fit(data, {
      ...options,
      steps: endless,
      signal: stop.signal,
      observer: {
        onProgress({ step }) {
          looks.push({ step, at: now() });
          if (now() >= seconds && looks.length > leastLooks) stop.abort();
        },
      },
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    await model.dispose();
  }
  signal?.throwIfAborted();
  return paceOf(looks);
}

/** The pace after the first look, which warming up belongs to. */
export function paceOf(looks: readonly { readonly step: number; readonly at: number }[]): TrainingPace {
  const first = looks[0] ?? { step: 0, at: 0 };
  const last = looks.at(-1) ?? first;
  const steps = last.step - first.step;
  return {
    startSeconds: first.at,
    stepSeconds: steps === 0 ? first.at : (last.at - first.at) / steps,
    trialSeconds: last.at,
  };
}

/** The steps that fit into some seconds, at least 1. */
export function stepsWithin(
  seconds: number,
  { startSeconds, stepSeconds }: Omit<TrainingPace, 'trialSeconds'>,
): number {
  return Math.max(1, Math.floor((seconds - startSeconds) / stepSeconds));
}
