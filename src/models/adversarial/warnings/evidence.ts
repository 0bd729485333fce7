// What a game is judged by while it runs and when it has ended.
import type { MetricRow } from '../../../training/observer.js';
import type { Look } from './look.js';

/** The options of a game by name, as its model has them. */
export type GameOptions = Readonly<Record<string, unknown>>;

/** What is known of a game so far. */
export interface Evidence {
  /** Its metrics, oldest first. */
  readonly history: readonly MetricRow[];
  /** What its samples looked like, oldest first. */
  readonly looks: readonly Look[];
  readonly options: GameOptions;
}

/** A way in which games go wrong. */
export interface Detector {
  readonly name: string;
  /** Whether it means something only once the game has ended: on the way every game is undecided at times. Default false. */
  readonly isFinal?: boolean;
  /** What is wrong, as a sentence; undefined where it is not seen. A pure function of what is known. */
  detect(evidence: Evidence): string | undefined;
  /** What helps, the best first. */
  readonly remedies: readonly Remedy[];
}

/** An option that helps. */
export interface Remedy {
  /** The option's name: models without it are not told. */
  readonly option: string;
  /** What to do, `set unrolledSteps to 5`; undefined where the options have it already, or it makes no sense with them. */
  advice(value: unknown, options: GameOptions): string | undefined;
}

/** The values of a metric, oldest first, of the rows that have it. */
export function seriesOf(history: readonly MetricRow[], name: string): number[] {
  return history.flatMap(({ metrics }) => metrics[name] ?? []);
}

/** The mean; NaN of nothing, which no comparison holds for. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Rows of metrics before a game says anything: at the start D(x) and D(G(z)) are 1/2 in every game. */
const fewestRows = 20;

/** The mean of the last tenth of a metric, at least ten rows; NaN before there is enough of it. */
export function lateMean(history: readonly MetricRow[], name: string): number {
  const values = seriesOf(history, name);
  if (values.length < fewestRows) return Number.NaN;
  return meanOf(values.slice(-Math.max(10, Math.ceil(values.length / 10))));
}
