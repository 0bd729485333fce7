// The legend above a panel: a stroke and a name for each curve, in rows.
import type { Curve } from './curves.js';
import { element, escapeXml, fontSize, textWidth } from './svg.js';

/** The height of one row of a legend, in pixels. */
export const legendRowHeight = 18;

const strokeLength = 20;
const strokeGap = 6;
const entryGap = 18;

/** The curves in rows that are at most `width` pixels wide, as far as names allow. */
export function legendRows(curves: readonly Curve[], width: number): Curve[][] {
  const rows: Curve[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const curve of curves) {
    const needed = entryWidth(curve);
    if (used + needed > width) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(curve);
    used += needed + entryGap;
  }
  return rows;
}

function entryWidth(curve: Curve): number {
  return strokeLength + strokeGap + textWidth(curve.label);
}

/** The legend as SVG, its upper left corner at (left, top). */
export function legend(rows: readonly (readonly Curve[])[], left: number, top: number): string {
  const parts: string[] = [];
  for (const [row, curves] of rows.entries()) {
    const y = top + row * legendRowHeight + legendRowHeight / 2;
    let x = left;
    for (const curve of curves) {
      parts.push(
        element('path', {
          d: `M${x},${y}h${strokeLength}`,
          stroke: curve.colour,
          'stroke-width': 2,
          'stroke-dasharray': curve.dash,
          fill: 'none',
        }),
        element('text', { x: x + strokeLength + strokeGap, y: y + fontSize * 0.36 }, escapeXml(curve.label)),
      );
      x += entryWidth(curve) + entryGap;
    }
  }
  return parts.join('\n');
}
