// How many rows a patience allows. Round numbers, so that two evaluations on machines of about the same speed look at equally many.
const roundCounts = [10_000, 5_000, 2_000, 1_000, 500, 250, 100];

/** Rows looked at where they cost nothing. */
export const mostRows = 10_000;

/**
 * The largest round number of rows that can be had in some seconds, at least 100, at most `most`.
 *
 * @param secondsPerRow what a row takes, as measured
 */
export function affordableRows(secondsPerRow: number, seconds: number, most: number = mostRows): number {
  const affordable = roundCounts.find((count) => count * secondsPerRow <= seconds) ?? roundCounts.at(-1) ?? 1;
  return Math.min(most, affordable);
}
