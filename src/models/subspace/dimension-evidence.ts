// How many components data has, by the evidence of probabilistic PCA with k of them (Minka 2000, Automatic Choice of Dimensionality for
// PCA, equations 30 and 80): Laplace's approximation to the likelihood of n rows with the model integrated out,
//
//   p(D | k) = p(U) (prod_{i <= k} l_i)^(-n/2) v^(-n (d - k) / 2) (2 pi)^((m + k) / 2) |A|^(-1/2) n^(-k/2)
//   p(U) = 2^-k prod_{i <= k} Gamma((d - i + 1) / 2) pi^(-(d - i + 1) / 2)          m = d k - k (k + 1) / 2
//   |A| = prod_{i <= k} prod_{j > i} (1/h_j - 1/h_i) (l_i - l_j) n          h = l, or v for those left out
//
// l are the variances along all d directions, v the mean of those left out.

/** Variances below this share of the largest are rounding. */
const rounding = 1e-15;

/** The log-evidence of k = 1 to d - 1 components, for all d variances in descending order and a number of rows. */
export function logEvidences(variances: Float64Array, rows: number): Float64Array {
  const d = variances.length;
  const least = rounding * (variances[0] ?? 0);
  const gammas = logGammasOfHalves(d);
  const total = variances.reduce((sum, value) => sum + value, 0);
  const evidences = new Float64Array(Math.max(0, d - 1)).fill(Number.NEGATIVE_INFINITY);
  // Sums over the components so far; equal variances differ by rounding.
  let [logSubspace, logVariances, logDifferences, logPrecisions, kept] = [0, 0, 0, 0, 0];
  for (let k = 1; k < d; k++) {
    const last = variances[k - 1]!;
    if (!(last > least)) break;
    kept += last;
    logSubspace += gammas[d - k + 1]! - (Math.log(Math.PI) * (d - k + 1)) / 2 - Math.log(2);
    logVariances += Math.log(last);
    for (let j = k; j < d; j++) logDifferences += Math.log(Math.max(least, last - variances[j]!));
    for (let i = 0; i < k - 1; i++) {
      const value = variances[i]!;
      logPrecisions += Math.log(Math.max(least, value - last) / (value * last));
    }
    const v = Math.max(least, (total - kept) / (d - k));
    let logLeftOut = 0;
    for (let i = 0; i < k; i++) logLeftOut += Math.log(Math.max(least, variances[i]! - v) / (variances[i]! * v));
    const m = d * k - (k * (k + 1)) / 2;
    const logCurvature = logDifferences + logPrecisions + (d - k) * logLeftOut + m * Math.log(rows);
    evidences[k - 1] =
      logSubspace -
      (rows / 2) * (logVariances + (d - k) * Math.log(v)) +
      ((m + k) / 2) * Math.log(2 * Math.PI) -
      logCurvature / 2 -
      (k / 2) * Math.log(rows);
  }
  return evidences;
}

/** The number of components of the largest evidence; 1 where there is a single direction. */
export function likeliestComponents(variances: Float64Array, rows: number): number {
  const evidences = logEvidences(variances, rows);
  return evidences.reduce((best, value, i) => (value > evidences[best]! ? i : best), 0) + 1;
}

/** log Gamma(i / 2) for i = 1 to `most`, at place i. */
function logGammasOfHalves(most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  logs[1] = Math.log(Math.PI) / 2;
  // Gamma(x + 1) = x Gamma(x), from Gamma(1/2) = sqrt(pi) and Gamma(1) = 1.
  for (let i = 3; i <= most; i++) logs[i] = logs[i - 2]! + Math.log(i / 2 - 1);
  return logs;
}
