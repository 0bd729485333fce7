// Drawing one of several things by their probabilities.

/** The place where the running sum of probabilities passes a uniform number below 1, never one of probability 0; 0 where there are none. */
export function placeOf(probabilities: ArrayLike<number>, uniform: number): number {
  let sum = 0;
  let last = 0;
  for (let place = 0; place < probabilities.length; place++) {
    const probability = probabilities[place] ?? 0;
    if (probability === 0) continue;
    sum += probability;
    last = place;
    if (uniform < sum) break;
  }
  return last;
}
