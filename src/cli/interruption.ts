// Ctrl-C and its like during a training: the first asks it to stop and save, the second ends the process at once.
import { exitCodes } from './exit-codes.js';

/** The signals that ask for an end; SIGHUP is a terminal that was closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Watches for an interruption. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Stops watching. */
  release(): void;
}

/** Watches from now on; `announce` is called for the first signal. */
export function watchInterruption(announce: () => void): Interruption {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    announce();
  };
  for (const signal of signals) process.on(signal, interrupt);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}
