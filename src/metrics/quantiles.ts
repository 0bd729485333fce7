// Quantiles: of numbers that were found, and of the normal distribution that many values have.

/** The 97.5 % point of the standard normal distribution: 1.96 deviations either way hold 95 %. */
export const normalQuantile = 1.959963984540054;

/** The value below which a share of ascending values lies, linear between them (Hyndman and Fan 1996, definition 7; as numpy.quantile). */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)] ?? Number.NaN;
  const above = ascending[Math.ceil(place)] ?? Number.NaN;
  // Not computed between equal values: two infinities have no difference.
  return below === above ? below : below + (above - below) * (place - Math.floor(place));
}

/**
 * The value below which one more value of the same kind comes with this probability: linear between ascending values, the i-th of n at
 * i / (n + 1) (Hyndman and Fan 1996, definition 6; as numpy's 'weibull'). The ends for a probability beyond theirs.
 */
export function predictiveQuantile(ascending: ArrayLike<number>, probability: number): number {
  const { length } = ascending;
  const place = Math.min(length, Math.max(1, probability * (length + 1)));
  return quantile(ascending, length === 1 ? 0 : (place - 1) / (length - 1));
}
