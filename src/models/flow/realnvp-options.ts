// The options of a flow of coupling layers, and the flow that they ask for.
import { z } from 'zod';
import { ShapeError } from '../../core/errors.js';
import { exampleSize, isImageShape } from '../../data/dataset.js';
import { initialisers } from '../../nn/initialisers.js';
import type { Layer } from '../../nn/layer.js';
import { activation } from '../../nn/layers/activation.js';
import { conv } from '../../nn/layers/conv.js';
import { dense } from '../../nn/layers/dense.js';
import { sequential } from '../../nn/layers/sequential.js';
import { random } from '../../runtime/random.js';
import { adamFields } from '../adam-options.js';
import { standardising } from './actnorm.js';
import { affineTransformer } from './affine-transformer.js';
import { type Bijection, composition } from './bijection.js';
import { coupling, type Transformer } from './coupling.js';
import { factorOut, flattenBijection, logitBijection, squeezeBijection } from './image-bijections.js';
import { splineTransformer } from './spline-transformer.js';

/** The options with their defaults. */
export const realNvpSchema = z.object({
  coupling: z
    .enum(['affine', 'spline'])
    .default('affine')
    .describe('what coupling layers do: scale and shift, or bend along rational-quadratic splines'),
  couplings: z.int().min(2).default(8).describe('coupling layers; of images, per scale'),
  hiddenLayers: z
    .array(z.int().positive())
    .min(1)
    .default([128, 128])
    .describe("units of the coupling layers' networks, for points and tables"),
  filters: z.int().positive().default(64).describe("filters of the coupling layers' networks, for images"),
  scales: z
    .int()
    .min(1)
    .max(4)
    .default(2)
    .describe('times that an image is halved, each followed by couplings, half of the channels leaving in between'),
  bins: z.int().min(2).max(64).default(8).describe('bins of a spline'),
  bound: z
    .number()
    .positive()
    .default(5)
    .describe('splines bend numbers in [-bound, bound], in deviations of the data'),
  levels: z.int().min(2).max(65536).default(256).describe('levels of the pixels of images, which noise spreads evenly'),
  margin: z
    .number()
    .positive()
    .lt(0.5)
    .default(0.05)
    .describe('pixels are squeezed off 0 and 1 by it before the logit'),
  ...adamFields({ ema: 0, clipNorm: 10 }),
});

/** Options of a RealNVP, defaults filled in. */
export type RealNvpConfig = z.output<typeof realNvpSchema>;

/** What the names of all parameters begin with. */
export const scope = 'realnvp';

/** The name of what brings the data to mean 0 and deviation 1. */
export const standardisingName = `${scope}/standardise`;

/** The flow for rows of a shape: rows to vectors. @throws ShapeError for rows that cannot be divided in two */
export function flowOf(config: RealNvpConfig, exampleShape: readonly number[]): Bijection {
  return isImageShape(exampleShape) ? imageFlow(config, exampleShape) : vectorFlow(config, exampleShape);
}

/** Couplings between halves of a vector whose numbers change places in between. */
function vectorFlow(config: RealNvpConfig, exampleShape: readonly number[]): Bijection {
  const size = exampleSize(exampleShape);
  if (size < 2)
    throw new ShapeError(
      `realnvp: received rows of shape [${exampleShape.join(', ')}]; coupling layers need at least 2 numbers. For one number there are ` +
        'kernel-density and gaussian-mixture.',
    );
  const layer = (outputs: number): Layer =>
    sequential(
      Object.fromEntries([
        ...config.hiddenLayers.flatMap((units, i): [string, Layer][] => [
          [`hidden${i + 1}`, dense({ units, weightInitialiser: initialisers.heNormal() })],
          [`activation${i + 1}`, activation('relu')],
        ]),
        ['parameters', dense({ units: outputs, weightInitialiser: initialisers.zeros() })],
      ]),
    );
  return composition([
    flattenBijection(exampleShape),
    standardising(standardisingName, size, 1),
    ...Array.from({ length: config.couplings }, (_, i) => {
      // Pairs of layers move all numbers; which half is which is drawn anew for every pair.
      const order = random(i >> 1)
        .split('halves')
        .permutation(size);
      const half = Math.floor(size / 2);
      const kept = i % 2 === 0 ? order.slice(0, half) : order.slice(half);
      return coupling({
        name: `${scope}/coupling${i + 1}`,
        shape: [size],
        kept: [...kept].sort((a, b) => a - b),
        transformer: transformerOf(config),
        layer,
      });
    }),
  ]);
}

/** Scale by scale: 2 x 2 pixels become channels, couplings follow, and half of the channels are done. */
function imageFlow(config: RealNvpConfig, shape: readonly [number, number, number]): Bijection {
  const [height, width, channels] = shape;
  const factor = 2 ** config.scales;
  if (height % factor !== 0 || width % factor !== 0)
    throw new ShapeError(
      `realnvp: images of ${height}x${width} cannot be halved ${config.scales} times; their sides have to be multiples of ${factor}. ` +
        'Lower scales, or bring the images to another size.',
    );
  return composition([
    logitBijection(config.margin),
    standardising(standardisingName, channels, height * width),
    scale(config, shape, 1),
  ]);
}

function scale(
  config: RealNvpConfig,
  [height, width, channels]: readonly [number, number, number],
  number: number,
): Bijection {
  const shape = [height / 2, width / 2, 4 * channels] as const;
  const all = shape[2];
  const layer = (outputs: number): Layer =>
    sequential({
      first: conv({ filters: config.filters, kernel: 3, padding: 'same', weightInitialiser: initialisers.heNormal() }),
      activation1: activation('relu'),
      second: conv({ filters: config.filters, kernel: 1, weightInitialiser: initialisers.heNormal() }),
      activation2: activation('relu'),
      parameters: conv({ filters: outputs, kernel: 3, padding: 'same', weightInitialiser: initialisers.zeros() }),
    });
  const couplings = Array.from({ length: config.couplings }, (_, i) => {
    // Four layers: both halves of a checkerboard of pixels, then both halves of the channels.
    const isCheckerboard = i % 4 < 2;
    const isFirst = (channel: number): boolean => {
      const place = Math.floor(channel / channels);
      return isCheckerboard ? place === 0 || place === 3 : channel < all / 2;
    };
    return coupling({
      name: `${scope}/scale${number}/coupling${i + 1}`,
      shape,
      kept: Array.from({ length: all }, (_, channel) => channel).filter(
        (channel) => isFirst(channel) === (i % 2 === 0),
      ),
      transformer: transformerOf(config),
      layer,
    });
  });
  const half = all / 2;
  const rest =
    number === config.scales
      ? flattenBijection(shape)
      : factorOut(shape, half, scale(config, [shape[0], shape[1], all - half], number + 1));
  return composition([squeezeBijection, ...couplings, rest]);
}

function transformerOf({ coupling: kind, bins, bound }: RealNvpConfig): Transformer {
  return kind === 'affine' ? affineTransformer : splineTransformer(bins, bound);
}
