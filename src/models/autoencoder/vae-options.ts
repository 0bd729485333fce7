// Options of the variational autoencoder.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.js';
import { coderFields } from './coder-networks.js';

/** The options with their defaults and meanings. */
export const vaeSchema = z.object({
  ...coderFields,
  decoder: z
    .enum(['bernoulli', 'gaussian', 'discretised-logistic'])
    .default('bernoulli')
    .describe('p(x | z): for zeros and ones, for real numbers, or for pixels with 256 levels'),
  pixels: z
    .enum(['binary', 'probabilities', 'drawn'])
    .default('binary')
    .describe(
      'bernoulli: binary refuses all but 0 and 1; probabilities takes numbers between as probabilities of ones, which makes the bound ' +
        'no density of grey values; drawn trains on zeros and ones drawn with them anew in every step',
    ),
  variance: z
    .union([z.literal('learnt'), z.number().positive()])
    .default('learnt')
    .describe('gaussian: one variance for all numbers of a row, learnt or given'),
  conditional: z
    .boolean()
    .default(false)
    .describe("learn p(x | class) from the data's labels; then samples can be asked for by class"),
  beta: z.number().min(0).default(1).describe('weight of the divergence from the prior; 1 for the bound on log p(x)'),
  reconstructionWeight: z.number().min(0).default(1).describe('weight of -log p(x | z); 1 for the bound on log p(x)'),
  klWarmUp: z
    .union([z.number().min(0), z.strictObject({ steps: z.int().min(0) })])
    .default(1)
    .describe(
      'epochs, or { "steps": n }, in which beta rises from 0; without, the first steps may find that using no code is cheapest',
    ),
  freeBits: z
    .number()
    .min(0)
    .default(0)
    .describe('nats of divergence that each number of the code has for nothing: against codes that are never used'),
  importanceSamples: z
    .int()
    .positive()
    .default(1)
    .describe(
      'k: codes per row in training; 1 maximises the evidence lower bound, more the tighter importance-weighted one',
    ),
  sampling: z
    .enum(['auto', 'means', 'draws'])
    .default('auto')
    .describe(
      'what sample gives for a code: the mean of p(x | z), or a draw from it; auto: means of images, draws of other rows',
    ),
  learningRate: z.number().positive().default(1e-3).describe("adam's step size"),
  learningRateDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('epochs in which the step size falls to a hundredth along half a cosine; 0: it stays'),
  weightDecay: z
    .number()
    .min(0)
    .default(0)
    .describe('share of the weights, times the step size, taken away in every step'),
  clipNorm: z.number().positive().nullable().default(null).describe('the largest norm of the gradient; null: any'),
  ema: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('the model is an average of the weights that keeps this share a step, such as 0.999; 0: off'),
});

/** Options of a variational autoencoder, defaults filled in. */
export type VaeConfig = z.output<typeof vaeSchema>;

/** Options as they are given. */
export type VaeOptions = z.input<typeof vaeSchema>;

/** @throws ConfigError for options that contradict each other */
export function checkVae(config: VaeConfig): void {
  const { importanceSamples, freeBits, beta, reconstructionWeight, decoder, pixels } = config;
  if (importanceSamples > 1 && freeBits > 0)
    throw new ConfigError(
      `vae: freeBits ${freeBits} are about the divergence, which training with ${importanceSamples} importance samples does not ` +
        'have as a term of its own. Leave out freeBits or importanceSamples.',
    );
  if (beta === 0 && reconstructionWeight === 0)
    throw new ConfigError(
      'vae: beta and reconstructionWeight are both 0, so nothing would be learnt; raise one of them.',
    );
  if (decoder !== 'bernoulli' && pixels !== 'binary')
    throw new ConfigError(`vae: pixels "${pixels}" are about the decoder "bernoulli"; the decoder is "${decoder}".`);
}

/** How many steps beta rises in. */
export function warmUpSteps({ klWarmUp }: Pick<VaeConfig, 'klWarmUp'>, stepsPerEpoch: number): number {
  return typeof klWarmUp === 'number' ? Math.round(klWarmUp * stepsPerEpoch) : klWarmUp.steps;
}
