// Ways between codes whose numbers are not all normal: along great circles where codes come from N(0, I), straight elsewhere.
import type { Samples } from '../../contract.js';
import { interpolateCodes } from '../../tools/interpolate-codes.js';

/**
 * From codes `a` to codes `b`, both [N, size], of which the first `noise` numbers are normal: [N * steps, size], way by way, ends included.
 *
 * @throws ShapeError for codes of different shapes, ConfigError for fewer than 2 steps
 */
export function waysBetween(a: Samples, b: Samples, steps: number, noise: number): Samples {
  const [, size = 0] = a.shape;
  const ways = interpolateCodes(a, b, steps);
  if (noise === size) return ways;
  const part = ({ data, shape: [count = 0] }: Samples): Samples => ({
    data: Float32Array.from({ length: count * noise }, (_, i) => data[Math.floor(i / noise) * size + (i % noise)] ?? 0),
    shape: [count, noise],
  });
  const { data } = interpolateCodes(part(a), part(b), steps);
  for (let i = 0; i < ways.data.length; i++) {
    const [row, number] = [Math.floor(i / size), i % size];
    const [way, share] = [Math.floor(row / steps), (row % steps) / (steps - 1)];
    const straight = (1 - share) * (a.data[way * size + number] ?? 0) + share * (b.data[way * size + number] ?? 0);
    ways.data[i] = number < noise ? (data[row * noise + number] ?? 0) : straight;
  }
  return ways;
}
