// The table of ways to condition.
import type { AdversarialConfig } from '../adversarial-options.js';
import { auxiliaryClassifier } from './auxiliary-classifier.js';
import { codes } from './codes.js';
import { concatenation } from './concatenation.js';
import type { Conditioning } from './conditioning.js';
import { projection } from './projection.js';
import { unconditional } from './unconditional.js';

/** How the players are told what a row is about, by name. */
export const conditionings = {
  none: unconditional,
  concatenation,
  'auxiliary-classifier': auxiliaryClassifier,
  projection,
  codes,
} as const satisfies Readonly<Record<string, (config: AdversarialConfig, classes: number) => Conditioning>>;

/** The name of a way to condition. */
export type ConditioningName = keyof typeof conditionings;

/** Those that need labels. */
export const labelConditionings: readonly ConditioningName[] = ['concatenation', 'auxiliary-classifier', 'projection'];
