// Sums of probabilities, and draws by them.

/** log sum exp, stable. */
export function logSumExp(values: Float64Array): number {
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (highest === Number.NEGATIVE_INFINITY) return highest;
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}

/** The place where the running sum of probabilities passes `at`. */
export function choose(probabilities: Float64Array, at: number): number {
  let sum = 0;
  let last = 0;
  for (const [place, probability] of probabilities.entries()) {
    if (probability === 0) continue;
    sum += probability;
    last = place;
    if (at < sum) return place;
  }
  return last;
}
