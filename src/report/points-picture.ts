// Rows of two numbers as dots in a square, without axes: what matters is the shape of the cloud, beside others in the same limits.
import type { Samples } from '../models/contract.js';

/** The ends of both axes. */
export interface PointLimits {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

const side = 320;
const radius = 1.6;

/** The limits of points, with room around them. */
export function limitsOf({ data }: Samples): PointLimits {
  const ends = (column: number): [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = column; i < data.length; i += 2) {
      const value = data[i] ?? 0;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const room = 0.15 * (high - low) || 1;
    return [low - room, high + room];
  };
  return { x: ends(0), y: ends(1) };
}

/** Points as an SVG document. Those outside the limits are not drawn; the title says how many. */
export function pointsPicture({ data }: Samples, { x, y }: PointLimits, what: string): string {
  const place = (value: number, [low, high]: readonly [number, number]): number =>
    (side * (value - low)) / (high - low);
  const dots: string[] = [];
  let outside = 0;
  for (let i = 0; i + 1 < data.length; i += 2) {
    const [left, top] = [place(data[i] ?? 0, x), side - place(data[i + 1] ?? 0, y)];
    if (left >= 0 && left <= side && top >= 0 && top <= side) dots.push(`M${left.toFixed(1)},${top.toFixed(1)}h0`);
    else outside += 1;
  }
  const title = `${data.length / 2} ${what}${outside === 0 ? '' : `, ${outside} of them outside the picture`}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}" role="img">` +
    `<title>${title}</title><rect width="${side}" height="${side}" fill="#ffffff"/>` +
    `<path d="${dots.join('')}" stroke="#0072b2" stroke-opacity="0.55" stroke-width="${2 * radius}" stroke-linecap="round" fill="none"/></svg>\n`
  );
}
