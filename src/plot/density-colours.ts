// The colours of densities: white where there is none, darker towards the largest, by the square root, which shows tails as well as peaks.
import { fitAxis } from './axis.js';
import { encodePng } from './raw-image.js';
import { element, escapeXml, fontSize, ink } from './svg.js';

/** A rectangle in pixels of a figure. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** From white through light blue to dark blue: one hue, so that lightness alone orders the values, also in grey print. */
const stops = [
  [255, 255, 255],
  [222, 235, 247],
  [158, 202, 225],
  [66, 146, 198],
  [8, 69, 148],
] as const;

/** The colour [red, green, blue], 0 to 255, of the square root of a density as a share of the largest. */
export function shade(share: number): number[] {
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[index] ?? stops[0], stops[index + 1] ?? stops[0]];
  return from.map((value, channel) => Math.round(value + (place - index) * ((to[channel] ?? 0) - value)));
}

/** Which density a colour stands for, as SVG. */
export async function colourBar(largest: number, { left, right, top, bottom }: Box): Promise<string> {
  const steps = Math.max(1, Math.round(bottom - top));
  // The darkest row first.
  const pixels = Uint8Array.from(
    { length: 3 * steps },
    (_, i) => shade(1 - (Math.floor(i / 3) + 0.5) / steps)[i % 3] ?? 0,
  );
  const png = Buffer.from(await encodePng({ width: 1, height: steps, channels: 3, data: pixels })).toString('base64');
  const { ticks } = fitAxis({
    scale: 'linear',
    extent: [0, largest],
    limits: [0, largest],
    pixels: [0, 1],
    ends: 'exact',
    tickCount: 5,
  });
  const marks = ticks.map(({ value, label }) => {
    const y = bottom - Math.sqrt(value / largest) * (bottom - top);
    const text = element('text', { x: right + 7, y: y + fontSize * 0.36 }, escapeXml(label));
    return element('path', { d: `M${right},${y.toFixed(2)}h4`, stroke: ink, 'stroke-width': 0.75 }) + text;
  });
  const frame = { x: left, y: top, width: right - left, height: bottom - top };
  return [
    element('image', { ...frame, preserveAspectRatio: 'none', href: `data:image/png;base64,${png}` }),
    element('rect', { ...frame, fill: 'none', stroke: ink, 'stroke-width': 0.75 }),
    ...marks,
    element('text', { x: left, y: top - 8 }, 'density'),
  ].join('');
}
