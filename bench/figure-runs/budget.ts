// How long a training may compute, whatever else the machine does meanwhile: processor time, not the clock.
import { physicalCores } from '../../src/runtime/node/cores.js';

/** The cores that goals speak of. */
const goalCores = 2;

/** Milliseconds between looks at the time. */
const lookEvery = 1000;

/** What a training took. */
export interface TimeTaken {
  /** By the clock. */
  readonly minutes: number;
  /** Processor time, in minutes for each core. */
  readonly processorMinutes: number;
  readonly cores: number;
}

/** A running training's time. */
export interface Budget {
  /** Aborts once the time is used up. */
  readonly signal: AbortSignal;
  taken(): TimeTaken;
  /** Stops looking at the time. */
  end(): void;
}

/**
 * Counts from now on.
 *
 * @param minutes as much computing as two cores do in so many minutes, on however many cores; default: no limit
 */
export function startBudget(minutes = Number.POSITIVE_INFINITY): Budget {
  const cores = physicalCores();
  const start = performance.now();
  const startProcessor = process.cpuUsage();
  const stop = new AbortController();
  const taken = (): TimeTaken => {
    const { user, system } = process.cpuUsage(startProcessor);
    return {
      minutes: (performance.now() - start) / 60_000,
      processorMinutes: (user + system) / 60e6 / cores,
      cores,
    };
  };
  const timer = setInterval(() => {
    if (taken().processorMinutes * cores >= minutes * goalCores) stop.abort();
  }, lookEvery).unref();
  return { signal: stop.signal, taken, end: () => clearInterval(timer) };
}
