// A grid of images as a labelled figure: the pixels as embedded PNGs, the labels as text.
import { ShapeError } from '../core/errors.js';
import { type Headings, headings } from './headings.js';
import type { ImageGrid } from './image-grid.js';
import { encodePng, type RawImage } from './raw-image.js';
import { element, escapeXml, fontSize, svgDocument, textWidth, truncated } from './svg.js';

/** What is written around the images. */
export interface GridLabels extends Headings {
  /** Left of the rows, one per row, such as the class that the row was conditioned on. */
  readonly rowLabels?: readonly string[];
  /** Above the columns, one per column, such as the step of an interpolation. */
  readonly columnLabels?: readonly string[];
  /** Below the images, one per image, cut off where they are wider than it. */
  readonly cellLabels?: readonly string[];
  /** Whether thin lines surround the images, which white ones need. Default false. */
  readonly frames?: boolean;
}

const gap = 6;
const cellLabelHeight = fontSize + gap;

/**
 * The grid as an SVG file, with labels. Pixels stay crisp at every zoom.
 *
 * @throws ShapeError where the labels are not as many as the rows, columns or images
 * @example await encodeSvgGrid(imageGrid(samples, { columns: 10 }), { rowLabels: ['shirt', 'bag'] })
 */
export async function encodeSvgGrid(grid: ImageGrid, labels: GridLabels = {}): Promise<string> {
  const { title, rowLabels = [], columnLabels = [], cellLabels = [], frames = false } = labels;
  const { rows, columns, cellWidth, cellHeight, padding } = grid;
  checkCount('row', rowLabels, [rows, rows]);
  checkCount('column', columnLabels, [columns, columns]);
  // The last row need not be full.
  checkCount('cell', cellLabels, [(rows - 1) * columns + 1, rows * columns]);
  const left =
    rowLabels.length === 0 ? 0 : Math.ceil(Math.max(...rowLabels.map((label) => textWidth(label)))) + 2 * gap;
  const above = headings(labels, left + padding);
  const top = above.height + (columnLabels.length === 0 ? 0 : fontSize + gap);
  const rowHeight = cellHeight + padding + (cellLabels.length === 0 ? 0 : cellLabelHeight);
  const width = Math.max(left + grid.width, above.width);
  const xOf = (column: number): number => left + padding + column * (cellWidth + padding);
  const yOf = (row: number): number => top + padding + row * rowHeight;

  const parts = [above.markup];
  const write = (text: string, x: number, y: number, anchor: 'middle' | 'end'): void => {
    parts.push(element('text', { x, y, 'text-anchor': anchor }, escapeXml(text)));
  };
  for (const [column, label] of columnLabels.entries())
    write(label, xOf(column) + cellWidth / 2, top - gap + 1, 'middle');
  for (const [row, label] of rowLabels.entries())
    write(label, left - gap, yOf(row) + cellHeight / 2 + fontSize * 0.36, 'end');
  for (const [cell, label] of cellLabels.entries()) {
    const [x, y] = [xOf(cell % columns) + cellWidth / 2, yOf(Math.floor(cell / columns)) + cellHeight + fontSize + 1];
    write(truncated(label, cellWidth + padding - 1), x, y, 'middle');
  }
  for (const [index, strip] of strips(grid, cellLabels.length > 0).entries()) {
    const png = Buffer.from(await encodePng(strip)).toString('base64');
    parts.push(
      element('image', {
        x: left,
        y: yOf(index) - padding,
        width: strip.width,
        height: strip.height,
        href: `data:image/png;base64,${png}`,
        style: 'image-rendering: pixelated',
      }),
    );
  }
  if (frames) {
    const cells = Array.from({ length: cellLabels.length || rows * columns }, (_, cell) => cell);
    const around = cells.map(
      (cell) =>
        `M${xOf(cell % columns) - 0.5},${yOf(Math.floor(cell / columns)) - 0.5}` +
        `h${cellWidth + 1}v${cellHeight + 1}h${-cellWidth - 1}Z`,
    );
    parts.push(element('path', { d: around.join(''), stroke: '#a6a6a6', 'stroke-width': 1, fill: 'none' }));
  }
  const height = yOf(rows - 1) + rowHeight;
  return svgDocument(width, height, title ?? 'Grid of images', parts.join('\n'));
}

/** The whole grid, or each of its rows where text stands between them. */
function strips(grid: ImageGrid, isApart: boolean): RawImage[] {
  const { width, channels, data, rows, cellHeight, padding } = grid;
  if (!isApart) return [grid];
  const rowBytes = width * channels;
  return Array.from({ length: rows }, (_, row) => {
    const start = row * (cellHeight + padding) * rowBytes;
    const height = cellHeight + 2 * padding;
    return { width, height, channels, data: data.subarray(start, start + height * rowBytes) };
  });
}

function checkCount(
  kind: string,
  labels: readonly string[],
  [least, most]: readonly [least: number, most: number],
): void {
  if (labels.length === 0 || (labels.length >= least && labels.length <= most)) return;
  throw new ShapeError(`Received ${labels.length} ${kind} labels for a grid of ${most} ${kind}s; expected one each.`);
}
