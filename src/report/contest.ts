// Who is best by a metric, as far as that can be said: only values that can be compared compete, and those whose 95 % intervals overlap with
// the best one's differ from it by no more than noise.
import type { EvaluationRow } from './evaluation.js';
import type { Subject } from './subject.js';

/** How a value stands among the others. */
export type Standing =
  /** Better than all others, by more than noise than at least one of them. */
  | 'best'
  /** Not the best, but the intervals overlap. */
  | 'within-noise'
  | 'behind'
  /** Cannot be compared: other rows, or another number of samples. */
  | 'apart'
  /** Nobody to compare with, or no difference at all. */
  | 'alone';

/** A model's value in a contest. */
export interface Entry {
  readonly subject: Subject;
  readonly row: EvaluationRow;
  readonly standing: Standing;
  /** Of values that stand apart: why. */
  readonly why?: string;
}

/** One metric, in one feature space, over all models that have it. */
export interface Contest extends Pick<EvaluationRow, 'name' | 'title' | 'measures' | 'topic' | 'unit' | 'better'> {
  readonly features: string | undefined;
  /** In the order of the subjects; undefined where one has no value. */
  readonly entries: readonly (Entry | undefined)[];
  /** What the metric says of real rows. */
  readonly reference: EvaluationRow['reference'];
}

/** The contests of all metrics that any subject has, in the order in which evaluations have them. */
export function contests(subjects: readonly Subject[]): Contest[] {
  const names = [...new Set(subjects.flatMap(({ evaluation }) => evaluation.rows.map(({ name }) => name)))];
  const order = namesInOrder(subjects, names);
  const judged = commonest(subjects.map(dataKey));
  return order.flatMap((name) => {
    const rows = subjects.map(({ evaluation }) => evaluation.rows.find((row) => row.name === name));
    const [first] = rows.filter((row) => row !== undefined);
    if (first === undefined) return [];
    const { title, measures, topic, unit, better, features } = first;
    const samples = commonest(rows.flatMap((row) => (row?.samples === undefined ? [] : [row.samples])));
    const levels = commonest(rows.flatMap((row) => (row === undefined ? [] : [levelsOf(row)])));
    const reasons = subjects.map((subject, index) => {
      const row = rows[index];
      if (dataKey(subject) !== judged) return 'judged by other rows';
      if (row?.samples !== undefined && row.samples !== samples)
        return `of ${row.samples} samples instead of ${samples}`;
      return row === undefined || levelsOf(row) === levels
        ? undefined
        : `of numbers with ${levelsOf(row) ?? 'no'} levels instead of ${levels ?? 'none'}`;
    });
    const rivals = rows.filter((row, index) => row !== undefined && reasons[index] === undefined);
    const standings = standingsOf(
      rivals.filter((row) => row !== undefined),
      better,
    );
    const entries = subjects.map((subject, index): Entry | undefined => {
      const [row, why] = [rows[index], reasons[index]];
      if (row === undefined) return undefined;
      return why === undefined
        ? { subject, row, standing: standings.get(row) ?? 'alone' }
        : { subject, row, standing: 'apart', why };
    });
    const [reference] = rivals.flatMap((row) => (row?.reference === undefined ? [] : [row.reference]));
    return [{ name, title, measures, topic, unit, better, features, entries, reference }];
  });
}

/** The rows that a subject was judged by. */
export function dataKey({ evaluation: { data } }: Subject): string {
  return [data.name, data.heldOut?.fingerprint ?? data.training.fingerprint].join('\n');
}

/** How many levels the numbers had whose likelihood this is: a model that rounds to fewer has less to tell. */
function levelsOf({ topic, details }: EvaluationRow): number | undefined {
  const levels = details?.levels;
  return topic === 'likelihood' && typeof levels === 'number' ? levels : undefined;
}

function standingsOf(rows: readonly EvaluationRow[], better: 'higher' | 'lower'): Map<EvaluationRow, Standing> {
  const sign = better === 'higher' ? 1 : -1;
  const known = rows.filter(({ value }) => !Number.isNaN(value));
  const best = known.reduce<EvaluationRow | undefined>(
    (leader, row) => (leader === undefined || sign * row.value > sign * leader.value ? row : leader),
    undefined,
  );
  if (best === undefined || known.length < 2) return new Map();
  const close = known.filter((row) => row !== best && isWithinNoise(row, best));
  // Where nobody is worse than noise explains, nobody is best.
  if (close.length === known.length - 1) return new Map([best, ...close].map((row) => [row, 'within-noise'] as const));
  return new Map(
    known.map((row) => [row, row === best ? 'best' : close.includes(row) ? 'within-noise' : 'behind'] as const),
  );
}

/** Whether the intervals of two values overlap; values without intervals differ where they are not the same. */
export function isWithinNoise(a: Pick<EvaluationRow, 'value' | 'interval'>, b: typeof a): boolean {
  const [lowA, highA] = a.interval ?? [a.value, a.value];
  const [lowB, highB] = b.interval ?? [b.value, b.value];
  return lowA <= highB && lowB <= highA;
}

/** All names in an order that agrees with that of every evaluation: each behind the one it follows. */
function namesInOrder(subjects: readonly Subject[], names: readonly string[]): string[] {
  const topics = ['likelihood', 'samples', 'copying', 'diversity', 'representation'];
  const placeOf = (name: string): readonly [topic: number, place: number] => {
    const places = subjects.flatMap(({ evaluation: { rows } }) => {
      const place = rows.findIndex((row) => row.name === name);
      return place < 0 ? [] : [{ place, topic: topics.indexOf(rows[place]?.topic ?? '') }];
    });
    return [Math.min(...places.map(({ topic }) => topic)), Math.max(...places.map(({ place }) => place))];
  };
  return names.toSorted((a, b) => {
    const [[topicA, placeA], [topicB, placeB]] = [placeOf(a), placeOf(b)];
    return topicA - topicB || placeA - placeB;
  });
}

/** What most have; of equally many the first. */
export function commonest<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return values.find((value) => counts.get(value) === most);
}
