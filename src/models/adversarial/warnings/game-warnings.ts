// The table of ways in which games go wrong, and what to say about those that are seen.
import { discriminatorUndecided } from './discriminator-undecided.js';
import { discriminatorWins } from './discriminator-wins.js';
import type { Detector, Evidence } from './evidence.js';
import { modeCollapse } from './mode-collapse.js';
import { oscillatingLosses } from './oscillating-losses.js';
import { vanishingGradient } from './vanishing-gradient.js';

/** Every detector; one that says more comes before one that says less about the same. */
const detectors: readonly Detector[] = [
  modeCollapse,
  discriminatorWins,
  vanishingGradient,
  oscillatingLosses,
  discriminatorUndecided,
];

/** What was found. */
export interface GameWarning {
  /** Of the detector: `mode collapse`. */
  readonly name: string;
  /** What is wrong and what helps. */
  readonly text: string;
  /** Whether it means something only once the game has ended. */
  readonly isFinal: boolean;
}

/** Remedies named at most; more would not be read. */
const mostRemedies = 4;

/**
 * What looks wrong with a game, each with what helps, in the names of the options that its model has.
 *
 * @example gameWarnings({ history: report.history, looks: [], options: model.config })
 */
export function gameWarnings(evidence: Evidence): GameWarning[] {
  return detectors.flatMap(({ name, isFinal = false, detect, remedies }) => {
    const finding = detect(evidence);
    if (finding === undefined) return [];
    const { options } = evidence;
    const advice = remedies.flatMap((remedy) =>
      remedy.option in options ? (remedy.advice(options[remedy.option], options) ?? []) : [],
    );
    const helps = advice.slice(0, mostRemedies).join('; ');
    return [{ name, isFinal, text: helps === '' ? finding : `${finding} What helps: ${helps}.` }];
  });
}
