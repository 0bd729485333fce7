// The kernels of a density estimate: radial bumps K(|u|), their integrals over R^d, and how to draw from them, in any dimension d.
// With V the volume of the unit ball and d V its surface, the integral of K is d V times that of K(r) r^(d - 1) from 0 on.
import type { Random } from '../../runtime/random.js';
import {
  cast,
  cos,
  less,
  maximum,
  minimum,
  multiply,
  negative,
  sqrt,
  subtract,
  type Tensor,
} from '../../tensor/index.js';

/** A kernel as a function of |u|^2, where u is a difference over the bandwidth. */
export interface Kernel {
  /** Whether it is 0 from |u| = 1 on; then `profile` is K itself, otherwise log K. */
  readonly isCompact: boolean;
  readonly profile: (squared: Tensor) => Tensor;
  /** K as a function of |u|^2 below 1; only kernels that end there have one. */
  readonly near?: (squared: number) => number;
  /** log of the integral of K over R^d. */
  readonly logIntegral: (dimensions: number) => number;
  /** Draws |u|: density proportional to K(r) r^(d - 1). */
  readonly radius: (dimensions: number, stream: Random) => number;
}

/** Epanechnikov 1969; Silverman 1986, table 3.1 and section 4.2. */
export const kernels = {
  gaussian: {
    isCompact: false,
    profile: (squared) => multiply(squared, -0.5),
    logIntegral: (d) => (d / 2) * Math.log(2 * Math.PI),
    // |u|^2 / 2 is Gamma(d / 2): a sum of exponentials, and half the square of a normal number where d is odd.
    radius: (d, stream) => Math.sqrt(2 * (gamma(Math.floor(d / 2), stream) + (d % 2) * (halfNormal(stream) ** 2 / 2))),
  },
  tophat: {
    isCompact: true,
    profile: (squared) => cast(less(squared, 1), 'float64'),
    near: () => 1,
    logIntegral: logBallVolume,
    radius: (d, stream) => power(d, stream),
  },
  epanechnikov: {
    isCompact: true,
    profile: (squared) => maximum(subtract(1, squared), 0),
    near: (squared) => 1 - squared,
    logIntegral: (d) => logBallVolume(d) + Math.log(2 / (d + 2)),
    // r^2 is Beta(d / 2, 2), a product of powers of uniform numbers.
    radius: (d, stream) => Math.sqrt(power(d / 2, stream) * power(d / 2 + 1, stream)),
  },
  exponential: {
    isCompact: false,
    profile: (squared) => negative(sqrt(squared)),
    // d V (d - 1)!
    logIntegral: (d) => logBallVolume(d) + logFactorial(d),
    radius: gamma,
  },
  linear: {
    isCompact: true,
    profile: (squared) => maximum(subtract(1, sqrt(squared)), 0),
    near: (squared) => 1 - Math.sqrt(squared),
    logIntegral: (d) => logBallVolume(d) - Math.log(d + 1),
    radius: triangularRadius,
  },
  cosine: {
    isCompact: true,
    profile: (squared) => cos(multiply(minimum(sqrt(squared), 1), Math.PI / 2)),
    near: (squared) => Math.cos((Math.PI / 2) * Math.sqrt(squared)),
    logIntegral: (d) => logBallVolume(d) + Math.log(d) + Math.log(cosineMoment(d - 1)),
    // cos(pi r / 2) is at most pi / 2 times the linear kernel 1 - r.
    radius: (d, stream) => {
      for (;;) {
        const r = triangularRadius(d, stream);
        if (stream.next() * (Math.PI / 2) * (1 - r) <= Math.cos((Math.PI / 2) * r)) return r;
      }
    },
  },
} as const satisfies Readonly<Record<string, Kernel>>;

/** The name of a kernel. */
export type KernelName = keyof typeof kernels;

/** log of the volume of the unit ball, pi^(d / 2) / Gamma(d / 2 + 1). */
export function logBallVolume(dimensions: number): number {
  // V_d = V_{d - 2} 2 pi / d, from V_0 = 1 and V_1 = 2.
  let log = dimensions % 2 === 0 ? 0 : Math.log(2);
  for (let d = dimensions; d > 1; d -= 2) log += Math.log((2 * Math.PI) / d);
  return log;
}

function logFactorial(n: number): number {
  let log = 0;
  for (let i = 2; i <= n; i++) log += Math.log(i);
  return log;
}

/** The integral of cos(pi r / 2) r^n from 0 to 1, by the cosine's series. */
function cosineMoment(n: number): number {
  let total = 0;
  let term = 1;
  for (let k = 0; k < 20; k++) {
    total += term / (2 * k + n + 1);
    term *= -((Math.PI / 2) ** 2) / ((2 * k + 1) * (2 * k + 2));
  }
  return total;
}

/** U^(1 / a): density a r^(a - 1) on [0, 1). */
function power(a: number, stream: Random): number {
  return stream.next() ** (1 / a);
}

/** Beta(d, 2): density proportional to r^(d - 1) (1 - r). */
function triangularRadius(d: number, stream: Random): number {
  return power(d, stream) * power(d + 1, stream);
}

/** Gamma(n) for whole n: a sum of exponential numbers. */
function gamma(n: number, stream: Random): number {
  let total = 0;
  for (let i = 0; i < n; i++) total -= Math.log(1 - stream.next());
  return total;
}

function halfNormal(stream: Random): number {
  return Math.sqrt(-2 * Math.log(1 - stream.next())) * Math.cos((Math.PI / 2) * stream.next());
}
