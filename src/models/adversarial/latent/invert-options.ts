// How long, how often and how freely codes are searched for.
import { ConfigError } from '../../../core/errors.js';

/** How to find the codes of rows. */
export interface InvertOptions {
  /** Steps of Adam from each start; its step size falls to zero over them. Default 200. */
  readonly steps?: number;
  /** The largest step size. Default 0.1. */
  readonly learningRate?: number;
  /** Starts for each row, of which the best result is kept. Default 4. */
  readonly restarts?: number;
  /** Decides the codes that are tried as starts. Default 0. */
  readonly seed?: number;
  /**
   * What |z|^2 counts in the sum that is minimised: the variance of the noise that a number of a row is taken to have about G(z), so that the
   * code found is the most probable one given the row. 0 leaves the prior out. Default 0.001.
   */
  readonly priorWeight?: number;
  /** Every number of a code's noise is kept in [-truncation, truncation]. Default: the prior alone keeps codes small. */
  readonly truncation?: number;
  readonly signal?: AbortSignal;
  /** Called with the rows done so far. */
  readonly onProgress?: (done: number, rows: number) => void;
}

/** Options with every default filled in. */
export interface SearchRules {
  readonly steps: number;
  readonly learningRate: number;
  readonly restarts: number;
  readonly seed: number;
  readonly priorWeight: number;
  readonly truncation: number;
}

/** Codes that are tried as starts of every row; the nearest few are taken. */
export const candidates = 512;

/** The rules that options ask for. @throws ConfigError for numbers out of range, naming the option */
export function searchRules(kind: string, options: InvertOptions = {}): SearchRules {
  const { steps = 200, learningRate = 0.1, restarts = 4, seed = 0, priorWeight = 0.001 } = options;
  const { truncation = Number.POSITIVE_INFINITY } = options;
  const refuse = (name: string, value: number, expected: string): void => {
    throw new ConfigError(`${kind}: ${name} is ${value}; it has to be ${expected}.`);
  };
  if (!Number.isInteger(steps) || steps < 1) refuse('steps', steps, 'a whole number from 1');
  if (!(Number.isFinite(learningRate) && learningRate > 0))
    refuse('learningRate', learningRate, 'a number above 0, such as 0.1');
  if (!Number.isInteger(restarts) || restarts < 1 || restarts > mostRestarts)
    refuse('restarts', restarts, `a whole number from 1 to ${mostRestarts}`);
  if (!(Number.isFinite(priorWeight) && priorWeight >= 0)) refuse('priorWeight', priorWeight, 'a number from 0');
  if (!(truncation > 0)) refuse('truncation', truncation, 'a number above 0, such as 2');
  return { steps, learningRate, restarts, seed, priorWeight, truncation };
}

/** All starts of a row are searched from together. */
export const mostRestarts = 64;
