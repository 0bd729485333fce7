// How far apart two cores are: the time in which their threads answer each other through shared memory. Programs of many small operators, whose
// threads wait for each other after each, take longer where cores have no cache in common. Virtual machines are moved between such pairs of
// cores and others while they run, so this belongs beside every figure that is compared with another.
import { Worker } from 'node:worker_threads';
import type { AnswererStart } from './core-answerer.js';
import { median } from './statistics.js';

const exchanges = 4000;
const samples = 5;
/** Where threads share one core, each exchange waits for the scheduler; they are not waited for longer than this. */
const longestMs = 200;

/** A thread that answers. */
export interface CoreAnswers {
  /** Nanoseconds of one question and its answer, the median of some samples; undefined once a sample took too long. */
  nanoseconds(): number | undefined;
  stop(): Promise<void>;
}

/** Starts a thread that sleeps until it is asked. */
export async function startCoreAnswers(): Promise<CoreAnswers> {
  const turn = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL('./core-answerer.js', import.meta.url), {
    workerData: { turn, exchanges } satisfies AnswererStart,
  });
  await new Promise((resolve, reject) => worker.once('online', () => resolve(undefined)).once('error', reject));
  worker.unref();
  let isLost = false;
  return {
    nanoseconds() {
      const times: number[] = [];
      for (let sample = 0; sample < samples && !isLost; sample++) {
        const time = sampleOf(turn);
        isLost = time === undefined;
        if (time !== undefined) times.push(time);
      }
      if (!isLost) return median(times);
      // It waits for a question that will not come.
      void worker.terminate();
      return undefined;
    },
    async stop() {
      await worker.terminate();
    },
  };
}

/** Nanoseconds of an exchange in one sample. */
function sampleOf(turn: Int32Array): number | undefined {
  Atomics.store(turn, 0, 0);
  Atomics.add(turn, 1, 1);
  Atomics.notify(turn, 1);
  // The other thread's first answer says that it is awake.
  const patience = performance.now() + longestMs;
  let start = 0;
  for (let exchange = 0; exchange <= exchanges; exchange++) {
    Atomics.store(turn, 0, 2 * exchange + 1);
    for (let tries = 1; Atomics.load(turn, 0) !== 2 * exchange + 2; tries++)
      if (tries % 1024 === 0 && performance.now() > patience) return undefined;
    if (exchange === 0) start = performance.now();
  }
  return ((performance.now() - start) / exchanges) * 1e6;
}
