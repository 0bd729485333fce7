// Options that all adversarial models share, and the rules of the game that they describe.
import { z } from 'zod';
import { adam } from '../../nn/optimisers/adam.js';
import type { Optimiser } from '../../nn/optimisers/optimiser.js';
import { sgd } from '../../nn/optimisers/sgd.js';
import type { Game } from './game.js';

/** The fields of every adversarial model's schema. */
export const adversarialFields = {
  latentSize: z.int().positive().default(100).describe('numbers in a latent code'),
  discriminatorSteps: z
    .int()
    .positive()
    .max(100)
    .default(1)
    .describe('k: updates of the discriminator per update of the generator'),
  objective: z
    .enum(['minimax', 'non-saturating'])
    .default('non-saturating')
    .describe("the generator's loss: log(1 - D(G(z))), or -log D(G(z)) with stronger gradients early on"),
  labelSmoothing: z
    .number()
    .min(0)
    .lt(0.5)
    .default(0)
    .describe('the discriminator aims at 1 - this on data, so that it never gets too sure'),
  ema: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "samples come from an average of the generator's weights that keeps this share a step, such as 0.999; 0: off",
    ),
  optimiser: z.enum(['adam', 'sgd']).default('adam').describe('adam, or sgd with momentum as in the first GAN paper'),
  learningRate: z.number().positive().default(2e-4).describe('step size of both players'),
  discriminatorLearningRate: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("step size of the discriminator, where it shall differ from the generator's"),
  beta1: z.number().min(0).lt(1).default(0.5).describe("adam's share of the old mean gradient"),
  beta2: z.number().min(0).lt(1).default(0.999).describe("adam's share of the old mean square"),
  momentum: z.number().min(0).lt(1).default(0.5).describe("sgd's share of the old velocity"),
};

const schema = z.object(adversarialFields);

/** Options that every adversarial model has, defaults filled in. */
export type AdversarialConfig = z.output<typeof schema>;

/** The rules of the game that options describe. */
export type Rules = Pick<
  Game,
  | 'generatorOptimiser'
  | 'discriminatorOptimiser'
  | 'objective'
  | 'labelSmoothing'
  | 'discriminatorSteps'
  | 'ema'
  | 'remedies'
>;

/** The rules of a game with these options. */
export function rulesOf(config: AdversarialConfig): Rules {
  const { objective, labelSmoothing, discriminatorSteps, ema, learningRate, discriminatorLearningRate } = config;
  return {
    generatorOptimiser: optimiserWith(config, learningRate),
    discriminatorOptimiser: optimiserWith(config, discriminatorLearningRate ?? learningRate),
    objective,
    labelSmoothing,
    discriminatorSteps,
    ema,
    remedies: remediesFor(config),
  };
}

function optimiserWith({ optimiser, beta1, beta2, momentum }: AdversarialConfig, learningRate: number): Optimiser {
  return optimiser === 'adam' ? adam({ learningRate, beta1, beta2 }) : sgd({ learningRate, momentum });
}

/** What to try when a training with these options diverges. */
function remediesFor({ learningRate, optimiser }: AdversarialConfig): string[] {
  const lower = Math.min(2e-4, learningRate / 10);
  return [
    `lower learningRate from ${learningRate} to, say, ${Number(lower.toPrecision(1))}`,
    ...(optimiser === 'sgd' ? ['use the optimiser adam'] : []),
    'check that the data has no extreme values',
  ];
}
