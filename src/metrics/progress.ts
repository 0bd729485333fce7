// How far a metric has come, and whether it should go on.
import type { MetricOptions } from './metric.js';

/**
 * Counts units of work: tells the share that is done, and throws the signal's reason once it is aborted.
 *
 * @example const done = progressOf(options, blocks); for (...) { ...; done() }
 */
export function progressOf(
  { signal, onProgress }: Pick<MetricOptions, 'signal' | 'onProgress'>,
  units: number,
): (count?: number) => void {
  let done = 0;
  signal?.throwIfAborted();
  return (count = 1) => {
    signal?.throwIfAborted();
    done += count;
    onProgress?.(Math.min(1, done / units));
  };
}

/** The same options for a part of the work, which takes the shares from `from` to `to`. */
export function partOf<Options extends MetricOptions>(options: Options, from: number, to: number): Options {
  const { onProgress } = options;
  if (onProgress === undefined) return options;
  return { ...options, onProgress: (share: number) => onProgress(from + share * (to - from)) };
}
