// Densities in one dimension: the curve that a model learnt over a histogram of the data, each datum a mark on the axis.
import { ConfigError, ShapeError } from '../core/errors.js';
import { fitAxis, type Limits } from './axis.js';
import { extentOf, prepareCurves } from './curves.js';
import { type Headings, headings } from './headings.js';
import { legendRowHeight, legendRows } from './legend.js';
import { panel } from './panel.js';
import type { Series } from './series.js';
import { element, fontSize, svgDocument, textWidth } from './svg.js';

/** A chart of one-dimensional densities. */
export interface DensityChart extends Headings {
  /** What the values are, with their unit. */
  readonly xLabel: string;
  /** Densities over x: one or several models. */
  readonly densities: readonly Series[];
  /** What a density is the sum of, such as the classes' shares; dashed, so that what lies below is seen. Default: nothing. */
  readonly parts?: readonly Series[];
  /** The data: shown as a histogram that integrates to 1 and as a rug. Default: none. */
  readonly values?: ArrayLike<number>;
  /** Bars of the histogram; default: by Freedman and Diaconis (1981), or 2 n^(1/3) where their rule takes several bumps for one. */
  readonly bins?: number;
  /** The ends of the horizontal axis; data beyond are left out of the picture. Default: all densities and data. */
  readonly xLimits?: Limits;
  /** In pixels; default 560. */
  readonly width?: number;
  /** In pixels; default 320. */
  readonly height?: number;
}

/** The most marks of a rug; more would be a solid line. */
const mostMarks = 500;

/**
 * The chart as an SVG document.
 *
 * @throws ShapeError for a density whose x and y differ in length; ConfigError for no density, or bins that are no whole number
 * @example densityChart({ xLabel: 'length (cm)', values, densities: [{ name: 'mixture', x, y }] })
 */
export function densityChart(chart: DensityChart): string {
  const { title, xLabel, densities, parts = [], values = [], bins, xLimits, width = 560, height = 320 } = chart;
  if (densities.length === 0)
    throw new ConfigError('Received a density chart without densities; expected at least one.');
  const data = Array.from(values);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ShapeError(`Value ${bad} of the data is ${data[bad]}; a histogram needs finite numbers.`);
  const curves = prepareCurves([...densities, ...parts], { x: 'linear', y: 'linear' }, 0).map((curve, index) =>
    index < densities.length ? curve : { ...curve, dash: '5 3' },
  );
  const [low, high] = xLimits ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const shown = data.filter((value) => value >= low && value <= high);
  const bars = histogram(shown, bins).map((bar) => ({ ...bar, density: (bar.density * shown.length) / data.length }));
  const [first, last] = extentOf(curves, 'x') ?? [0, 1];
  const all = [
    shown.reduce((least, value) => Math.min(least, value), first),
    shown.reduce((most, value) => Math.max(most, value), last),
  ] as const;
  const top = Math.max(extentOf(curves, 'y')?.[1] ?? 0, ...bars.map((bar) => bar.density));

  const bottom = height - 44;
  const yLabel = 'density';
  const tickCount = Math.max(2, Math.floor(bottom / 38));
  const fitY = (pixels: readonly [number, number]) =>
    fitAxis({ scale: 'linear', extent: [0, top], limits: undefined, pixels, ends: 'round', tickCount });
  const yLabelAt = fontSize + 4;
  const tickWidth = Math.max(...fitY([bottom, 10]).ticks.map(({ label }) => textWidth(label)));
  const left = Math.round(yLabelAt + 18 + tickWidth);
  const right = width - 26;
  const rows = legendRows(curves, right - left);
  const above = headings(chart, left);
  const plotTop = (above.height === 0 ? 16 : above.height + 6) + rows.length * legendRowHeight;
  const x = fitAxis({
    scale: 'linear',
    extent: all,
    limits: xLimits,
    pixels: [left, right],
    ends: 'exact',
    tickCount: 6,
  });
  const y = fitY([bottom, plotTop]);
  const rectangles = bars.map(({ from, to, density }) =>
    element('rect', {
      x: x.position(from),
      y: y.position(density),
      width: Math.max(0.5, x.position(to) - x.position(from) - 0.5),
      height: y.position(0) - y.position(density),
      fill: '#d4dbe3',
    }),
  );
  const step = Math.max(1, Math.ceil(shown.length / mostMarks));
  const marks = shown
    .filter((_, index) => index % step === 0)
    .map((value) => `M${x.position(value).toFixed(2)},${bottom}v-7`);
  const rug =
    marks.length === 0
      ? ''
      : element('path', { d: marks.join(''), stroke: '#262626', 'stroke-width': 0.5, 'stroke-opacity': 0.45 });
  const drawn = panel({
    left,
    right,
    top: plotTop,
    bottom,
    x,
    y,
    curves,
    content: [...rectangles, rug].join(''),
    legendRows: rows,
    yLabel,
    yLabelAt,
    xLabel,
  });
  return svgDocument(width, height, title ?? `Density of ${xLabel}`, `${above.markup}\n${drawn}`);
}

/** A bar of a histogram. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly density: number;
}

/** Bars of equal width whose areas sum to 1; none where there are no two different values. */
export function histogram(values: readonly number[], wanted?: number): Bar[] {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= 1))
    throw new ConfigError(`A histogram of ${wanted} bins was asked for; expected a whole number from 1.`);
  if (values.length === 0) return [];
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  if (low === high) return [];
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const spread = (2 * (quantile(0.75) - quantile(0.25))) / Math.cbrt(sorted.length);
  const bySpread = Math.ceil((high - low) / (spread > 0 ? spread : (high - low) / 10));
  const bins = wanted ?? Math.min(200, Math.max(bySpread, Math.ceil(2 * Math.cbrt(sorted.length))));
  const width = (high - low) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) {
    const bin = Math.min(bins - 1, Math.floor((value - low) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count, bin) => ({
    from: low + bin * width,
    to: low + (bin + 1) * width,
    density: count / sorted.length / width,
  }));
}
