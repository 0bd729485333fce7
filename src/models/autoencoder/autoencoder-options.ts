// Options of the autoencoder.
import { z } from 'zod';
import { coderFields } from './coder-networks.js';

/** The options with their defaults and meanings. */
export const autoencoderSchema = z.object({
  ...coderFields,
  loss: z
    .enum(['squared-error', 'cross-entropy'])
    .default('squared-error')
    .describe('what reconstructions are judged by; cross-entropy is for numbers in [0, 1]'),
  corruption: z
    .enum(['none', 'gaussian', 'masking'])
    .default('none')
    .describe('denoising: what is done to rows before they are encoded; noise is added, or numbers are set to 0'),
  corruptionLevel: z
    .number()
    .min(0)
    .default(0.3)
    .describe('the standard deviation of the noise, or the share of the numbers set to 0'),
  sparsity: z
    .enum(['none', 'l1', 'kl'])
    .default('none')
    .describe('of the code: l1 penalises absolute values; kl keeps codes in (0, 1) with means near sparsityTarget'),
  sparsityWeight: z.number().min(0).default(0.1).describe('what the sparsity of the code counts in the loss'),
  sparsityTarget: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.05)
    .describe('kl: the mean that each number of the code should have'),
  prior: z
    .enum(['standard-normal', 'gaussian', 'mixture'])
    .default('gaussian')
    .describe('what new codes are drawn from; gaussian and mixture are fitted to the codes after training'),
  priorComponents: z.int().positive().default(10).describe('mixture: how many Gaussians'),
  learningRate: z.number().positive().default(1e-3).describe("adam's step size"),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('share of the weights, times the step size, taken away in every step: what an L2 penalty is for'),
});

/** Options of an autoencoder, defaults filled in. */
export type AutoencoderConfig = z.output<typeof autoencoderSchema>;

/** Options as they are given. */
export type AutoencoderOptions = z.input<typeof autoencoderSchema>;
