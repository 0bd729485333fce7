// A chart of one panel: curves over a common axis.
import type { AxisScale } from './axis.js';
import { type ChartPanel, chartPanels } from './chart-panels.js';

/** A chart of one panel. */
export interface LineChart extends ChartPanel {
  readonly title?: string;
  /** What the horizontal axis shows, with its unit. */
  readonly xLabel: string;
  /** Default 'linear'. */
  readonly xScale?: AxisScale;
  /** In pixels; default 560. */
  readonly width?: number;
  /** In pixels; default 320. */
  readonly height?: number;
}

/**
 * Curves as an SVG document fit for a paper. Values that are not finite leave gaps; curves of more than 2000 points are thinned
 * so that every peak stays.
 *
 * @throws ShapeError for a series whose x and y differ in length
 * @throws ConfigError for a size that leaves no room, limits or a smoothing out of range
 * @example lineChart({ xLabel: 'step', yLabel: 'loss', series: [{ name: 'generator', x: [0, 1], y: [0.9, 0.7] }] })
 */
export function lineChart(chart: LineChart): string {
  const { title, xLabel, xScale = 'linear', width = 560, height = 320, ...panel } = chart;
  return chartPanels({ ...(title === undefined ? {} : { title }), xLabel, xScale, width, height, panels: [panel] });
}
