// The networks of autoencoders: from rows to numbers about their codes, and from codes to numbers about rows; dense, or convolutional
// with strides on the way in and transposed convolutions on the way out, mirrored.
import { z } from 'zod';
import { ShapeError } from '../../core/errors.js';
import { exampleSize, isImageShape } from '../../data/dataset.js';
import { type Initialiser, initialisers } from '../../nn/initialisers.js';
import type { Layer } from '../../nn/layer.js';
import { activation } from '../../nn/layers/activation.js';
import { conv } from '../../nn/layers/conv.js';
import { crop } from '../../nn/layers/crop.js';
import { dense } from '../../nn/layers/dense.js';
import { flattenLayer } from '../../nn/layers/flatten-layer.js';
import { reshapeLayer } from '../../nn/layers/reshape-layer.js';
import { sequential } from '../../nn/layers/sequential.js';
import { transposedConv } from '../../nn/layers/transposed-conv.js';
import { type Network, network } from '../../nn/network.js';
import { filtersAt, resolutions, smallestHalved } from '../halvings.js';

/** The fields of every schema of a model with such networks. */
export const coderFields = {
  latentSize: z.int().positive().default(50).describe('numbers in a latent code'),
  network: z
    .enum(['dense', 'convolutional'])
    .default('dense')
    .describe('dense layers for rows of any shape, or convolutions for images'),
  hiddenLayers: z
    .array(z.int().positive())
    .nullable()
    .default(null)
    .describe(
      'units of the dense hidden layers, mirrored in the decoder; null: [500, 500], or [256] between convolutions and code',
    ),
  channels: z
    .int()
    .positive()
    .default(32)
    .describe('convolutional: channels at half the resolution, doubled with every further halving'),
  kernel: z.int().min(2).max(9).default(4).describe('convolutional: height and width of the filters'),
  activation: z
    .enum(['relu', 'leakyRelu', 'elu', 'gelu', 'silu', 'tanh', 'softplus'])
    .default('silu')
    .describe('what hidden layers end in'),
};

const schema = z.object(coderFields);

/** Options of the networks, defaults filled in. */
export type CoderConfig = Omit<z.output<typeof schema>, 'latentSize'>;

/** Rows into features: convolutions, or nothing but flattening. [N, ...exampleShape] -> [N, features] */
export function featureNetwork(kind: string, config: CoderConfig, exampleShape: readonly number[]): Network {
  if (config.network === 'dense') return network('features', flattenLayer(), exampleShape);
  const levels = checkedResolutions(kind, exampleShape).length - 1;
  const layers: Record<string, Layer> = {};
  for (let level = 1; level <= levels; level++) {
    layers[`down${level}`] = conv({
      filters: filtersAt(level, config.channels),
      kernel: config.kernel,
      stride: 2,
      weightInitialiser: hiddenInitialiser(config),
    });
    layers[`activation${level}`] = activation(config.activation);
  }
  return network('features', sequential({ ...layers, flatten: flattenLayer() }), exampleShape);
}

/** Features, and whatever is put beside them, into numbers about codes: [N, inputs] -> [N, outputs]. */
export function headNetwork(config: CoderConfig, inputs: number, outputs: number): Network {
  return network('encoder', sequential({ ...hidden(config, hiddenUnits(config)), output: dense({ units: outputs }) }), [
    inputs,
  ]);
}

/**
 * Codes into `parts` numbers about every number of a row: [N, inputs] -> [N, parts * size], part by part, of dense networks; images
 * [N, H, W, parts * C] of convolutional ones.
 */
export function decoderNetwork(
  kind: string,
  config: CoderConfig,
  inputs: number,
  exampleShape: readonly number[],
  parts = 1,
): Network {
  const dense1 = hidden(config, hiddenUnits(config).toReversed());
  if (config.network === 'dense' || !isImageShape(exampleShape))
    return network('decoder', sequential({ ...dense1, output: dense({ units: parts * exampleSize(exampleShape) }) }), [
      inputs,
    ]);
  const sizes = checkedResolutions(kind, exampleShape);
  const levels = sizes.length - 1;
  const [height, width] = sizes[levels] ?? [1, 1];
  const deepest = filtersAt(levels, config.channels);
  const weightInitialiser = hiddenInitialiser(config);
  const layers: Record<string, Layer> = {
    ...dense1,
    project: dense({ units: height * width * deepest, weightInitialiser }),
    projected: activation(config.activation),
    image: reshapeLayer([height, width, deepest]),
  };
  for (let level = 1; level <= levels; level++) {
    const isLast = level === levels;
    const filters = isLast ? parts * exampleShape[2] : filtersAt(levels - level, config.channels);
    const enlarge = { filters, kernel: config.kernel, stride: 2 };
    layers[isLast ? 'output' : `up${level}`] = transposedConv(isLast ? enlarge : { ...enlarge, weightInitialiser });
    const [rows, columns] = sizes[levels - level] ?? [1, 1];
    layers[`crop${level}`] = crop([rows, columns]);
    if (!isLast) layers[`activation${level}`] = activation(config.activation);
  }
  return network('decoder', sequential(layers), [inputs]);
}

/** Numbers that a row takes at the widest place of the networks, for bounding memory. */
export function widestLayer(config: CoderConfig, exampleShape: readonly number[], parts: number): number {
  const rows = parts * exampleSize(exampleShape);
  if (config.network === 'dense' || !isImageShape(exampleShape)) return Math.max(rows, ...hiddenUnits(config));
  // What filters see at half the resolution, of the image's own channels, and at a quarter, of `channels`.
  const [height, width, channels] = exampleShape;
  const places = (height * width * config.kernel ** 2) / 4;
  return Math.max(rows, ...hiddenUnits(config), places * channels, (places * config.channels) / 4);
}

function hiddenUnits({ hiddenLayers, network: name }: CoderConfig): readonly number[] {
  return hiddenLayers ?? (name === 'dense' ? [500, 500] : [256]);
}

function hidden(config: CoderConfig, units: readonly number[]): Record<string, Layer> {
  const weightInitialiser = hiddenInitialiser(config);
  return Object.fromEntries(
    units.flatMap((count, index): [string, Layer][] => [
      [`hidden${index + 1}`, dense({ units: count, weightInitialiser })],
      [`hiddenActivation${index + 1}`, activation(config.activation)],
    ]),
  );
}

/** Keeps the variance of what goes through: half of it is lost in functions that are flat below 0. */
function hiddenInitialiser({ activation: name }: CoderConfig): Initialiser {
  return name === 'tanh' || name === 'softplus' ? initialisers.glorotNormal() : initialisers.heNormal();
}

/** Heights and widths from the image down to the smallest, each half of the one before, rounded up. @throws ShapeError */
function checkedResolutions(kind: string, exampleShape: readonly number[]): (readonly [number, number])[] {
  if (!isImageShape(exampleShape) || Math.min(exampleShape[0], exampleShape[1]) < smallestHalved)
    throw new ShapeError(
      `${kind}: rows of shape [${exampleShape.join(', ')}] were given; convolutions need images [H, W, C] of at least ` +
        `${smallestHalved}x${smallestHalved} pixels. Use network: 'dense', which takes rows of any shape.`,
    );
  return resolutions(exampleShape);
}
