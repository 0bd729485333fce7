// One panel of a chart: a frame of two thin axes, its curves, its legend.
import { line } from 'd3-shape';
import type { Axis } from './axis.js';
import type { Curve } from './curves.js';
import { legend, legendRowHeight } from './legend.js';
import { isDrawable, type Point, thin } from './series.js';
import { element, escapeXml, fontSize, ink } from './svg.js';

/** Where and what a panel draws. Pixels are those of the chart, counted from its upper left corner. */
export interface PanelPlan {
  readonly left: number;
  readonly right: number;
  /** The upper end of the plotting area; the legend stands above it. */
  readonly top: number;
  readonly bottom: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly curves: readonly Curve[];
  /** Markup drawn under the curves: bars, a heat map, points. */
  readonly content?: string;
  readonly legendRows: readonly (readonly Curve[])[];
  readonly yLabel: string;
  /** The distance of the vertical label from the left edge of the chart. */
  readonly yLabelAt: number;
  /** The label of the horizontal axis; undefined for a panel that leaves its ticks and label to one below. */
  readonly xLabel: string | undefined;
}

const gridColour = '#e4e4e4';
const tickLength = 4;

/** The panel as SVG. */
export function panel(plan: PanelPlan): string {
  return [grid(plan), clipped(plan, plan.content ?? ''), curves(plan), axes(plan), labels(plan)].join('\n');
}

function grid({ y, left, right }: PanelPlan): string {
  const lines = y.ticks.map(({ value }) => `M${left},${round(y.position(value))}H${right}`).join('');
  return element('path', { d: lines, stroke: gridColour, 'stroke-width': 0.75, fill: 'none' });
}

function axes({ x, y, left, right, top, bottom }: PanelPlan): string {
  const xAt = (value: number): number => round(x.position(value));
  const yAt = (value: number): number => round(y.position(value));
  const marks = [
    `M${left},${top}V${bottom}H${right}`,
    ...x.ticks.map(({ value }) => `M${xAt(value)},${bottom}v${tickLength}`),
    ...x.minorTicks.map((value) => `M${xAt(value)},${bottom}v${tickLength / 2}`),
    ...y.ticks.map(({ value }) => `M${left},${yAt(value)}h${-tickLength}`),
    ...y.minorTicks.map((value) => `M${left},${yAt(value)}h${-tickLength / 2}`),
  ];
  return element('path', { d: marks.join(''), stroke: ink, 'stroke-width': 0.75, fill: 'none' });
}

function labels(plan: PanelPlan): string {
  const { x, y, left, right, top, bottom, yLabel, yLabelAt, xLabel } = plan;
  const text = (attributes: Record<string, string | number>, content: string): string =>
    element('text', attributes, escapeXml(content));
  const middle = (top + bottom) / 2;
  const parts = [
    ...y.ticks.map(({ value, label }) =>
      text({ x: left - tickLength - 4, y: y.position(value) + fontSize * 0.36, 'text-anchor': 'end' }, label),
    ),
    text(
      { x: 0, y: 0, 'text-anchor': 'middle', transform: `translate(${yLabelAt} ${round(middle)}) rotate(-90)` },
      yLabel,
    ),
    legend(plan.legendRows, left, top - plan.legendRows.length * legendRowHeight - 4),
  ];
  if (xLabel !== undefined) {
    const tickLine = bottom + tickLength + fontSize + 2;
    parts.push(
      ...x.ticks.map(({ value, label }) => text({ x: x.position(value), y: tickLine, 'text-anchor': 'middle' }, label)),
      text({ x: (left + right) / 2, y: tickLine + fontSize + 7, 'text-anchor': 'middle' }, xLabel),
    );
  }
  if (plan.content === undefined && !plan.curves.some((curve) => curve.raw.some(isDrawable)))
    parts.push(text({ x: (left + right) / 2, y: middle, 'text-anchor': 'middle', fill: '#767676' }, 'no data'));
  return parts.join('\n');
}

/** The curves, in a nested SVG that cuts off what limits leave outside; it needs no id, so charts can share a page. */
function curves({ x, y, curves, ...plan }: PanelPlan): string {
  const faint = curves.map(({ colour, dash, raw, smoothed }) =>
    smoothed === undefined
      ? ''
      : curve(raw, x, y, { stroke: colour, 'stroke-dasharray': dash, 'stroke-width': 1, 'stroke-opacity': 0.28 }),
  );
  const clear = curves.map(({ colour, dash, raw, smoothed = raw }) =>
    curve(smoothed, x, y, { stroke: colour, 'stroke-dasharray': dash, 'stroke-width': 1.6 }),
  );
  return clipped(plan, [...faint, ...clear].join('\n'));
}

/** Markup cut off at the plotting area, with room for half a stroke. */
function clipped(
  { left, right, top, bottom }: Pick<PanelPlan, 'left' | 'right' | 'top' | 'bottom'>,
  markup: string,
): string {
  if (markup === '') return '';
  const margin = 2;
  const box = {
    x: left - margin,
    y: top - margin,
    width: right - left + 2 * margin,
    height: bottom - top + 2 * margin,
  };
  return element(
    'svg',
    { ...box, viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`, overflow: 'hidden' },
    markup,
  );
}

function curve(points: readonly Point[], x: Axis, y: Axis, attributes: Record<string, string | number | undefined>) {
  const shown = thin(points);
  const path = line<Point>(
    (point) => x.position(point.x),
    (point) => y.position(point.y),
  )
    .defined(isDrawable)
    .digits(2);
  // A point between two gaps has no line to lie on: a round cap of its own makes it visible.
  const isAlone = (index: number): boolean =>
    [shown[index - 1], shown[index + 1]].every((neighbour) => neighbour === undefined || !isDrawable(neighbour));
  const dots = shown
    .filter((point, index) => isDrawable(point) && isAlone(index))
    .map((point) => `M${round(x.position(point.x))},${round(y.position(point.y))}h0`);
  const d = path(shown);
  return [
    d === null ? '' : element('path', { d, fill: 'none', 'stroke-linejoin': 'round', ...attributes }),
    dots.length === 0
      ? ''
      : element('path', {
          ...attributes,
          d: dots.join(''),
          fill: 'none',
          'stroke-dasharray': undefined,
          'stroke-linecap': 'round',
          'stroke-width': 4.5,
        }),
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
