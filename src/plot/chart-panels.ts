// Charts of one or more panels above each other on one horizontal axis: losses above D(x) and D(G(z)), bound above learning rate.
import { ConfigError } from '../core/errors.js';
import { type Axis, type AxisScale, fitAxis, type Limits } from './axis.js';
import { type Curve, extentOf, prepareCurves } from './curves.js';
import { legendRowHeight, legendRows } from './legend.js';
import { panel } from './panel.js';
import type { Series } from './series.js';
import { element, escapeXml, fontSize, svgDocument, textWidth } from './svg.js';

/** One panel: the curves that share a vertical axis. */
export interface ChartPanel {
  /** What the vertical axis shows, with its unit: 'loss (nats)'. */
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Default 'linear'. On 'log', values at or below 0 become gaps, and the legend counts them. */
  readonly yScale?: AxisScale;
  /** The ends of the vertical axis; default: round values around the data. */
  readonly yLimits?: Limits;
  /** Weight of the past in a moving average drawn over the faint raw curve, in [0, 1); default 0, none. */
  readonly smoothing?: number;
}

/** A whole chart. */
export interface PanelChart {
  readonly title?: string;
  /** What the common horizontal axis shows, with its unit. */
  readonly xLabel: string;
  /** Default 'linear'. */
  readonly xScale?: AxisScale;
  /** From top to bottom. */
  readonly panels: readonly ChartPanel[];
  /** In pixels; default 560. */
  readonly width?: number;
  /** In pixels; default: 190 per panel, and 130 for title, legend and axis. */
  readonly height?: number;
}

/**
 * A chart of panels above each other as an SVG document: white ground, thin axes, colours that the colour-blind can tell apart.
 *
 * @throws ShapeError for a series whose x and y differ in length
 * @throws ConfigError for no panel, a size that leaves no room, limits or a smoothing out of range
 * @example chartPanels({ xLabel: 'step', panels: [{ yLabel: 'loss', series: losses }, { yLabel: 'D', series: scores }] })
 */
export function chartPanels(chart: PanelChart): string {
  const { title, xLabel, xScale = 'linear', panels } = chart;
  if (panels.length === 0) throw new ConfigError('Received a chart without panels; expected at least one.');
  const { width = 560, height = 130 + 190 * panels.length } = chart;
  const prepared = panels.map((one) => prepare(one, xScale));

  const titleSize = fontSize + 2;
  const top = title === undefined ? 10 : titleSize + 18;
  const axisHeight = 44;
  const panelHeight = (height - top - axisHeight) / panels.length;
  // The tick labels of all panels stand in one column, so that the axes below each other line up.
  const provisional = prepared.map(({ fit }) => fit([panelHeight, 0]));
  const tickWidth = Math.max(...provisional.flatMap(({ ticks }) => ticks.map(({ label }) => textWidth(label))));
  const yLabelAt = fontSize + 4;
  const left = Math.round(yLabelAt + 10 + tickWidth + 8);
  const right = width - 26;
  const x = fitAxis({
    scale: xScale,
    extent: extentOf(
      prepared.flatMap(({ curves }) => curves),
      'x',
    ),
    limits: undefined,
    pixels: [left, right],
    ends: 'exact',
    tickCount: Math.max(2, Math.floor((right - left) / 75)),
  });

  const drawn = prepared.map(({ curves, fit, yLabel, hasLegend }, index) => {
    const isLast = index === panels.length - 1;
    const rows = hasLegend ? legendRows(curves, right - left) : [];
    const plotTop = Math.round(top + index * panelHeight + rows.length * legendRowHeight + 6);
    const bottom = Math.round(top + (index + 1) * panelHeight - (isLast ? 0 : 14));
    if (!(bottom - plotTop >= 40 && right - left >= 80))
      throw new ConfigError(
        `A chart of ${width} x ${height} pixels leaves ${right - left} x ${bottom - plotTop} for a panel; ` +
          'expected at least 80 x 40: make the chart larger, or its names shorter.',
      );
    return panel({
      left,
      right,
      top: plotTop,
      bottom,
      x,
      y: fit([bottom, plotTop]),
      curves,
      legendRows: rows,
      yLabel,
      yLabelAt,
      xLabel: isLast ? xLabel : undefined,
    });
  });
  const heading =
    title === undefined
      ? ''
      : element('text', { x: left, y: titleSize + 8, 'font-size': titleSize, 'font-weight': 'bold' }, escapeXml(title));
  const name = title ?? `${panels.map(({ yLabel }) => yLabel).join(', ')} over ${xLabel}`;
  return svgDocument(width, height, name, [heading, ...drawn].join('\n'));
}

interface PreparedPanel {
  readonly yLabel: string;
  readonly curves: readonly Curve[];
  /** A lone curve that is named like its axis needs no legend. */
  readonly hasLegend: boolean;
  /** The vertical axis between two pixels. */
  fit(pixels: Limits): Axis;
}

function prepare(one: ChartPanel, xScale: AxisScale): PreparedPanel {
  const { yLabel, series, yScale = 'linear', yLimits, smoothing = 0 } = one;
  const curves = prepareCurves(series, { x: xScale, y: yScale }, smoothing);
  const extent = extentOf(curves, 'y');
  return {
    yLabel,
    curves,
    hasLegend: curves.length > 1 || curves.some(({ label }) => label !== yLabel),
    fit: (pixels) =>
      fitAxis({
        scale: yScale,
        extent,
        limits: yLimits,
        pixels,
        ends: 'round',
        tickCount: Math.max(2, Math.floor(Math.abs(pixels[0] - pixels[1]) / 38)),
      }),
  };
}
