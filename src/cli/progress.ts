// The progress of a training on a terminal: one line that is rewritten, or a line now and then where there is no terminal.
import type { Progress } from '../training/observer.js';
import { type ProgressUnit, progressLine } from './progress-line.js';

/** Shows progress on a stream. */
export interface ProgressDisplay {
  /** Says what is being waited for; on a terminal the next line takes its place. */
  wait(text: string): void;
  show(progress: Progress): void;
  /** A message that stays. */
  note(text: string): void;
  /** Ends the line, so that whatever follows starts on a new one. */
  end(): void;
}

/** What a display needs of a stream. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { write(text: string): unknown };

/** Between lines where the stream is no terminal, in milliseconds. */
const quietInterval = 10_000;

/** A display on `stream`, by default standard error. */
export function progressDisplay(stream: ProgressStream = process.stderr, unit: ProgressUnit = 'step'): ProgressDisplay {
  let isLineOpen = false;
  /** What has not been written yet where the stream is no terminal. */
  let pending: Progress | undefined;
  let last = Number.NEGATIVE_INFINITY;
  /** Writes over the line and clears only what is left of the old one, so that nothing flickers. */
  const rewrite = (text: string): void => {
    stream.write(`\r${text}\u001b[K`);
    isLineOpen = true;
  };
  const endLine = (): void => {
    if (isLineOpen) stream.write('\n');
    isLineOpen = false;
  };
  return {
    wait(text) {
      if (stream.isTTY) rewrite(text);
      else stream.write(`${text}\n`);
    },
    show(progress) {
      const now = performance.now();
      if (stream.isTTY) rewrite(progressLine(progress, (stream.columns || 80) - 1, unit));
      else if (now - last >= quietInterval || progress.step === progress.steps) {
        stream.write(`${progressLine(progress, undefined, unit)}\n`);
        last = now;
        pending = undefined;
      } else pending = progress;
    },
    note(text) {
      endLine();
      stream.write(`${text}\n`);
    },
    end() {
      endLine();
      // Where training ended is said, whether or not it was time for a line.
      if (pending !== undefined) stream.write(`${progressLine(pending, undefined, unit)}\n`);
      pending = undefined;
    },
  };
}
