// The lines above a figure: its title, and below it how to read it.
import { element, escapeXml, fontSize, mutedInk, textWidth } from './svg.js';

/** What stands above a figure. */
export interface Headings {
  /** In bold. */
  readonly title?: string;
  /** Below the title: how to read the figure. */
  readonly caption?: string;
}

const gap = 6;
const titleSize = fontSize + 2;

/** The headings as SVG from the upper edge of the figure, and the room that they take, in pixels; none where there are none. */
export function headings(
  { title, caption }: Headings,
  left: number,
): { readonly markup: string; readonly width: number; readonly height: number } {
  const lines = [
    ...(title === undefined ? [] : [{ text: title, size: titleSize, style: { 'font-weight': 'bold' } }]),
    ...(caption === undefined ? [] : [{ text: caption, size: fontSize, style: { fill: mutedInk } }]),
  ];
  let bottom = gap;
  const markup = lines.map(({ text, size, style }) => {
    const line = element('text', { x: left, y: bottom + size - 2, 'font-size': size, ...style }, escapeXml(text));
    bottom += size + gap;
    return line;
  });
  return {
    markup: markup.join('\n'),
    width: Math.max(0, ...lines.map(({ text, size }) => left + Math.ceil(textWidth(text, size)) + gap)),
    height: lines.length === 0 ? 0 : bottom,
  };
}
