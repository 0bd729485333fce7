// The optimisers that adversarial models offer, and their options.
import { z } from 'zod';
import { adam } from '../../nn/optimisers/adam.js';
import type { Optimiser } from '../../nn/optimisers/optimiser.js';
import { sgd } from '../../nn/optimisers/sgd.js';

/** Options shared by the adversarial models. */
export const optimiserFields = {
  optimiser: z.enum(['adam', 'sgd']).default('adam').describe('adam, or sgd with momentum as in the first GAN paper'),
  learningRate: z.number().positive().default(2e-4).describe('step size of both players'),
  beta1: z.number().min(0).lt(1).default(0.5).describe("Adam's share of the old mean gradient"),
  beta2: z.number().min(0).lt(1).default(0.999).describe("Adam's share of the old mean square"),
  momentum: z.number().min(0).lt(1).default(0.5).describe('momentum of sgd'),
};

const optimiserSchema = z.object(optimiserFields);

/** The optimiser that options ask for. */
export function optimiserOf({
  optimiser,
  learningRate,
  beta1,
  beta2,
  momentum,
}: z.output<typeof optimiserSchema>): Optimiser {
  return optimiser === 'adam' ? adam({ learningRate, beta1, beta2 }) : sgd({ learningRate, momentum });
}
