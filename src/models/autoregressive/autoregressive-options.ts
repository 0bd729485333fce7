// Options that all autoregressive models share, and the optimiser that they describe.
import { z } from 'zod';
import { adam, adamW } from '../../nn/optimisers/adam.js';
import type { Optimiser } from '../../nn/optimisers/optimiser.js';
import { type LearningRate, schedules } from '../../nn/schedules.js';
import { weightsDecayed } from './weights-decayed.js';

/** The fields of every autoregressive model's schema. */
export const autoregressiveFields = {
  conditional: z
    .boolean()
    .default(false)
    .describe('whether the classes of labelled data are learnt too: p(x | y), and with it p(y | x)'),
  learningRate: z.number().positive().default(1e-3).describe("adam's step size"),
  decaySteps: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('steps in which the learning rate falls to 0 along a cosine; null: it stays'),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('the share of the weights taken away in every step, times the learning rate; biases are left alone'),
  ema: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('the model is an average of the weights that keeps this share a step, such as 0.999; 0: off'),
};

/** Which order numbers are taken in. */
export const orderField = z
  .enum(['raster', 'random'])
  .default('raster')
  .describe('the order of the numbers: raster as they stand in the row, or random');

/** What a random order is drawn by. */
export const orderSeedField = z.int().default(0).describe('what a random order is drawn by');

const schema = z.object(autoregressiveFields);

/** Options that every autoregressive model has, defaults filled in. */
export type AutoregressiveConfig = z.output<typeof schema>;

/** The optimiser that options describe. */
export function optimiserOf({ learningRate, decaySteps, weightDecay }: AutoregressiveConfig): Optimiser {
  const rate: LearningRate =
    decaySteps === null ? learningRate : schedules.cosine({ peak: learningRate, steps: decaySteps });
  const plain = adam({ learningRate: rate });
  return weightDecay === 0 ? plain : weightsDecayed(adamW({ learningRate: rate, weightDecay }), plain);
}

/** What to try when a training with these options diverges. */
export function remediesOf({ learningRate }: AutoregressiveConfig): string[] {
  const lower = Number(Math.min(1e-3, learningRate / 10).toPrecision(1));
  return [`lower learningRate from ${learningRate} to, say, ${lower}`, 'check that the data has no extreme values'];
}
