// What a long command is at, on standard error: one line that is rewritten, or a line for each stage that takes long where there is no terminal.
import { formatDuration } from './progress-line.js';

/** Shows stages. */
export interface StageDisplay {
  /** @param share what is done, in [0, 1]; @param seconds what the whole stage takes, where that is known */
  show(stage: string, share: number, seconds?: number): void;
  /** A message that stays. */
  note(text: string): void;
  /** Clears the line. */
  end(): void;
}

/** Stages shorter than this are not announced where there is no terminal. */
const worthSaying = 5;
/** Between redraws of the line, in milliseconds. */
const interval = 100;

/** A display on `stream`, by default standard error. */
export function stageDisplay(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { write(text: string): unknown } = process.stderr,
): StageDisplay {
  let current = '';
  let last = Number.NEGATIVE_INFINITY;
  let isOpen = false;
  const clear = (): void => {
    if (isOpen) stream.write('\r\u001b[K');
    isOpen = false;
  };
  return {
    show(stage, share, seconds) {
      const isNew = stage !== current;
      current = stage;
      if (!stream.isTTY) {
        if (isNew && seconds !== undefined && seconds >= worthSaying)
          stream.write(`${stage}: about ${formatDuration(seconds)}\n`);
        return;
      }
      const now = performance.now();
      if (!isNew && now - last < interval) return;
      last = now;
      const left =
        seconds === undefined || seconds < worthSaying ? '' : `, about ${formatDuration(seconds * (1 - share))} left`;
      const line = `${stage} ... ${Math.floor(100 * share)} %${left}`;
      stream.write(`\r${line.slice(0, (stream.columns || 80) - 1)}\u001b[K`);
      isOpen = true;
    },
    note(text) {
      clear();
      stream.write(`${text}\n`);
    },
    end: clear,
  };
}
