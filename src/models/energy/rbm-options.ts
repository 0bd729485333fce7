// The options of a restricted Boltzmann machine.
import { z } from 'zod';

/** The options with their defaults. */
export const rbmSchema = z.object({
  hiddenUnits: z.int().positive().default(500).describe('hidden units'),
  gibbsSteps: z.int().positive().max(1000).default(1).describe('k: steps of Gibbs sampling per training step'),
  persistent: z
    .boolean()
    .default(true)
    .describe('whether chains go on from step to step, or begin at the data each time (contrastive divergence)'),
  learningRate: z.number().positive().default(0.05).describe('step size at the start'),
  decaySteps: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('the step size falls to nothing on a line within this many steps; null: it stays'),
  momentum: z.number().min(0).lt(1).default(0.5).describe('share of the old velocity'),
  weightDecay: z.number().min(0).default(1e-4).describe('penalty of half the squared weights'),
  ema: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('the machine is an average of the weights that keeps this share a step, such as 0.999; 0: off'),
  samplingSteps: z.int().positive().default(1000).describe('steps of Gibbs sampling from noise to a sample'),
});

/** Options of a restricted Boltzmann machine, defaults filled in. */
export type RbmConfig = z.output<typeof rbmSchema>;
