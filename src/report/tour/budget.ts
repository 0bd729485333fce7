// How a tour shares its time: what judging the models to come is expected to take is held back, and every stage gets its share of the rest,
// so that what an earlier stage took too long is made up for by all later ones, and what it left over is theirs.
import type { TourStage } from './stage.js';

/** What a stage may take. */
export interface StageTime {
  /** For everything: training, judging, drawing. */
  readonly seconds: number;
  /** Of these, for training. */
  readonly trainingSeconds: number;
}

/** What the plan knows of a stage. */
export type PlannedStage = Pick<TourStage, 'share' | 'judging'>;

/** Training may fill only this share of its time: opening the data, drawing and saving take the rest. */
const trainingFill = 0.9;
/** Training gets at least this share of the time that is left, however long judging took before. */
const leastTraining = 0.4;
/** Seconds that judging a model is expected to take before one has been judged. */
const firstJudgingSeconds = 8;

/**
 * The time of the next stage.
 *
 * @param left seconds left of the whole tour
 * @param stages the next one and those after it, in order
 * @param judgingSeconds what judging a stage of weight 1 is expected to take
 * @example stageTime(300, [{ share: 1 }, { share: 2 }], 10)   // { seconds: 103.3, trainingSeconds: 84 }
 */
export function stageTime(left: number, stages: readonly PlannedStage[], judgingSeconds: number): StageTime {
  const [next = { share: 0 }] = stages;
  const time = Math.max(0, left);
  const judging = judgingSeconds * sum(stages.map(judgingWeight));
  const training = Math.max(time - judging, time * leastTraining);
  const seconds = (training * next.share) / sum(stages.map(({ share }) => share));
  return {
    seconds: seconds + ((time - training) * judgingWeight(next)) / sum(stages.map(judgingWeight)),
    trainingSeconds: seconds * trainingFill,
  };
}

/** What judging a stage of weight 1 is expected to take: the longest so far for its weight. */
export function expectedJudging(judged: readonly { readonly stage: PlannedStage; readonly seconds: number }[]): number {
  if (judged.length === 0) return firstJudgingSeconds;
  return Math.max(...judged.map(({ stage, seconds }) => seconds / judgingWeight(stage)));
}

function judgingWeight({ judging = 1 }: PlannedStage): number {
  return judging;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
