// The options of a PixelCNN, and the network that they ask for.
import { z } from 'zod';
import { ConfigError, ShapeError } from '../../../core/errors.js';
import { isImageShape } from '../../../data/dataset.js';
import { adamFields } from '../../adam-options.js';
import type { Architecture } from './architecture.js';
import { pixelOutput } from './outputs.js';

const oddKernel = () =>
  z
    .int()
    .min(3)
    .refine((size) => size % 2 === 1, 'Kernels have to be odd');

/** The options with their defaults. */
export const pixelCnnSchema = z.object({
  output: z
    .enum(['binary', 'categorical', 'logistic-mixture'])
    .default('logistic-mixture')
    .describe(
      'the distribution of a pixel: 0 or 1, any probabilities of the levels, or a mixture of discretised logistics',
    ),
  levels: z
    .int()
    .min(2)
    .max(65536)
    .default(256)
    .describe('levels of a pixel from 0 to 1, where the output is not binary'),
  components: z.int().positive().default(5).describe('logistics in the mixture of a pixel'),
  conditional: z.boolean().default(false).describe('a distribution for each class of the data'),
  layers: z.int().positive().default(6).describe('gated layers after the first'),
  filters: z.int().positive().default(32).describe('channels of both stacks'),
  firstKernel: oddKernel().default(7).describe('width of the first filters, odd'),
  kernel: oddKernel().default(3).describe('width of the other filters, odd'),
  headSize: z.int().positive().default(64).describe('units between the stacks and the distribution of a pixel'),
  channelOrder: z
    .array(z.int().min(0))
    .default([])
    .describe('the order of the channels, each given those before it; empty: as they come'),
  ...adamFields({ ema: 0.999, clipNorm: 1 }),
});

/** Options of a PixelCNN, defaults filled in. */
export type PixelCnnConfig = z.output<typeof pixelCnnSchema>;

/** The network for images of a shape. @throws ShapeError for rows that are no images, ConfigError for an order of other channels */
export function architectureOf(
  config: PixelCnnConfig,
  exampleShape: readonly number[],
  classes: readonly string[],
): Architecture {
  const { channelOrder, conditional, layers, filters, firstKernel, kernel, headSize } = config;
  if (!isImageShape(exampleShape) || exampleShape[0] < 2 || exampleShape[1] < 2)
    throw new ShapeError(
      `pixelcnn: received rows of shape [${exampleShape.join(', ')}]; it models images [height, width, channels] of at least ` +
        '2 x 2 pixels. For tables and points there are made and realnvp.',
    );
  const [height, width, channels] = exampleShape;
  const order = channelOrder.length === 0 ? Array.from({ length: channels }, (_, i) => i) : channelOrder;
  if (order.length !== channels || new Set(order).size !== channels || order.some((channel) => channel >= channels))
    throw new ConfigError(
      `pixelcnn: channelOrder is [${order.join(', ')}], but the images have ${channels} channels; name each of 0 to ` +
        `${channels - 1} once.`,
    );
  const { size } = pixelOutput(config);
  return {
    height,
    width,
    channels,
    firstKernel,
    kernel,
    layers,
    filters,
    headSize,
    outputSizes: order.map(() => size),
    channelOrder: order,
    classes: conditional ? classes.length : 0,
  };
}
