// The text of one line of progress: bar, epoch, step, rate, time left, metrics; what matters least is left out where it is narrow.
import type { Progress } from '../training/observer.js';

/** What progress is counted in: steps of batches, or iterations over all rows, which may converge before the last. */
export type ProgressUnit = 'step' | 'iteration';

/** A line of at most `columns` characters. */
export function progressLine(
  progress: Progress,
  columns = Number.POSITIVE_INFINITY,
  unit: ProgressUnit = 'step',
): string {
  const lines = unit === 'step' ? stepLines(progress) : iterationLines(progress);
  return lines.find((line) => line.length <= columns) ?? (lines.at(-1) ?? '').slice(0, Math.max(0, columns));
}

/** From the longest to the shortest. */
function stepLines(progress: Progress): string[] {
  const { step, steps, metrics, secondsLeft, stepsPerSecond } = progress;
  const share = step / steps;
  const percent = `${Math.floor(100 * share)} %`;
  const left = step === steps ? 'done' : `${formatDuration(secondsLeft)} left`;
  const numbers = Object.entries(metrics).map(([name, value]) => `${shortName(name)} ${formatMetric(value)}`);
  const epoch = formatEpoch(progress);
  const position = `step ${step}/${steps}`;
  const rate = formatPace(stepsPerSecond, 'steps');
  return [
    [`${bar(share, 24)} ${percent}`, epoch, position, rate, left, ...numbers],
    [`${bar(share, 16)} ${percent}`, epoch, position, left, ...numbers],
    [`${bar(share, 12)} ${percent}`, epoch, left, ...numbers],
    [`${bar(share, 12)} ${percent}`, left, ...numbers.slice(0, 2)],
    [`${bar(share, 12)} ${percent}`, left],
    [percent],
  ].map((parts) => parts.join('  '));
}

/** Without a bar: how many iterations it takes is not known before. */
function iterationLines({ step, steps, metrics, secondsLeft, stepsPerSecond }: Progress): string[] {
  const numbers = Object.entries(metrics).map(([name, value]) => `${shortName(name)} ${formatMetric(value)}`);
  // What is computed rather than iterated is done when it is told.
  if (steps === 1) return [['fitted in one pass', ...numbers], ['fitted in one pass']].map((parts) => parts.join('  '));
  const position = `iteration ${step}`;
  const bounded = `${position} of at most ${steps}`;
  const rate = formatPace(stepsPerSecond);
  const left = step >= steps ? [] : [`at most ${formatDuration(secondsLeft)} left`];
  return [
    [bounded, rate, ...left, ...numbers],
    [bounded, ...left, ...numbers],
    [bounded, ...numbers],
    [position, ...numbers.slice(0, 1)],
    [position],
  ].map((parts) => parts.join('  '));
}

/** Seconds as people say them: 8 s, 2 min 05 s, 1 h 10 min. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** A metric with as many digits as say something. */
export function formatMetric(value: number): string {
  const size = Math.abs(value);
  // Counts: of bins, the class that is learnt.
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return value.toExponential(3);
  return value.toFixed(size >= 1000 ? 1 : 3);
}

function bar(share: number, width: number): string {
  const done = Math.floor(share * width);
  return '█'.repeat(done) + '░'.repeat(width - done);
}

/** The epoch that runs, of how many; where a number of steps was asked for, how many have been done. */
function formatEpoch({ step, steps, epoch, epochs }: Progress): string {
  if (!Number.isInteger(epochs)) return `epoch ${epoch.toFixed(2)}`;
  return `epoch ${step === steps ? epochs : Math.min(epochs, Math.floor(epoch) + 1)}/${epochs}`;
}

/** How fast it goes: 12.3 steps/s, or, where one takes longer than a second, 52 s each. */
function formatPace(perSecond: number, unit = ''): string {
  if (perSecond >= 1) return `${perSecond.toFixed(perSecond >= 100 ? 0 : 1)}${unit === '' ? '' : ` ${unit}`}/s`;
  const seconds = 1 / perSecond;
  return `${seconds < 10 ? `${seconds.toFixed(1)} s` : formatDuration(seconds)} each`;
}

/** discriminatorLoss is too long for a line that also says everything else. */
function shortName(name: string): string {
  return name.replace(/^(\w)\w*Loss$/, (_, letter: string) => `${letter.toUpperCase()} loss`);
}
