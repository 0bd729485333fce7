// Squared distances of rows to several centres, each dimension weighted by its precision.

/** sum_i p_yi (x_i - centre_yi)^2 for rows x [count, D], centres and precisions p [centres, D], as [count, centres]. */
export function squaredDistances(
  x: Float64Array,
  count: number,
  centres: Float64Array,
  precisions: Float64Array,
): Float64Array<ArrayBuffer> {
  const size = x.length / count;
  const number = centres.length / size;
  const result = new Float64Array(count * number);
  const fours = count - (count % 4);
  // Four rows at a time are four sums that do not wait for each other: more than twice as fast.
  for (let row = 0; row < fours; row += 4) {
    const [start1, start2, start3, start4] = [row * size, (row + 1) * size, (row + 2) * size, (row + 3) * size];
    for (let y = 0; y < number; y++) {
      const base = y * size;
      let [sum1, sum2, sum3, sum4] = [0, 0, 0, 0];
      for (let i = 0; i < size; i++) {
        const centre = centres[base + i]!;
        const precision = precisions[base + i]!;
        const d1 = x[start1 + i]! - centre;
        const d2 = x[start2 + i]! - centre;
        const d3 = x[start3 + i]! - centre;
        const d4 = x[start4 + i]! - centre;
        sum1 += precision * d1 * d1;
        sum2 += precision * d2 * d2;
        sum3 += precision * d3 * d3;
        sum4 += precision * d4 * d4;
      }
      result[row * number + y] = sum1;
      result[(row + 1) * number + y] = sum2;
      result[(row + 2) * number + y] = sum3;
      result[(row + 3) * number + y] = sum4;
    }
  }
  for (let row = fours; row < count; row++)
    for (let y = 0; y < number; y++) {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        const deviation = x[row * size + i]! - centres[y * size + i]!;
        sum += precisions[y * size + i]! * deviation * deviation;
      }
      result[row * number + y] = sum;
    }
  return result;
}
