// Monotonic splines of rational quadratics (Gregory and Delbourgo 1982; Durkan et al. 2019): inside [-bound, bound] a smooth increasing
// curve through the knots (x_k, z_k) with slopes d_k, outside z = x. In bin k, with q = (x - x_k) / w, w and h the bin's width and
// height, s = h / w, D = s + (d_(k+1) + d_k - 2 s) q (1 - q):
//
//   z = z_k + h (s q^2 + d_k q (1 - q)) / D
//   dz/dx = s^2 (d_(k+1) q^2 + 2 s q (1 - q) + d_k (1 - q)^2) / D^2
//
// The inverse solves a quadratic equation for q.
import { sumPerExample } from '../../nn/distributions/distribution.js';
import {
  abs,
  add,
  cast,
  clip,
  concat,
  cumulativeSum,
  divide,
  expandAxis,
  greaterEqual,
  less,
  log,
  multiply,
  negative,
  slice,
  softmax,
  softplus,
  sqrt,
  square,
  stack,
  subtract,
  sum,
  type Tensor,
  where,
} from '../../tensor/index.js';
import type { Transformer } from './coupling.js';

/** Bins are at least this share of the interval wide and high, and slopes at least this steep, so that the inverse stays exact. */
const least = 1e-3;
/** What is added before softplus so that a network of zeros makes slopes of 1. */
const unitSlope = Math.log(Math.exp(1 - least) - 1);

/** Splines of `bins` bins on [-bound, bound]; a network of zeros makes them the identity. */
export function splineTransformer(bins: number, bound: number): Transformer {
  return {
    size: 3 * bins - 1,
    forward(x, parameters) {
      const inside = less(abs(x), bound);
      const bin = binOf(clip(x, -bound, bound), parameters, bins, bound, 'x');
      const q = divide(subtract(clip(x, -bound, bound), bin.x), bin.width);
      const [value, logSlope] = curve(q, bin);
      return {
        value: where(inside, value, x),
        logDeterminant: sumPerExample(where(inside, logSlope, multiply(x, 0))),
      };
    },
    inverse(z, parameters) {
      const inside = less(abs(z), bound);
      const clipped = clip(z, -bound, bound);
      const bin = binOf(clipped, parameters, bins, bound, 'z');
      const rise = subtract(clipped, bin.z);
      const bend = subtract(add(bin.after, bin.before), multiply(bin.slope, 2));
      // a q^2 + b q + c = 0; the root in [0, 1], in the form without cancellation.
      const a = add(multiply(bin.height, subtract(bin.slope, bin.before)), multiply(rise, bend));
      const b = subtract(multiply(bin.height, bin.before), multiply(rise, bend));
      const c = negative(multiply(bin.slope, rise));
      const root = sqrt(clip(subtract(square(b), multiply(multiply(a, c), 4)), 0, Number.MAX_VALUE));
      const q = divide(multiply(c, 2), subtract(negative(b), root));
      return where(inside, add(bin.x, multiply(q, bin.width)), z);
    },
  };
}

/** One bin for every number. */
interface Bin {
  readonly x: Tensor;
  readonly z: Tensor;
  readonly width: Tensor;
  readonly height: Tensor;
  readonly slope: Tensor;
  /** The curve's slopes at the bin's ends. */
  readonly before: Tensor;
  readonly after: Tensor;
}

/** z and log dz/dx at the place q of a bin. */
function curve(q: Tensor, { z, height, slope, before, after }: Bin): readonly [Tensor, Tensor] {
  const rest = subtract(1, q);
  const mixed = multiply(q, rest);
  const denominator = add(slope, multiply(subtract(add(after, before), multiply(slope, 2)), mixed));
  const value = add(z, divide(multiply(height, add(multiply(slope, square(q)), multiply(before, mixed))), denominator));
  const numerator = add(
    add(multiply(after, square(q)), multiply(multiply(slope, mixed), 2)),
    multiply(before, square(rest)),
  );
  return [value, subtract(add(multiply(log(slope), 2), log(numerator)), multiply(log(denominator), 2))];
}

/** The bin in which each number lies, by its x or its z. */
function binOf(at: Tensor, parameters: (place: number) => Tensor, bins: number, bound: number, by: 'x' | 'z'): Bin {
  const along = (first: number, count: number): Tensor =>
    stack(
      Array.from({ length: count }, (_, k) => parameters(first + k)),
      -1,
    );
  const shares = (logits: Tensor): Tensor =>
    multiply(add(multiply(softmax(logits, -1), 1 - least * bins), least), 2 * bound);
  const [widths, heights] = [shares(along(0, bins)), shares(along(bins, bins))];
  const starts = (sizes: Tensor): Tensor => subtract(subtract(cumulativeSum(sizes, -1), sizes), bound);
  const [xs, zs] = [starts(widths), starts(heights)];
  const inner = add(softplus(add(along(2 * bins, bins - 1), unitSlope)), least);
  // A one in the place of the bin: where its start is reached and the next one's is not.
  const reached = cast(greaterEqual(expandAxis(at, -1), by === 'x' ? xs : zs), 'float32');
  const place = concatAfter(reached, bins);
  const pick = (values: Tensor): Tensor => sum(multiply(values, place), { axes: -1 });
  const [width, height] = [pick(widths), pick(heights)];
  // At the ends of the interval the slope is 1, as it is outside.
  const ofStarts = slice(place, -1, 1);
  const ofEnds = slice(place, -1, 0, bins - 1);
  const first = sum(slice(place, -1, 0, 1), { axes: -1 });
  const last = sum(slice(place, -1, bins - 1), { axes: -1 });
  return {
    x: pick(xs),
    z: pick(zs),
    width,
    height,
    slope: divide(height, width),
    before: add(sum(multiply(inner, ofStarts), { axes: -1 }), first),
    after: add(sum(multiply(inner, ofEnds), { axes: -1 }), last),
  };
}

/** Of a run of ones, the last one alone; the first place is always reached. */
function concatAfter(reached: Tensor, bins: number): Tensor {
  const flags = Array.from({ length: bins }, (_, k) => slice(reached, -1, k, k + 1));
  const isLast = flags.map((flag, k) => {
    const next = flags[k + 1];
    const own = k === 0 ? add(multiply(flag, 0), 1) : flag;
    return next === undefined ? own : subtract(own, next);
  });
  return concat(isLast, -1);
}
