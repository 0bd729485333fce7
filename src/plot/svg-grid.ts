// A grid of images as a labelled figure: the pixels as an embedded PNG, the labels as text.
import { ShapeError } from '../core/errors.js';
import type { ImageGrid } from './image-grid.js';
import { encodePng } from './raw-image.js';
import { element, escapeXml, fontSize, svgDocument, textWidth } from './svg.js';

/** What is written around the images. */
export interface GridLabels {
  /** Above everything. */
  readonly title?: string;
  /** Left of the rows, one per row, such as the class that the row was conditioned on. */
  readonly rowLabels?: readonly string[];
  /** Above the columns, one per column, such as the step of an interpolation. */
  readonly columnLabels?: readonly string[];
}

/**
 * The grid as an SVG file, with labels. Pixels stay crisp at every zoom.
 *
 * @throws ShapeError where the labels are not as many as the rows or columns
 * @example await encodeSvgGrid(imageGrid(samples, { columns: 10 }), { rowLabels: ['shirt', 'bag'] })
 */
export async function encodeSvgGrid(grid: ImageGrid, labels: GridLabels = {}): Promise<string> {
  const { title, rowLabels = [], columnLabels = [] } = labels;
  checkCount('row', rowLabels, grid.rows);
  checkCount('column', columnLabels, grid.columns);
  const gap = 6;
  const titleSize = fontSize + 2;
  const left =
    rowLabels.length === 0 ? 0 : Math.ceil(Math.max(...rowLabels.map((label) => textWidth(label)))) + 2 * gap;
  const titleHeight = title === undefined ? 0 : titleSize + 2 * gap;
  const top = titleHeight + (columnLabels.length === 0 ? 0 : fontSize + gap);
  const width = Math.max(
    left + grid.width,
    title === undefined ? 0 : left + Math.ceil(textWidth(title, titleSize)) + gap,
  );

  const parts: string[] = [];
  if (title !== undefined)
    parts.push(
      element(
        'text',
        { x: left + grid.padding, y: gap + titleSize - 2, 'font-size': titleSize, 'font-weight': 'bold' },
        escapeXml(title),
      ),
    );
  for (const [column, label] of columnLabels.entries()) {
    const x = left + grid.padding + column * (grid.cellWidth + grid.padding) + grid.cellWidth / 2;
    parts.push(element('text', { x, y: top - gap + 1, 'text-anchor': 'middle' }, escapeXml(label)));
  }
  for (const [row, label] of rowLabels.entries()) {
    const y = top + grid.padding + row * (grid.cellHeight + grid.padding) + grid.cellHeight / 2 + fontSize * 0.36;
    parts.push(element('text', { x: left - gap, y, 'text-anchor': 'end' }, escapeXml(label)));
  }
  const png = Buffer.from(await encodePng(grid)).toString('base64');
  parts.push(
    element('image', {
      x: left,
      y: top,
      width: grid.width,
      height: grid.height,
      href: `data:image/png;base64,${png}`,
      style: 'image-rendering: pixelated',
    }),
  );
  return svgDocument(width, top + grid.height, title ?? 'Grid of images', parts.join('\n'));
}

function checkCount(kind: string, labels: readonly string[], expected: number): void {
  if (labels.length === 0 || labels.length === expected) return;
  throw new ShapeError(
    `Received ${labels.length} ${kind} labels for a grid of ${expected} ${kind}s; expected one each.`,
  );
}
