// How a tour shares its time: every stage gets its share of what is left, so that what an earlier stage took too long is made up for by
// all later ones, and what it left over is theirs.

/** What a stage may take. */
export interface StageTime {
  /** For everything: training, judging, drawing. */
  readonly seconds: number;
  /** Of these, for training. */
  readonly trainingSeconds: number;
}

/** Training may fill only this share of its time: compiling, drawing and saving take the rest. */
const trainingFill = 0.9;
/** Training gets at least this share of a stage's time, however long judging took before. */
const leastTraining = 0.4;

/**
 * The time of the next stage.
 *
 * @param left seconds left of the whole tour
 * @param shares of the next stage and those after it, in order
 * @param judgingSeconds what judging a model is expected to take, such as the longest so far
 * @example stageTime(300, [1, 2], 10)   // { seconds: 100, trainingSeconds: 81 }
 */
export function stageTime(left: number, shares: readonly number[], judgingSeconds: number): StageTime {
  const [share = 0] = shares;
  const seconds = (Math.max(0, left) * share) / shares.reduce((sum, one) => sum + one, 0);
  return { seconds, trainingSeconds: Math.max(seconds - judgingSeconds, seconds * leastTraining) * trainingFill };
}
