// The options of all adversarial models: networks, objective, optimisers, what keeps the game stable, and what rows are told to be about.
// The named models are presets: the same options with other defaults.
import { z } from 'zod';

const networkFields = {
  latentSize: z
    .int()
    .positive()
    .default(100)
    .describe('numbers in a latent code; discovered codes come on top of them'),
  backbone: z
    .enum(['auto', 'dense', 'dcgan', 'residual'])
    .default('auto')
    .describe(
      'the networks: dense layers; strided convolutions, for images from 8x8; residual blocks as in SNGAN; auto: dcgan for such images, ' +
        'dense for all other rows',
    ),
  generatorLayers: z
    .array(z.int().positive())
    .default([256, 512, 1024])
    .describe("dense: units of the generator's hidden layers"),
  discriminatorLayers: z
    .array(z.int().positive())
    .default([1024, 512, 256])
    .describe("dense: units of the discriminator's hidden layers"),
  channels: z
    .int()
    .positive()
    .default(64)
    .describe(
      "channels at half the resolution, doubled with every further halving, up to eight times; residual: a quarter of the generator's, " +
        "half of the discriminator's",
    ),
  kernel: z.int().min(2).max(9).default(4).describe('dcgan: height and width of the filters'),
  upsampling: z
    .enum(['transposed', 'resize'])
    .default('transposed')
    .describe(
      'dcgan: transposed convolutions as in the paper, or nearest-neighbour resizing and a convolution, free of checkerboards',
    ),
  discriminatorNorm: z
    .enum(['auto', 'batch', 'layer', 'none'])
    .default('auto')
    .describe(
      "the discriminator's norms; auto: batch norm in dcgan, but layer norm beside a penalty and none beside spectral norms; none elsewhere",
    ),
};

const gameFields = {
  discriminatorSteps: z
    .int()
    .positive()
    .max(100)
    .default(1)
    .describe('k: updates of the discriminator per update of the generator'),
  objective: z
    .enum(['minimax', 'non-saturating', 'least-squares', 'wasserstein', 'hinge', 'relativistic-average'])
    .default('non-saturating')
    .describe(
      'what the players minimise; of the first two the generator log(1 - D(G(z))), or -log D(G(z)) with stronger gradients early on',
    ),
  unrolledSteps: z
    .int()
    .min(0)
    .max(20)
    .default(0)
    .describe(
      'updates of the discriminator that the generator looks ahead: its gradient passes through them, so that it learns what would follow',
    ),
  ema: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "samples come from an average of the generator's weights that keeps this share a step, such as 0.999; 0: off",
    ),
};

const optimiserFields = {
  optimiser: z
    .enum(['adam', 'sgd', 'rms-prop'])
    .default('adam')
    .describe('adam, sgd with momentum as in the first GAN paper, or rms-prop as in that of the Wasserstein GAN'),
  learningRate: z.number().positive().default(2e-4).describe('step size of both players'),
  discriminatorLearningRate: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("step size of the discriminator, where it shall differ from the generator's"),
  decaySteps: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe("both players' step sizes fall to nothing on a line within this many steps; null: they stay"),
  beta1: z.number().min(0).lt(1).default(0.5).describe("adam's share of the old mean gradient"),
  beta2: z.number().min(0).lt(1).default(0.999).describe("adam's share of the old mean square"),
  momentum: z.number().min(0).lt(1).default(0.5).describe("sgd's share of the old velocity"),
};

const stabiliserFields = {
  labelSmoothing: z
    .number()
    .min(0)
    .lt(0.5)
    .default(0)
    .describe('the discriminator aims at 1 - this on data, so that it never gets too sure'),
  clip: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("the discriminator's weights stay within this of 0, such as 0.01; null: wherever they like"),
  gradientPenalty: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "lambda: weight of (slope - 1)^2, the discriminator's slope between data and samples, such as 10; 0: off",
    ),
  r1: z
    .number()
    .min(0)
    .default(0)
    .describe("gamma: half of it weighs the discriminator's squared slope on data, such as 10; 0: off"),
  spectralNorm: z
    .boolean()
    .default(false)
    .describe("whether the discriminator's weights are divided by their largest singular values"),
  minibatchDeviation: z
    .boolean()
    .default(false)
    .describe(
      'whether the discriminator sees how much the rows of a batch differ: against a generator that draws few kinds',
    ),
  instanceNoise: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'deviation of the normal noise on what the discriminator sees, falling to 0 on a line; images are in [-1, 1]',
    ),
  instanceNoiseSteps: z.int().positive().default(10_000).describe('steps after which there is no more instance noise'),
  augmentation: z
    .array(z.enum(['colour', 'translation', 'cutout']))
    .default([])
    .describe(
      'random changes of all images that the discriminator sees, through which gradients pass, such as ["colour","translation","cutout"]: ' +
        'for few images',
    ),
  gradientNorms: z
    .boolean()
    .default(false)
    .describe("whether the norms of both players' gradients are reported, which costs a pass over all weights"),
};

const conditioningFields = {
  conditioning: z
    .enum(['none', 'concatenation', 'auxiliary-classifier', 'projection', 'codes'])
    .default('none')
    .describe(
      'what rows are told to be about: nothing; their class, beside the input, by a classifier or by a projection; or codes whose meaning ' +
        'is discovered',
    ),
  labelInput: z
    .enum(['concatenation', 'batch-norm'])
    .default('concatenation')
    .describe('how the generator is told a class: beside its code, or by the scales and offsets of its batch norms'),
  classWeight: z
    .number()
    .positive()
    .default(1)
    .describe("auxiliary-classifier: weight of the classifier's loss in that of both players"),
  categoricalCodes: z.array(z.int().min(2)).default([10]).describe('codes: how many values each categorical code has'),
  continuousCodes: z.int().min(0).default(2).describe('codes: how many continuous codes there are, uniform in [-1, 1]'),
  informationWeight: z
    .number()
    .positive()
    .default(1)
    .describe('codes: weight of the information that samples shall hold about the categorical codes'),
  continuousWeight: z
    .number()
    .positive()
    .default(0.1)
    .describe('codes: weight of the information that samples shall hold about the continuous codes'),
};

/** The fields of every adversarial model's schema. */
export const adversarialFields = {
  ...networkFields,
  ...gameFields,
  ...optimiserFields,
  ...stabiliserFields,
  ...conditioningFields,
};

/** The options with their defaults and meanings. */
export const adversarialSchema = z.object(adversarialFields);

/** The schema of an adversarial model, whatever its defaults. */
export type AdversarialSchema = typeof adversarialSchema;

/** Options that every adversarial model has, defaults filled in. */
export type AdversarialConfig = z.output<AdversarialSchema>;

/** Options of an adversarial model. */
export type AdversarialOptions = z.input<AdversarialSchema>;
