// How a long computation stays polite: it says how far it is, stops when asked to, and lets the rest of the program run in between.
import type { MetricOptions } from './metric.js';

/** Longest time in milliseconds without letting anything else run. */
const turn = 30;

/** Calls back once everything else had its turn; a timer, all there is in browsers, waits for a millisecond or more besides. */
const nextTurn: (callback: (value: unknown) => void) => unknown =
  typeof setImmediate === 'function' ? setImmediate : setTimeout;

/**
 * What a loop awaits after each piece of work, with the share that is done, in [0, 1].
 *
 * @throws the signal's reason where it is aborted
 * @example
 * const done = pace(options);
 * for (let block = 0; block < blocks; block++) {
 *   work(block);
 *   await done((block + 1) / blocks);
 * }
 */
export function pace({
  signal,
  onProgress,
}: Pick<MetricOptions, 'signal' | 'onProgress'>): (share: number) => Promise<void> {
  signal?.throwIfAborted();
  let last = performance.now();
  return async (share) => {
    onProgress?.(share);
    // After it, since whoever watches may have had enough.
    signal?.throwIfAborted();
    if (performance.now() - last < turn) return;
    await new Promise((resolve) => nextTurn(resolve));
    last = performance.now();
    signal?.throwIfAborted();
  };
}

/** Does work that yields the share that is done, turn by turn. @throws what `pace` throws */
export async function inTurns<Result>(
  work: Generator<number, Result>,
  done: (share: number) => Promise<void>,
): Promise<Result> {
  for (;;) {
    const { done: isDone, value } = work.next();
    if (isDone === true) return value;
    await done(value);
  }
}

/** The options for a part of a computation, whose progress runs between two shares of the whole. */
export function stage<Options extends Pick<MetricOptions, 'onProgress'>>(
  options: Options,
  from: number,
  to: number,
): Options {
  const { onProgress } = options;
  if (onProgress === undefined) return options;
  return { ...options, onProgress: (share: number) => onProgress(from + (to - from) * share) };
}
