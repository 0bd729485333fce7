// Densities in two dimensions: a heat map with the smallest regions that hold half, nine tenths and 99 hundredths of the
// probability, and the data on top.
import { contours } from 'd3-contour';
import { ConfigError, ShapeError } from '../core/errors.js';
import { type Axis, fitAxis } from './axis.js';
import { type Box, colourBar, shade } from './density-colours.js';
import { headings } from './headings.js';
import { panel } from './panel.js';
import { encodePng, type RawImage } from './raw-image.js';
import { element, fontSize, svgDocument, textWidth } from './svg.js';

/** A density on a grid, and data. */
export interface DensityMap {
  /** Above everything. */
  readonly title?: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** The ends of the grid: [lowest, highest] of x and of y. */
  readonly xLimits: readonly [number, number];
  readonly yLimits: readonly [number, number];
  /** Log-densities in nats at the middles of the cells, [rows, columns], the lowest y first. */
  readonly logDensity: ArrayLike<number>;
  /** How many cells a row of the grid has. */
  readonly columns: number;
  /** Points [N, 2] drawn on top. Default: none. */
  readonly points?: ArrayLike<number>;
  /** In pixels; default 540. */
  readonly width?: number;
  /** In pixels; default 440. */
  readonly height?: number;
}

/** The probabilities that the drawn regions hold. */
const regionShares = [0.5, 0.9, 0.99] as const;
/** Up to so many are drawn larger. */
const fewPoints = 400;
/** The most points drawn; more would hide the map. */
const mostPoints = 1500;
/** The room right of the map for the colour bar and its numbers, in pixels. */
const barRoom = 84;

/**
 * The map as an SVG document.
 *
 * @throws ShapeError where the grid or the points have the wrong size; ConfigError for limits that are no interval
 * @example await densityMap({ xLabel: 'x', yLabel: 'y', xLimits: [-3, 3], yLimits: [-3, 3], logDensity, columns: 100 })
 */
export async function densityMap(map: DensityMap): Promise<string> {
  const { title, xLabel, yLabel, xLimits, yLimits, columns, points = [], width = 540, height = 440 } = map;
  const density = Float64Array.from(map.logDensity, (value) => Math.exp(value));
  const rows = density.length / columns;
  if (!(Number.isInteger(columns) && columns >= 2 && Number.isInteger(rows) && rows >= 2) || density.some(Number.isNaN))
    throw new ShapeError(
      `Received ${density.length} log-densities in rows of ${columns}; expected a grid of at least 2 x 2 without NaN.`,
    );
  if (points.length % 2 !== 0) throw new ShapeError(`Received ${points.length} coordinates of points; expected pairs.`);
  const tickCount = 6;
  const bottom = height - 44;
  const shares = `lines: the smallest regions that hold ${regionShares.map((share) => `${share * 100} %`).join(', ')}`;
  const caption = points.length === 0 ? shares : `${shares}; dots: data`;
  const top = headings({ caption, ...(title === undefined ? {} : { title }) }, 0).height + 6;
  const yLabelAt = fontSize + 4;
  const fit = (limits: readonly [number, number], pixels: readonly [number, number]): Axis =>
    fitAxis({ scale: 'linear', extent: limits, limits, pixels, ends: 'exact', tickCount });
  const y = fit(yLimits, [bottom, top]);
  const left = Math.round(yLabelAt + 18 + Math.max(...y.ticks.map(({ label }) => textWidth(label))));
  const right = width - barRoom;
  const x = fit(xLimits, [left, right]);

  const largest = density.reduce((a, b) => Math.max(a, b), 0);
  if (!(largest > 0 && Number.isFinite(largest)))
    throw new ConfigError('The density is zero, or infinite, on the whole grid; choose limits around the data.');
  const picture = Buffer.from(await encodePng(colours(density, columns, largest)));
  const image = element('image', {
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    preserveAspectRatio: 'none',
    href: `data:image/png;base64,${picture.toString('base64')}`,
  });
  const drawn = panel({
    left,
    right,
    top,
    bottom,
    x,
    y,
    curves: [],
    content: [image, regions(density, columns, { left, right, top, bottom }), dots(points, x, y)].join(''),
    legendRows: [],
    yLabel,
    yLabelAt,
    xLabel,
  });
  const above = headings({ caption, ...(title === undefined ? {} : { title }) }, left);
  return svgDocument(
    width,
    height,
    title ?? `Density over ${xLabel} and ${yLabel}`,
    [above.markup, drawn, await colourBar(largest, { left: right + 18, right: right + 30, top, bottom })].join('\n'),
  );
}

