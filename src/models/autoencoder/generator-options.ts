// Options of the generator network.
import { z } from 'zod';
import { coderFields } from './coder-networks.js';

/** The options with their defaults and meanings. */
export const generatorSchema = z.object({
  ...coderFields,
  network: z
    .enum(['dense', 'convolutional'])
    .default('convolutional')
    .describe('transposed convolutions for images, or dense layers for rows of any shape'),
  learnCodes: z
    .boolean()
    .default(false)
    .describe(
      "whether each row's code is learnt with the weights, inside the unit ball, or stays the random one that it began as",
    ),
  codeLearningRate: z.number().positive().default(0.01).describe("learnCodes: adam's step size for codes"),
  learningRate: z.number().positive().default(1e-3).describe("adam's step size for weights"),
});

/** Options of a generator network, defaults filled in. */
export type GeneratorNetworkConfig = z.output<typeof generatorSchema>;

/** Options as they are given. */
export type GeneratorNetworkOptions = z.input<typeof generatorSchema>;
