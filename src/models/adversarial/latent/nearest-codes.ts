// Where the search for a row's code begins: at those of many random codes that decode nearest to the row.
import type { Samples } from '../../contract.js';

/**
 * For each row [N, ...] the codes of the `count` nearest of the decoded candidates, nearest first: [N * count, size], row by row. It depends
 * on the row alone, not on those beside it.
 *
 * @param codes [M, size]
 * @param decoded [M, ...]: the candidates' rows
 */
export function nearestCodes(
  rows: Samples,
  codes: Samples,
  decoded: Samples,
  count: number,
): Float32Array<ArrayBuffer> {
  const [rowCount = 0] = rows.shape;
  const [candidates = 0, size = 0] = codes.shape;
  const width = decoded.data.length / candidates;
  const starts = new Float32Array(rowCount * count * size);
  const distances = new Float64Array(candidates);
  for (let row = 0; row < rowCount; row++) {
    for (let candidate = 0; candidate < candidates; candidate++) {
      let distance = 0;
      const [first, other] = [row * width, candidate * width];
      for (let i = 0; i < width; i++) distance += (rows.data[first + i]! - decoded.data[other + i]!) ** 2;
      distances[candidate] = distance;
    }
    const order = Array.from(distances.keys()).sort((a, b) => distances[a]! - distances[b]! || a - b);
    // With fewer candidates than starts, some begin at the same code.
    for (let start = 0; start < count; start++) {
      const code = order[start % candidates] ?? 0;
      starts.set(codes.data.subarray(code * size, (code + 1) * size), (row * count + start) * size);
    }
  }
  return starts;
}
