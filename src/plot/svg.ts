// Writing SVG as text: elements, attributes, escaping. Output is a pure function of its input, so charts can be compared as strings.

/** Attributes of an element; numbers are written with at most two decimals, undefined ones are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** `text` as XML character data: markup escaped, characters that XML 1.0 forbids replaced by U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/**
 * One SVG element as text.
 *
 * @param children markup, already escaped
 * @example element('text', { x: 4, y: 12 }, escapeXml('p(x) < 1'))
 */
export function element(name: string, attributes: Attributes, children = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => (value === undefined ? '' : attribute(key, value)));
  return children === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${children}</${name}>`;
}

function attribute(key: string, value: string | number): string {
  return ` ${key}="${typeof value === 'number' ? Math.round(value * 100) / 100 : escapeXml(value)}"`;
}

/** A whole SVG document on a white ground, named `title` for assistive technology. */
export function svgDocument(width: number, height: number, title: string, children: string): string {
  const ground = element('rect', { width, height, fill: '#ffffff' });
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'font-family': fontFamily,
      'font-size': fontSize,
      fill: ink,
    },
    `${element('title', {}, escapeXml(title))}\n${ground}\n${children}\n`,
  );
}

/** The families asked for, first the one that `svgToPng` brings along. */
const fontFamily = 'DejaVu Sans Condensed, DejaVu Sans, Helvetica, Arial, sans-serif';

/** The size of ordinary text, in pixels. */
export const fontSize = 12;

/** The colour of text and axes. */
export const ink = '#262626';

/** The colour of text that matters less. */
export const mutedInk = '#595959';

/**
 * The width of `text` in pixels, estimated from classes of characters: there is no font to measure at this point, and layout
 * only needs room enough. Calibrated on DejaVu Sans Condensed, the widest of the families asked for.
 */
export function textWidth(text: string, size = fontSize): number {
  let ems = 0;
  for (const character of text) {
    const wide = (character.codePointAt(0) ?? 0) >= 0x2e80;
    if (wide) ems += 1;
    else if (/[ijl.,:;'|!I ]/.test(character)) ems += 0.31;
    else if (/[frt()[\]/\-⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/.test(character)) ems += 0.37;
    else if (/[mwMW@%−]/.test(character)) ems += 0.8;
    else if (/[A-Z]/.test(character)) ems += 0.64;
    else ems += 0.57;
  }
  return ems * size;
}

/** `text`, cut off with an ellipsis where it is wider than `width` pixels. */
export function truncated(text: string, width: number, size = fontSize): string {
  if (textWidth(text, size) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}
