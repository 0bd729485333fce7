// The generative adversarial network (Goodfellow et al. 2014): a generator turns noise into samples, a discriminator learns to
// tell them from data, and each is trained against the other by Algorithm 1 of the paper.
//
//   min_G max_D  E_x log D(x) + E_z log(1 - D(G(z)))
//
// At the optimum p_G = p_data and D = 1/2 everywhere. The density is implicit: the model draws, but assigns no likelihood.
import { z } from 'zod';
import { isImageShape } from '../../data/dataset.js';
import type { Layer } from '../../nn/layer.js';
import { activation } from '../../nn/layers/activation.js';
import { dense } from '../../nn/layers/dense.js';
import { flattenLayer } from '../../nn/layers/flatten-layer.js';
import { reshapeLayer } from '../../nn/layers/reshape-layer.js';
import { sequential } from '../../nn/layers/sequential.js';
import { network } from '../../nn/network.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { adversarialCharts } from './adversarial-charts.js';
import { AdversarialModel } from './adversarial-model.js';
import { adversarialFields, rulesOf } from './adversarial-options.js';
import type { Game } from './game.js';

const schema = z.object({
  ...adversarialFields,
  generatorLayers: z
    .array(z.int().positive())
    .default([256, 512, 1024])
    .describe("units of the generator's hidden layers"),
  discriminatorLayers: z
    .array(z.int().positive())
    .default([1024, 512, 256])
    .describe("units of the discriminator's hidden layers"),
});

/** Options of a GAN, defaults filled in. */
export type GanConfig = z.output<typeof schema>;

/** A GAN of dense networks, for images, tables and points. */
export class Gan extends AdversarialModel<GanConfig> {
  readonly kind = 'gan';

  override gameFor(exampleShape: readonly number[]): Game {
    const { latentSize, generatorLayers, discriminatorLayers } = this.config;
    const isImage = isImageShape(exampleShape);
    const rowSize = exampleShape.reduce((a, b) => a * b, 1);
    const hidden = (units: number, index: number): [string, Layer][] => [
      [`hidden${index + 1}`, dense({ units })],
      [`activation${index + 1}`, activation('leakyRelu', { slope: 0.2 })],
    ];
    const generator = sequential(
      Object.fromEntries([
        ...generatorLayers.flatMap(hidden),
        ['output', dense({ units: rowSize })],
        ['range', activation(isImage ? 'tanh' : 'identity')],
        ['shape', reshapeLayer(exampleShape)],
      ]),
    );
    const discriminator = sequential(
      Object.fromEntries([
        ['flatten', flattenLayer()],
        ...discriminatorLayers.flatMap(hidden),
        ['logit', dense({ units: 1 })],
      ]),
    );
    return {
      name: this.kind,
      generator: network('generator', generator, [latentSize]),
      discriminator: network('discriminator', discriminator, exampleShape),
      ...rulesOf(this.config),
      freshNoise: true,
      isImage,
    };
  }
}

/** The entry of the table of models. */
export const ganDefinition: ModelDefinition = {
  kind: 'gan',
  family: 'adversarial',
  description: 'Generative adversarial network of dense layers: Algorithm 1 of the first GAN paper.',
  strengths: 'Draws in one pass, and its samples look as sharp as the data because a second network judges them.',
  weaknesses:
    'Has no likelihoods, and codes of rows have to be searched for; its training may swing, or leave whole kinds of rows out unnoticed.',
  paper: 'Goodfellow et al. 2014, Generative Adversarial Networks',
  schema,
  charts: adversarialCharts,
  create: (options = {}) => new Gan(parseOptions('gan', schema, options)),
  restore: (saved) => new Gan(parseOptions('gan', schema, saved.config)).adopt(saved),
};

/**
 * A generative adversarial network of dense layers.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = gan({ latentSize: 64 });
 * await model.fit(await mnist(), { epochs: 5, seed: 0 });
 * const { data, shape } = await model.sample(16, { seed: 1 });
 */
export function gan(options: z.input<typeof schema> = {}): Gan {
  return new Gan(parseOptions('gan', schema, options));
}
