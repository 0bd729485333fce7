// Points in two dimensions, coloured by the group that each belongs to: rows by their codes and classes. Marks differ in colour and,
// where there are more groups than colours, in shape; the name of every group also stands in its middle.
import { ShapeError } from '../core/errors.js';
import { type Axis, fitAxis } from './axis.js';
import { headings } from './headings.js';
import { colourCount, seriesStroke } from './palette.js';
import { panel } from './panel.js';
import { element, escapeXml, fontSize, svgDocument, textWidth } from './svg.js';

/** Points and their groups. */
export interface ScatterPlot {
  /** Above everything. */
  readonly title?: string;
  readonly caption?: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** [N, 2]; points that are not finite are left out. */
  readonly points: ArrayLike<number>;
  /** The group of each point, as a number into `names`. Default: all are of one group without a name. */
  readonly groups?: ArrayLike<number>;
  readonly names?: readonly string[];
  /** In pixels; default 540. */
  readonly width?: number;
  /** In pixels; default 480. */
  readonly height?: number;
}

/** Up to so many points are drawn larger. */
const fewPoints = 600;
const legendHeight = 20;
const [markRoom, entryGap] = [14, 14];

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * The points as an SVG document.
 *
 * @throws ShapeError where there are no points, or points and groups do not go together
 * @example scatterPlot({ xLabel: 'z1', yLabel: 'z2', points: codes.data, groups: labels, names: ['cat', 'dog'] })
 */
export function scatterPlot(plot: ScatterPlot): string {
  const { title, caption, xLabel, yLabel, points, groups, names = [], width = 540, height = 480 } = plot;
  const count = points.length / 2;
  if (count < 1 || !Number.isInteger(count) || (groups !== undefined && groups.length !== count))
    throw new ShapeError(
      `Received ${points.length} coordinates of points and ${groups?.length ?? 'no'} groups; expected pairs, at least one, and a ` +
        'group for each.',
    );
  const places = Array.from({ length: count }, (_, i) => ({
    x: points[2 * i] ?? Number.NaN,
    y: points[2 * i + 1] ?? Number.NaN,
    group: groups?.[i] ?? 0,
  })).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (places.length === 0) throw new ShapeError(`None of the ${count} points is finite, so nothing can be drawn.`);
  const shown = { ...(title === undefined ? {} : { title }), ...(caption === undefined ? {} : { caption }) };
  const yLabelAt = fontSize + 4;
  const right = width - 16;
  const entries = legendRows(names, right - yLabelAt);
  const top = headings(shown, 0).height + 6 + entries.length * legendHeight;
  const bottom = height - 44;
  const axisOf = (values: readonly number[], pixels: readonly [number, number]): Axis =>
    fitAxis({ scale: 'linear', extent: extentOf(values), limits: undefined, pixels, ends: 'exact', tickCount: 6 });
  const y = axisOf(
    places.map((place) => place.y),
    [bottom, top],
  );
  const left = Math.round(yLabelAt + 18 + Math.max(...y.ticks.map(({ label }) => textWidth(label))));
  const x = axisOf(
    places.map((place) => place.x),
    [left, right],
  );
  const size = places.length <= fewPoints ? 3.4 : 2.4;
  const kinds = Math.max(1, names.length);
  const clouds = Array.from({ length: kinds }, (_, group) => places.filter((place) => place.group === group));
  const marks = clouds.map((cloud, group) => cloudOf(cloud, group, size, x, y));
  const drawn = panel({
    ...{ left, right, top, bottom, x, y, yLabel, yLabelAt, xLabel },
    curves: [],
    legendRows: [],
    content: [...marks, ...namesIn(clouds, names, x, y)].join(''),
  });
  const above = headings(shown, left);
  const legend = entries.map((row, index) => legendRow(row, left, above.height + index * legendHeight));
  return svgDocument(width, height, title ?? `${xLabel} and ${yLabel}`, [above.markup, ...legend, drawn].join('\n'));
}

/** Room around the points, as a share of their range. */
const margin = 0.04;

function extentOf(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const room = high > low ? margin * (high - low) : Math.max(1, Math.abs(low)) / 10;
  return [low - room, high + room];
}

/** All points of a group as one path: discs for the first groups, crosses once the colours are used up, then squares. */
function cloudOf(cloud: readonly Place[], group: number, size: number, x: Axis, y: Axis): string {
  const at = ({ x: px, y: py }: Place): string =>
    markAt(group, Number(x.position(px).toFixed(1)), Number(y.position(py).toFixed(1)), size);
  return cloud.length === 0 ? '' : markPath(group, cloud.map(at).join(''), size, 0.7);
}

function markAt(group: number, x: number, y: number, size: number): string {
  const shape = Math.floor(group / colourCount) % 3;
  if (shape === 0) return `M${x},${y}h0`;
  const half = size / 2;
  if (shape === 1) return `M${x - half},${y - half}l${size},${size}m0,${-size}l${-size},${size}`;
  return `M${x - half},${y - half}h${size}v${size}h${-size}z`;
}

function markPath(group: number, d: string, size: number, opacity: number): string {
  const { colour } = seriesStroke(group);
  const isDisc = Math.floor(group / colourCount) % 3 === 0;
  return element('path', {
    d,
    fill: 'none',
    stroke: colour,
    'stroke-opacity': opacity,
    'stroke-width': isDisc ? size : 1.1,
    'stroke-linecap': 'round',
  });
}

/** The name of each group in its middle, readable on any ground. */
function namesIn(clouds: readonly (readonly Place[])[], names: readonly string[], x: Axis, y: Axis): string[] {
  return clouds.flatMap((cloud, group) => {
    const name = names[group];
    if (name === undefined || cloud.length === 0) return [];
    const [px, py] = [medianOf(cloud.map((place) => place.x)), medianOf(cloud.map((place) => place.y))];
    return element(
      'text',
      {
        ...{ x: x.position(px), y: y.position(py) + fontSize * 0.36, 'text-anchor': 'middle', 'font-weight': 'bold' },
        ...{ stroke: '#ffffff', 'stroke-width': 3.5, 'stroke-linejoin': 'round', 'paint-order': 'stroke' },
      },
      escapeXml(name),
    );
  });
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

interface Entry {
  readonly name: string;
  readonly group: number;
  readonly width: number;
}

/** Groups in rows that are at most `width` pixels wide, as far as names allow. */
function legendRows(names: readonly string[], width: number): Entry[][] {
  const rows: Entry[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const [group, name] of names.entries()) {
    const needed = markRoom + textWidth(name) + entryGap;
    if (used + needed > width) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push({ name, group, width: needed });
    used += needed;
  }
  return rows;
}

function legendRow(row: readonly Entry[], left: number, top: number): string {
  let x = left + 4;
  return row
    .map(({ name, group, width }) => {
      const middle = top + legendHeight / 2;
      const mark = markPath(group, markAt(group, x, middle, 6), 6, 1);
      const text = element('text', { x: x + markRoom - 4, y: middle + fontSize * 0.36 }, escapeXml(name));
      x += width;
      return mark + text;
    })
    .join('');
}
