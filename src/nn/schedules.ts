// Learning-rate schedules: functions of the number t of an update, counted from 1. t - 1 updates have been done by then, so every
// schedule starts exactly at its first value.
import { ConfigError } from '../core/errors.js';
import {
  add,
  cast,
  cos,
  divide,
  exp,
  floor,
  greaterEqual,
  minimum,
  multiply,
  power,
  subtract,
  where,
} from '../tensor/index.js';
import { scalar } from '../tensor/operators/source.js';
import type { Tensor } from '../tensor/tensor.js';
import { checkNumber } from './check.js';

/** The value for update `step`, a float32 scalar counted from 1. */
export type Schedule = (step: Tensor) => Tensor;

/** A number, or a function of the step. */
export type LearningRate = number | Schedule;

/** @throws ConfigError for a number that is not above 0 */
export function checkLearningRate(owner: string, rate: LearningRate): void {
  if (typeof rate !== 'function') checkNumber(owner, 'learningRate', rate, 'positive');
}

/** A learning rate's value at a step. @throws ConfigError for a number that is not above 0 */
export function learningRateAt(rate: LearningRate, step: Tensor, owner: string): Tensor {
  checkLearningRate(owner, rate);
  return typeof rate === 'number' ? scalar(rate) : rate(step);
}

/** The part of `steps` updates that lies behind update `step`, at most 1. */
function progress(step: Tensor, steps: number): Tensor {
  return minimum(divide(subtract(step, 1), steps), 1);
}

/** Options of a linear schedule. */
export interface LinearOptions {
  readonly from: number;
  readonly to: number;
  /** After how many updates `to` is reached, and kept. */
  readonly steps: number;
}

function linear({ from, to, steps }: LinearOptions): Schedule {
  checkNumber('schedules.linear', 'steps', steps, 'positiveInteger');
  return (step) => add(multiply(progress(step, steps), to - from), from);
}

/** Options of a cosine schedule. */
export interface CosineOptions {
  /** The highest value. */
  readonly peak: number;
  /** The value at the end, and from then on. Default 0. */
  readonly final?: number;
  /** All updates, the warm-up included. */
  readonly steps: number;
  /** Updates in which the value rises linearly to `peak`; update t has peak * t / warmupSteps. Default 0. */
  readonly warmupSteps?: number;
}

function cosine({ peak, final = 0, steps, warmupSteps = 0 }: CosineOptions): Schedule {
  checkNumber('schedules.cosine', 'steps', steps, 'positiveInteger');
  checkNumber('schedules.cosine', 'warmupSteps', warmupSteps, 'notNegative');
  if (warmupSteps >= steps)
    throw new ConfigError(
      `schedules.cosine: ${warmupSteps} of ${steps} steps are warm-up; it has to be fewer than all.`,
    );
  const decay: Schedule = (step) =>
    add(multiply(add(cos(multiply(progress(step, steps - warmupSteps), Math.PI)), 1), (peak - final) / 2), final);
  if (warmupSteps === 0) return decay;
  return (step) =>
    where(greaterEqual(step, warmupSteps + 1), decay(subtract(step, warmupSteps)), multiply(step, peak / warmupSteps));
}

/** Options of an exponential schedule. */
export interface ExponentialOptions {
  readonly initial: number;
  /** What the value is multiplied with in `steps` updates. */
  readonly factor: number;
  readonly steps: number;
}

function exponential({ initial, factor, steps }: ExponentialOptions): Schedule {
  checkNumber('schedules.exponential', 'factor', factor, 'positive');
  checkNumber('schedules.exponential', 'steps', steps, 'positiveInteger');
  return (step) => multiply(exp(multiply(subtract(step, 1), Math.log(factor) / steps)), initial);
}

/** Options of a schedule in steps. */
export interface StepwiseOptions {
  readonly initial: number;
  /** What the value is multiplied with each time. Default 0.1. */
  readonly factor?: number;
  /** After how many updates: every so many, or after each of these. */
  readonly after: number | readonly number[];
}

function stepwise({ initial, factor = 0.1, after }: StepwiseOptions): Schedule {
  checkNumber('schedules.stepwise', 'factor', factor, 'positive');
  for (const steps of typeof after === 'number' ? [after] : after)
    checkNumber('schedules.stepwise', 'after', steps, 'positiveInteger');
  const drops: Schedule =
    typeof after === 'number'
      ? (step) => floor(divide(subtract(step, 1), after))
      : (step) => after.reduce((count, steps) => add(count, cast(greaterEqual(step, steps + 1), 'float32')), scalar(0));
  return (step) => multiply(power(scalar(factor), drops(step)), initial);
}

/** A rate that rises linearly in its first `steps` updates: times t / steps at update t. */
function warmup(rate: LearningRate, steps: number): Schedule {
  checkNumber('schedules.warmup', 'steps', steps, 'positiveInteger');
  return (step) => multiply(learningRateAt(rate, step, 'schedules.warmup'), minimum(divide(step, steps), 1));
}

/**
 * All schedules. With k = t - 1 updates done before update t:
 * - `constant(value)`
 * - `linear`: from + (to - from) min(k / steps, 1)
 * - `cosine`: final + (peak - final) (1 + cos(pi k / steps)) / 2 after a linear warm-up (Loshchilov and Hutter 2017)
 * - `exponential`: initial * factor^(k / steps)
 * - `stepwise`: initial * factor^(number of drops so far)
 * - `warmup(rate, steps)`: any rate times min(t / steps, 1)
 *
 * @example adam({ learningRate: schedules.cosine({ peak: 2e-4, steps: 10_000, warmupSteps: 500 }) })
 */
export const schedules = {
  constant:
    (value: number): Schedule =>
    () =>
      scalar(value),
  linear,
  cosine,
  exponential,
  stepwise,
  warmup,
} as const;