/** The least width of the picture, in pixels; coarser grids are interpolated, so that their cells are not seen. */
const leastWidth = 400;

/** The picture, top row first: colours between the middles of cells follow from the four around. */
function colours(density: Float64Array, columns: number, largest: number): RawImage {
  const rows = density.length / columns;
  const factor = Math.ceil(leastWidth / columns);
  const [width, height] = [columns * factor, rows * factor];
  const share = Float64Array.from(density, (value) => Math.sqrt(value / largest));
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const [below, above, up] = neighbours(y, factor, rows);
    for (let x = 0; x < width; x++) {
      const [left, right, across] = neighbours(x, factor, columns);
      const at = (row: number): number => {
        const [from = 0, to = 0] = [share[row * columns + left], share[row * columns + right]];
        return from + across * (to - from);
      };
      const value = at(below) + up * (at(above) - at(below));
      data.set(shade(value), ((height - 1 - y) * width + x) * 3);
    }
  }
  return { width, height, channels: 3, data };
}

/** The cells before and after the middle of a pixel, and how far it is on the way between them. */
function neighbours(
  pixel: number,
  factor: number,
  cells: number,
): readonly [before: number, after: number, way: number] {
  const place = Math.min(Math.max((pixel + 0.5) / factor - 0.5, 0), cells - 1);
  const before = Math.min(Math.floor(place), cells - 2);
  return [before, before + 1, place - before];
}

/** The borders of the highest-density regions (Hyndman 1996). */
function regions(density: Float64Array, columns: number, { left, right, top, bottom }: Box): string {
  const rows = density.length / columns;
  const levels = regionLevels(density);
  const place = ([column, row]: readonly number[]): string =>
    `${(left + ((column ?? 0) / columns) * (right - left)).toFixed(1)},${(bottom - ((row ?? 0) / rows) * (bottom - top)).toFixed(1)}`;
  return contours()
    .size([columns, rows])
    .thresholds(levels)(Array.from(density))
    .map(({ coordinates }) => {
      const rings = coordinates.flatMap((polygon) => polygon.map((ring) => `M${ring.map(place).join('L')}Z`));
      return element('path', { d: rings.join(''), fill: 'none', stroke: '#b35806', 'stroke-width': 1.1 });
    })
    .join('');
}

/** For each share, the density above which that share of the grid's mass lies; ascending and distinct, as contours want them. */
export function regionLevels(density: Float64Array): number[] {
  const sorted = density.toSorted((a, b) => b - a);
  const total = sorted.reduce((a, b) => a + b, 0);
  const levels = regionShares.map((share) => {
    let mass = 0;
    return sorted.find((value) => {
      mass += value;
      return mass >= share * total;
    });
  });
  return [...new Set(levels.filter((level) => level !== undefined))].sort((a, b) => a - b);
}

function dots(points: ArrayLike<number>, x: Axis, y: Axis): string {
  const count = points.length / 2;
  const step = Math.max(1, Math.ceil(count / mostPoints));
  const marks: string[] = [];
  for (let i = 0; i < count; i += step) {
    const [px, py] = [x.position(points[2 * i] ?? Number.NaN), y.position(points[2 * i + 1] ?? Number.NaN)];
    if (Number.isFinite(px) && Number.isFinite(py)) marks.push(`M${px.toFixed(1)},${py.toFixed(1)}h0`);
  }
  return element('path', {
    d: marks.join(''),
    stroke: '#262626',
    'stroke-opacity': 0.55,
    'stroke-width': count <= fewPoints ? 3 : 2,
    'stroke-linecap': 'round',
  });
}
