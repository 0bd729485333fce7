// A call that is measured: what one whole call takes and reaches, and the time that is compared with the peers'.
//   ../peers/python/classical.py has the same in Python.

/** What came of one whole call. */
export interface Outcome {
  readonly milliseconds: number;
  /** What the model reached: the same for all who do the same work. */
  readonly figure: number;
}

/** Something to call again and again. */
export interface Call {
  run(): Promise<Outcome>;
  /** Milliseconds of what is compared: a whole call, or one iteration. */
  time(): Promise<number>;
}

/** Makes a call on the rows in a folder. */
export type CallMaker = (folder: string, threads: number) => Promise<Call>;

/** What is done in a call. */
export interface Work<Result> {
  /** The part that is timed. */
  work(): Promise<Result>;
  figure(result: Result): number;
  /** Frees what the call opened. */
  dispose?(result: Result): Promise<void>;
}

/** A call that counts as a whole. */
export function whole<Result>({ work, figure, dispose }: Work<Result>): Call {
  const run = async (): Promise<Outcome> => {
    const start = performance.now();
    const result = await work();
    const milliseconds = performance.now() - start;
    const reached = figure(result);
    await dispose?.(result);
    return { milliseconds, figure: reached };
  };
  return { run, time: async () => (await run()).milliseconds };
}

/**
 * A fit that counts by its iterations: what `many` take longer than `few`, so that its start and end count nothing. Noise may make the
 * difference of a round negative; the median of the rounds hardly.
 */
export function iterations(fit: (iterations: number) => Call, [few, many]: readonly [number, number]): Call {
  const [short, long] = [fit(few), fit(many)];
  return {
    run: () => long.run(),
    async time() {
      // The process was idle: bring caches and threads back.
      await short.run();
      return (-(await short.time()) + (await long.time())) / (many - few);
    },
  };
}
