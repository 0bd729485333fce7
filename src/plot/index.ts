// Sample grids, charts and animations: pure functions from numbers to bytes or SVG text; callers write the files.
export { type AnimationFormat, type AnimationOptions, animate } from './animation.js';
export type { AxisScale, Limits } from './axis.js';
export { type ChartPanel, chartPanels, type PanelChart } from './chart-panels.js';
export { type DensityChart, densityChart } from './density-chart.js';
export { type DensityMap, densityMap } from './density-map.js';
export type { Headings } from './headings.js';
export { type ImageBatch, type ImageGrid, type ImageGridOptions, imageGrid } from './image-grid.js';
export { type LineChart, lineChart } from './line-chart.js';
export { encodePng, type RawImage } from './raw-image.js';
export { type ScatterPlot, scatterPlot } from './scatter-plot.js';
export type { Series } from './series.js';
export { signedImages } from './signed-image.js';
export { encodeSvgGrid, type GridLabels } from './svg-grid.js';
export { type SvgToPngOptions, svgToPng } from './svg-to-png.js';
