// Options of the classifier.
import { z } from 'zod';

/** The options with their defaults and meanings. */
export const classifierSchema = z.object({
  network: z
    .enum(['dense', 'convolutional'])
    .default('dense')
    .describe('dense layers for rows of any shape, or convolutions for images'),
  hiddenLayers: z
    .array(z.int().positive())
    .nullable()
    .default(null)
    .describe('units of the dense hidden layers; null: [256, 128], or none after convolutions'),
  channels: z
    .array(z.int().positive())
    .min(1)
    .default([16, 32, 64])
    .describe('convolutional: channels at each resolution, which is half of the one before'),
  convolutions: z.int().positive().default(2).describe('convolutional: layers at each resolution'),
  kernel: z.int().min(2).max(9).default(3).describe('convolutional: height and width of the filters'),
  firstStride: z
    .int()
    .min(1)
    .max(4)
    .default(1)
    .describe('convolutional: pixels between the windows of the first layer; 2 makes all layers four times as fast'),
  pooling: z
    .enum(['average', 'none'])
    .default('average')
    .describe('convolutional: what dense layers see, the mean of every channel or all its places'),
  batchNorm: z.boolean().default(true).describe('whether hidden layers are normalised over the batch'),
  activation: z
    .enum(['relu', 'leakyRelu', 'elu', 'gelu', 'silu', 'tanh'])
    .default('relu')
    .describe('what hidden layers end in'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      'the probability that a number of a dense hidden layer, or of the pooled channels, is left out of a step',
    ),
  labelSmoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('the share of the probability that training asks to be spread over all classes'),
  learningRate: z.number().positive().default(2e-3).describe("adam's largest step size"),
  schedule: z
    .enum(['constant', 'cosine'])
    .default('cosine')
    .describe('of the step size over the training: kept, or lowered to 0 at its end'),
  warmUp: z
    .number()
    .min(0)
    .lt(1)
    .default(0.1)
    .describe('the share of the training in which the step size rises from 0; not for a constant one'),
  weightDecay: z
    .number()
    .min(0)
    .default(1e-2)
    .describe('share of the weights, times the step size, taken away in every step: what an L2 penalty is for'),
  ema: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('classify by the average of the weights, of which each step keeps this share; 0: by the last ones'),
});

/** Options of a classifier, defaults filled in. */
export type ClassifierConfig = z.output<typeof classifierSchema>;

/** Options as they are given. */
export type ClassifierOptions = z.input<typeof classifierSchema>;
