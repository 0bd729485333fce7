// From series to what a panel draws: points ready for the axes, strokes, legend entries, and the range of it all.
import type { AxisScale, Limits } from './axis.js';
import { seriesStroke } from './palette.js';
import { isDrawable, type Point, type Series, seriesPoints, smooth } from './series.js';

/** A series prepared for drawing. */
export interface Curve {
  /** What the legend says: the name, and how many values a logarithmic axis had to leave out. */
  readonly label: string;
  readonly colour: string;
  readonly dash: string | undefined;
  /** The series as given; points that cannot be shown are gaps. */
  readonly raw: readonly Point[];
  /** The moving average to draw over it, where one was asked for. */
  readonly smoothed: readonly Point[] | undefined;
}

/** Prepares series. @throws ShapeError for lengths that differ @throws ConfigError for a smoothing out of range */
export function prepareCurves(
  series: readonly Series[],
  scales: { readonly x: AxisScale; readonly y: AxisScale },
  smoothing: number,
): Curve[] {
  return series.map((one, index) => {
    const points = seriesPoints(one);
    const raw = points.map((point) => (fits(point.x, scales.x) && fits(point.y, scales.y) ? point : gap));
    const drawable = points.filter(isDrawable).length;
    const lost = drawable - raw.filter(isDrawable).length;
    return {
      label: lost === 0 ? one.name : `${one.name} (${lost} of ${drawable} values ≤ 0 not shown)`,
      ...seriesStroke(index),
      raw,
      smoothed: (one.smoothing ?? smoothing) === 0 ? undefined : smooth(raw, one.smoothing ?? smoothing),
    };
  });
}

const gap: Point = { x: Number.NaN, y: Number.NaN };

/** On a logarithmic axis what has all but underflowed counts as 0. */
function fits(value: number, scale: AxisScale): boolean {
  return scale === 'linear' || value > 1e-100;
}

/** The range of one coordinate over all curves, undefined where no point can be drawn. */
export function extentOf(curves: readonly Curve[], coordinate: 'x' | 'y'): Limits | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { raw } of curves) {
    for (const point of raw) {
      if (!isDrawable(point)) continue;
      low = Math.min(low, point[coordinate]);
      high = Math.max(high, point[coordinate]);
    }
  }
  return low <= high ? [low, high] : undefined;
}
