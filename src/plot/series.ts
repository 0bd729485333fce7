// The numbers behind a curve: checking, smoothing and thinning them, before anything is drawn.
import { ConfigError, ShapeError } from '../core/errors.js';

/** One named curve. A value that is not finite leaves a gap, as does one beyond 1e100, where differences could overflow. */
export interface Series {
  /** Stands in the legend. */
  readonly name: string;
  /** Horizontal positions, in the order in which they are connected. */
  readonly x: ArrayLike<number>;
  /** Values, as many as positions. */
  readonly y: ArrayLike<number>;
  /** Of this series alone, where it differs from that of the chart: 0 for values without noise. */
  readonly smoothing?: number;
}

/** A point of a curve; one whose coordinates are not both drawable is a gap. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Whether a point can be drawn at all. */
export function isDrawable(point: Point): boolean {
  return Math.abs(point.x) <= 1e100 && Math.abs(point.y) <= 1e100;
}

/** The points of a series. @throws ShapeError where x and y differ in length */
export function seriesPoints({ name, x, y }: Series): Point[] {
  if (x.length !== y.length)
    throw new ShapeError(
      `Series "${name}" has ${x.length} x and ${y.length} y values; expected one y for each x (NaN leaves a gap).`,
    );
  return Array.from({ length: x.length }, (_, index) => ({ x: x[index] ?? Number.NaN, y: y[index] ?? Number.NaN }));
}

/**
 * The exponential moving average of the values, without the bias towards zero at the start (Kingma and Ba 2015, section 3):
 * m_t = w m_{t-1} + (1 - w) y_t, drawn as m_t / (1 - w^t). Gaps stay gaps and leave the average as it was.
 *
 * @param weight w in [0, 1), what the past counts; 0 changes nothing
 * @throws ConfigError for a weight outside
 */
export function smooth(points: readonly Point[], weight: number): Point[] {
  if (!(weight >= 0 && weight < 1))
    throw new ConfigError(`The smoothing is ${weight}; expected a weight from 0 (none) to below 1, such as 0.9.`);
  let average = 0;
  let pastWeight = 1;
  return points.map((point) => {
    if (!isDrawable(point)) return point;
    average = weight * average + (1 - weight) * point.y;
    pastWeight *= weight;
    return { x: point.x, y: average / (1 - pastWeight) };
  });
}

/**
 * At most about `limit` of the points, chosen so that the curve looks the same: of each bucket of neighbours the lowest and the
 * highest, in their order, and its first gap. Both ends of the curve stay.
 */
export function thin(points: readonly Point[], limit = 2000): readonly Point[] {
  if (points.length <= limit) return points;
  const buckets = Math.max(1, Math.floor(limit / 2));
  const kept = new Set<number>([0]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = Math.floor((bucket * points.length) / buckets);
    const end = Math.floor(((bucket + 1) * points.length) / buckets);
    for (const index of bucketExtremes(points, start, end)) kept.add(index);
  }
  kept.add(points.length - 1);
  return points.filter((_, index) => kept.has(index));
}

function bucketExtremes(points: readonly Point[], start: number, end: number): number[] {
  let lowest = -1;
  let highest = -1;
  let gap = -1;
  const value = (index: number): number => points[index]?.y ?? Number.NaN;
  for (let index = start; index < end; index++) {
    const point = points[index];
    if (point === undefined || !isDrawable(point)) {
      if (gap < 0) gap = index;
      continue;
    }
    if (lowest < 0 || point.y < value(lowest)) lowest = index;
    if (highest < 0 || point.y > value(highest)) highest = index;
  }
  return [lowest, highest, gap].filter((index) => index >= 0);
}
