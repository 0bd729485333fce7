// The deep convolutional GAN (Radford, Metz and Chintala 2016): the game of the GAN played by convolutional networks, with the
// paper's recipe: strides instead of pooling, batch norm, ReLU in the generator, LeakyReLU in the discriminator, weights from
// N(0, 0.02^2), Adam with beta1 = 0.5. The generator's update takes the samples that the discriminator has just seen.
import { z } from 'zod';
import { ShapeError } from '../../core/errors.js';
import { isImageShape } from '../../data/dataset.js';
import { initialisers } from '../../nn/initialisers.js';
import type { Layer } from '../../nn/layer.js';
import { activation } from '../../nn/layers/activation.js';
import { batchNorm } from '../../nn/layers/batch-norm.js';
import { conv } from '../../nn/layers/conv.js';
import { crop } from '../../nn/layers/crop.js';
import { dense } from '../../nn/layers/dense.js';
import { flattenLayer } from '../../nn/layers/flatten-layer.js';
import { reshapeLayer } from '../../nn/layers/reshape-layer.js';
import { resizeConv } from '../../nn/layers/resize-conv.js';
import { sequential } from '../../nn/layers/sequential.js';
import { transposedConv } from '../../nn/layers/transposed-conv.js';
import { network } from '../../nn/network.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { adversarialCharts } from './adversarial-charts.js';
import { AdversarialModel } from './adversarial-model.js';
import { adversarialFields, rulesOf } from './adversarial-options.js';
import type { Game } from './game.js';

const schema = z.object({
  ...adversarialFields,
  channels: z
    .int()
    .positive()
    .default(64)
    .describe('channels at half the resolution; doubled with every further halving, up to eight times'),
  kernel: z.int().min(2).max(9).default(4).describe('height and width of the filters'),
  upsampling: z
    .enum(['transposed', 'resize'])
    .default('transposed')
    .describe(
      'transposed convolutions as in the paper, or nearest-neighbour resizing and a convolution, free of checkerboards',
    ),
});

/** Options of a DCGAN, defaults filled in. */
export type DcganConfig = z.output<typeof schema>;

/** The smallest side that is halved further. */
const smallestHalved = 8;

/** A GAN of convolutional networks, for images of any size from 8 and any number of channels. */
export class Dcgan extends AdversarialModel<DcganConfig> {
  readonly kind = 'dcgan';

  override gameFor(exampleShape: readonly number[]): Game {
    if (!isImageShape(exampleShape) || Math.min(exampleShape[0], exampleShape[1]) < smallestHalved)
      throw new ShapeError(
        `dcgan: rows of shape [${exampleShape.join(', ')}] were given; images [H, W, C] of at least ${smallestHalved}x${smallestHalved} ` +
          'pixels are needed. For tables and points use gan.',
      );
    return {
      name: this.kind,
      generator: network('generator', generatorLayers(this.config, exampleShape), [this.config.latentSize]),
      discriminator: network('discriminator', discriminatorLayers(this.config, exampleShape), exampleShape),
      ...rulesOf(this.config),
      freshNoise: false,
      isImage: true,
    };
  }
}

/** Heights and widths from the image down to the smallest, each half of the one before, rounded up. */
function resolutions([height, width]: readonly [number, number, number]): (readonly [number, number])[] {
  const sizes: (readonly [number, number])[] = [[height, width]];
  for (let size = [height, width] as const; Math.min(size[0], size[1]) >= smallestHalved; ) {
    size = [Math.ceil(size[0] / 2), Math.ceil(size[1] / 2)];
    sizes.push(size);
  }
  return sizes;
}

/** The channels after so many halvings: doubled with each, as in the paper, up to eight times, so that large images stay affordable. */
function filtersAt(halvings: number, channels: number): number {
  return channels * 2 ** Math.min(halvings - 1, 3);
}

const weightInitialiser = initialisers.normal(0.02);
const normalised = (): Layer => batchNorm({ scaleInitialiser: initialisers.normal(0.02, 1) });

function generatorLayers(
  { channels, kernel, upsampling }: DcganConfig,
  shape: readonly [number, number, number],
): Layer {
  const sizes = resolutions(shape);
  const levels = sizes.length - 1;
  const [height, width] = sizes[levels] ?? [1, 1];
  const deepest = filtersAt(levels, channels);
  const enlarge = (filters: number, bias: boolean): Layer =>
    upsampling === 'transposed'
      ? transposedConv({ filters, kernel, stride: 2, bias, weightInitialiser })
      : resizeConv({ filters, kernel: 3, factor: 2, bias, weightInitialiser });
  const layers: Record<string, Layer> = {
    project: dense({ units: height * width * deepest, bias: false, weightInitialiser }),
    image: reshapeLayer([height, width, deepest]),
    norm0: normalised(),
    relu0: activation('relu'),
  };
  for (let level = 1; level <= levels; level++) {
    const isLast = level === levels;
    const [rows, columns] = sizes[levels - level] ?? [1, 1];
    layers[`up${level}`] = enlarge(isLast ? shape[2] : filtersAt(levels - level, channels), isLast);
    layers[`crop${level}`] = crop([rows, columns]);
    if (isLast) layers.range = activation('tanh');
    else {
      layers[`norm${level}`] = normalised();
      layers[`relu${level}`] = activation('relu');
    }
  }
  return sequential(layers);
}

function discriminatorLayers({ channels, kernel }: DcganConfig, shape: readonly [number, number, number]): Layer {
  const levels = resolutions(shape).length - 1;
  const layers: Record<string, Layer> = {};
  for (let level = 1; level <= levels; level++) {
    layers[`down${level}`] = conv({
      filters: filtersAt(level, channels),
      kernel,
      stride: 2,
      bias: false,
      weightInitialiser,
    });
    // The paper leaves batch norm out of the discriminator's first layer.
    if (level > 1) layers[`norm${level}`] = normalised();
    layers[`leakyRelu${level}`] = activation('leakyRelu', { slope: 0.2 });
  }
  return sequential({ ...layers, flatten: flattenLayer(), logit: dense({ units: 1, weightInitialiser }) });
}

/** The entry of the table of models. */
export const dcganDefinition: ModelDefinition = {
  kind: 'dcgan',
  family: 'adversarial',
  description: 'Deep convolutional GAN for images of any size and number of channels.',
  strengths: 'Draws crisp images after minutes of training, thousands in a second.',
  weaknesses:
    'Has no likelihoods, and codes of images have to be searched for; its two networks have to be kept in balance, and it may leave kinds of images out.',
  paper: 'Radford, Metz and Chintala 2016, Unsupervised Representation Learning with Deep Convolutional GANs',
  schema,
  charts: adversarialCharts,
  create: (options = {}) => new Dcgan(parseOptions('dcgan', schema, options)),
  restore: (saved) => new Dcgan(parseOptions('dcgan', schema, saved.config)).adopt(saved),
};

/**
 * A deep convolutional generative adversarial network.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = dcgan();
 * await model.fit(await mnist(), { epochs: 5, seed: 0 });
 * const digits = await model.sample(64, { seed: 1 });   // [64, 28, 28, 1] in [0, 1]
 */
export function dcgan(options: z.input<typeof schema> = {}): Dcgan {
  return new Dcgan(parseOptions('dcgan', schema, options));
}
