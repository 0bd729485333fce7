// What many measurements of one thing come to: the median, and the quartiles, between which half of them lie.

/** The middle of some numbers, and how far they spread. */
export interface Spread {
  readonly median: number;
  /** A quarter of the numbers lies below the first, a quarter above the second. */
  readonly quartiles: readonly [number, number];
}

/** The value below which a share of the numbers lies, between neighbours by linear interpolation; NaN of no numbers. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), quartiles: [quantile(values, 0.25), quantile(values, 0.75)] };
}

/** The spread of the quotients within each round, in which both sides saw the same weather. */
export function ratioSpread(theirs: readonly number[], ours: readonly number[]): Spread {
  return spread(theirs.map((time, round) => time / (ours[round] ?? Number.NaN)));
}
