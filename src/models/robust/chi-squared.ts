// The chi-squared distribution of k degrees of freedom: that of the squared distance of a row of k normal dimensions from their mean.
//
//   F(x) = P(k / 2, x / 2), P the regularised lower incomplete gamma function (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31)

/** P(X <= x) of k degrees of freedom, k a whole number from 1. */
export function chiSquaredCdf(x: number, k: number): number {
  if (!(x > 0)) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  const [a, half] = [k / 2, x / 2];
  const scale = Math.exp(a * Math.log(half) - half - logGammaOfHalf(k));
  return half < a + 1 ? scale * lowerSeries(a, half) : 1 - scale * upperFraction(a, half);
}

/** The x with P(X <= x) = probability, 0 <= probability <= 1; Infinity for 1. */
export function chiSquaredQuantile(probability: number, k: number): number {
  if (probability >= 1) return Number.POSITIVE_INFINITY;
  let [low, high] = [0, k];
  while (chiSquaredCdf(high, k) < probability) [low, high] = [high, 2 * high];
  for (;;) {
    const middle = (low + high) / 2;
    // No number is left between the two.
    if (middle <= low || middle >= high) return high;
    if (chiSquaredCdf(middle, k) < probability) low = middle;
    else high = middle;
  }
}

/** log Gamma(k / 2), exactly by its recurrence. */
function logGammaOfHalf(k: number): number {
  let [value, at] = k % 2 === 0 ? [0, 1] : [0.5 * Math.log(Math.PI), 0.5];
  for (; at < k / 2; at++) value += Math.log(at);
  return value;
}

/** sum_n x^n / (a (a + 1) ... (a + n)) */
function lowerSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - ...))), by the method of Lentz 1976. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; ; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    value *= c * d;
    if (Math.abs(c * d - 1) <= 2 * Number.EPSILON) return value;
  }
}
