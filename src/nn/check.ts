// Checks of the numbers in options, shared by layers, optimisers and schedules: one table of requirements, one message.
import { ConfigError } from '../core/errors.js';

const requirements = {
  positiveInteger: {
    text: 'a whole number from 1',
    holds: (value: number) => Number.isSafeInteger(value) && value >= 1,
  },
  integer: { text: 'a whole number', holds: Number.isSafeInteger },
  positive: { text: 'a number above 0', holds: (value: number) => Number.isFinite(value) && value > 0 },
  notNegative: { text: 'a number from 0', holds: (value: number) => Number.isFinite(value) && value >= 0 },
  belowOne: { text: 'a number from 0 to below 1', holds: (value: number) => value >= 0 && value < 1 },
  fraction: { text: 'a number from 0 to 1', holds: (value: number) => value >= 0 && value <= 1 },
} as const;

/** What an option's number has to be. */
export type Requirement = keyof typeof requirements;

/**
 * `value`, once it is known to meet the requirement.
 *
 * @throws ConfigError naming the owner, the option, what was received and what is needed
 * @example checkNumber('dense', 'units', units, 'positiveInteger')
 */
export function checkNumber(owner: string, option: string, value: number, requirement: Requirement): number {
  const { text, holds } = requirements[requirement];
  if (!holds(value)) throw new ConfigError(`${owner}: ${option} is ${value}; it has to be ${text}.`);
  return value;
}
