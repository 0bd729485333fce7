// The progress of a training on a terminal: one line that is rewritten, or a line now and then where there is no terminal.
import type { Progress } from '../training/observer.js';

/** Shows progress on a stream. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Ends the line, so that whatever follows starts on a new one. */
  end(): void;
}

const barWidth = 24;
/** Between lines where the stream is no terminal, in milliseconds. */
const quietInterval = 10_000;

/** A display on `stream`, by default standard error. */
export function progressDisplay(stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  let isOpen = false;
  let last = 0;
  return {
    show(progress) {
      const now = Date.now();
      if (stream.isTTY) {
        const columns = stream.columns > 20 ? stream.columns - 1 : 79;
        stream.write(`\r\u001b[2K${progressLine(progress).slice(0, columns)}`);
        isOpen = true;
      } else if (now - last >= quietInterval || progress.step === progress.steps) {
        stream.write(`${progressLine(progress)}\n`);
        last = now;
      }
    },
    end() {
      if (isOpen) stream.write('\n');
      isOpen = false;
    },
  };
}

/** One line: bar, epoch, step, rate, time left, metrics. */
export function progressLine({ step, steps, epoch, epochs, stepsPerSecond, secondsLeft, metrics }: Progress): string {
  const done = Math.round((step / steps) * barWidth);
  const bar = '█'.repeat(done) + '░'.repeat(barWidth - done);
  const total = Number.isInteger(epochs) ? String(epochs) : epochs.toFixed(1);
  const current = Math.min(Math.ceil(epochs), Math.floor(epoch) + (step === steps && Number.isInteger(epoch) ? 0 : 1));
  const numbers = Object.entries(metrics).map(([name, value]) => `${shortName(name)} ${formatMetric(value)}`);
  return [
    `${bar} ${Math.floor((100 * step) / steps)} %`,
    `epoch ${current}/${total}`,
    `step ${step}/${steps}`,
    `${formatRate(stepsPerSecond)} steps/s`,
    step === steps ? 'done' : `${formatDuration(secondsLeft)} left`,
    ...numbers,
  ].join('  ');
}

/** Seconds as people say them: 8 s, 2 min 05 s, 1 h 10 min. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

function formatRate(rate: number): string {
  return rate >= 100 ? rate.toFixed(0) : rate.toFixed(1);
}

function formatMetric(value: number): string {
  return Math.abs(value) >= 1000 ? value.toExponential(1) : value.toFixed(3);
}

/** discriminatorLoss is too long for a line that also says everything else. */
function shortName(name: string): string {
  return name.replace(/^(\w)\w*Loss$/, (_, letter: string) => `${letter.toUpperCase()} loss`);
}
