// How many steps to do at a time, and how fast training goes. Timing decides only how work is cut up, never what comes of it.

/** A run of the program should take about this long, so that progress, Ctrl-C and checkpoints feel immediate. */
const runMilliseconds = 250;
const mostSteps = 64;
/** The feeds of one run take at most this much memory. */
const runBytes = 8 * 2 ** 20;

/** Measures runs and says how long the next one shall be. */
export class Pace {
  readonly #largest: number;
  readonly #fixed: number | undefined;
  #devicePerStep: number | undefined;
  #wallPerStep: number | undefined;
  #last = performance.now();

  /**
   * @param bytesPerStep the size of what one step is fed
   * @param fixed steps per run instead of a measured number
   */
  constructor(bytesPerStep: number, fixed?: number) {
    this.#largest = Math.max(1, Math.min(mostSteps, Math.floor(runBytes / Math.max(1, bytesPerStep))));
    this.#fixed = fixed;
  }

  /** The steps of the next run: one to warm up, then as many as take a quarter of a second. */
  get stepsPerRun(): number {
    if (this.#fixed !== undefined) return this.#fixed;
    if (this.#devicePerStep === undefined) return 1;
    return Math.max(1, Math.min(Math.round(runMilliseconds / this.#devicePerStep), this.#largest));
  }

  /** Milliseconds per step by the wall clock, pauses left out. */
  get millisecondsPerStep(): number {
    return Math.max(this.#wallPerStep ?? 1, this.#devicePerStep ?? 0, 1e-6);
  }

  /** Takes a run that has just ended. */
  record(deviceMilliseconds: number, steps: number): void {
    const now = performance.now();
    const wall = (now - this.#last) / steps;
    this.#last = now;
    // The first run also warms up and says little; afterwards a slow average steadies the display.
    this.#devicePerStep = mix(this.#devicePerStep, deviceMilliseconds / steps, 0.5);
    this.#wallPerStep = mix(this.#wallPerStep, wall, 0.8);
  }

  /** Leaves the time since the last run out of account: it went into saving or drawing. */
  pause(): void {
    this.#last = performance.now();
  }
}

function mix(before: number | undefined, now: number, kept: number): number {
  return before === undefined ? now : kept * before + (1 - kept) * now;
}
