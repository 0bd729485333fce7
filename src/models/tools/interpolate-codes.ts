// Ways between latent codes on the sphere where codes drawn from N(0, I) lie: straight lines would pass through codes that are never
// drawn, of much smaller norm (White 2016, Sampling Generative Networks).
//
//   ((1 - t) |a| + t |b|) (sin((1 - t) w) / sin w a / |a| + sin(t w) / sin w b / |b|),   cos w = a . b / |a| |b|
//
// Directions go along the great circle in equal angles, and norms from one to the other in equal steps, also where they differ much.
import { ConfigError, ShapeError } from '../../core/errors.js';
import type { Samples } from '../contract.js';

/**
 * Spherical ways from codes `a` to codes `b`, both [N, size]: [N * steps, size], way by way, ends included.
 *
 * @throws ShapeError for codes of different shapes, ConfigError for fewer than 2 steps
 * @example const rows = await model.decode(interpolateCodes(a, b, 8))
 */
export function interpolateCodes(a: Samples, b: Samples, steps: number): Samples {
  const [count = 0, size = 0] = a.shape;
  if (a.shape.length !== 2 || a.shape.join() !== b.shape.join())
    throw new ShapeError(
      `The codes of both ends have to be [N, size], as many of each; received [${a.shape.join(', ')}] and [${b.shape.join(', ')}].`,
    );
  if (!Number.isInteger(steps) || steps < 2)
    throw new ConfigError(`${steps} steps were asked for; it has to be a whole number from 2, ends included.`);
  const data = new Float32Array(count * steps * size);
  for (let way = 0; way < count; way++) {
    const from = a.data.subarray(way * size, (way + 1) * size);
    const to = b.data.subarray(way * size, (way + 1) * size);
    const norms = [Math.hypot(...from), Math.hypot(...to)] as const;
    const angle = angleBetween(from, to, norms);
    for (let step = 0; step < steps; step++) {
      const [first, second] = shares(angle, norms, step / (steps - 1));
      const start = (way * steps + step) * size;
      for (let i = 0; i < size; i++) data[start + i] = first * (from[i] ?? 0) + second * (to[i] ?? 0);
    }
  }
  return { data, shape: [count * steps, size] };
}

type Norms = readonly [from: number, to: number];

/** What each end counts; on a straight line where the codes have one direction, or opposite ones, or one of them is zero. */
function shares(angle: number, [from, to]: Norms, t: number): readonly [number, number] {
  const sine = Math.sin(angle);
  if (sine < 1e-6) return [1 - t, t];
  const norm = (1 - t) * from + t * to;
  return [(norm * Math.sin((1 - t) * angle)) / (sine * from), (norm * Math.sin(t * angle)) / (sine * to)];
}

function angleBetween(a: Float32Array, b: Float32Array, [from, to]: Norms): number {
  const dot = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return from * to === 0 ? 0 : Math.acos(Math.max(-1, Math.min(1, dot / (from * to))));
}
