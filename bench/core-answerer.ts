// The thread that answers in core-answers.ts.
import { workerData } from 'node:worker_threads';

/** What it is started with. */
export interface AnswererStart {
  /** Whose turn it is, odd numbers being questions, and how many samples were asked for so far. */
  readonly turn: Int32Array;
  /** Of a sample, after the one that wakes this thread. */
  readonly exchanges: number;
}

const { turn, exchanges }: AnswererStart = workerData;
for (let done = 0; ; done++) {
  Atomics.wait(turn, 1, done);
  for (let exchange = 0; exchange <= exchanges; exchange++) {
    while (Atomics.load(turn, 0) !== 2 * exchange + 1);
    Atomics.store(turn, 0, 2 * exchange + 2);
  }
}
