// How fast a model trains here: a short trial, thrown away, tells how many steps fit into some seconds. The number of steps is then fixed,
// so that the training itself can be repeated and resumed exactly.
import type { Dataset } from '../../data/dataset.js';
import type { FitOptions, FittableModel } from '../../models/contract.js';

/** What a trial measured. */
export interface TrainingPace {
  /** Until the first steps are done and samples drawn for the first time: compiling, above all. */
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** Drawing samples once. */
  readonly drawSeconds: number;
  /** What the trial itself took. */
  readonly trialSeconds: number;
}

/** How a trial is made. */
export interface TrialOptions {
  readonly seconds: number;
  /** Draws samples of the model that is tried, which is thrown away after it. Default: none are drawn */
  readonly draw?: () => Promise<unknown>;
}

/** More steps than any trial does. */
const endless = 1_000_000;
/**
 * Steps are planned to take so much longer than in the trial, which writes no records and may have met a fast moment: in three tours of the
 * same code on two cores a step of the dense VAE took 5.5, 5.5 and 7.0 ms.
 */
const stepMargin = 1.1;
/** A trial ends after its seconds, but not before this many looks at the clock after the first. */
const leastLooks = 2;

/**
 * Trains for about `seconds`, then draws as the training will on its way.
 *
 * @throws what fit throws; the signal's reason where it is aborted
 */
export async function measurePace(
  model: FittableModel,
  data: Dataset,
  { seconds, signal, draw, ...options }: Omit<FitOptions, 'epochs' | 'steps' | 'observer'> & TrialOptions,
): Promise<TrainingPace> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  signal?.addEventListener('abort', abort, { once: true });
  const start = performance.now();
  const now = (): number => (performance.now() - start) / 1000;
  const looks: { readonly step: number; readonly at: number }[] = [];
  let [firstDrawSeconds, drawSeconds] = [0, 0];
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
    if (draw !== undefined && signal?.aborted !== true) {
      const since = now();
      await draw();
      const then = now();
      await draw();
      // The first time it is compiled.
      [firstDrawSeconds, drawSeconds] = [then - since, now() - then];
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    await model.dispose();
  }
  signal?.throwIfAborted();
  const pace = paceOf(looks);
  const startSeconds = pace.startSeconds + Math.max(0, firstDrawSeconds - drawSeconds);
  return { ...pace, startSeconds, drawSeconds, trialSeconds: now() };
}

/** The pace after the first look, which warming up belongs to. */
export function paceOf(
  looks: readonly { readonly step: number; readonly at: number }[],
): Pick<TrainingPace, 'startSeconds' | 'stepSeconds'> {
  const first = looks[0] ?? { step: 0, at: 0 };
  const last = looks.at(-1) ?? first;
  const steps = last.step - first.step;
  return {
    startSeconds: first.at,
    stepSeconds: steps === 0 ? first.at : (last.at - first.at) / steps,
  };
}

/** The steps that fit into some seconds, at least 1. */
export function stepsWithin(
  seconds: number,
  { startSeconds, stepSeconds }: Pick<TrainingPace, 'startSeconds' | 'stepSeconds'>,
): number {
  return Math.max(1, Math.floor((seconds - startSeconds) / (stepSeconds * stepMargin)));
}
