// Dense networks, as in the first GAN paper (Goodfellow et al. 2014): for points, tables, and small images.
import { ConfigError } from '../../../core/errors.js';
import { exampleSize, isImageShape } from '../../../data/dataset.js';
import { activation } from '../../../nn/layers/activation.js';
import { dense as denseLayer } from '../../../nn/layers/dense.js';
import { flattenLayer } from '../../../nn/layers/flatten-layer.js';
import { minibatchDeviation } from '../../../nn/layers/minibatch-deviation.js';
import { reshapeLayer } from '../../../nn/layers/reshape-layer.js';
import type { Backbone } from './backbone.js';
import { inSequence, type NamedLayer } from './layer-list.js';
import { chosenNorm, vectorNorm } from './norms.js';

const leaky = () => activation('leakyRelu', { slope: 0.2 });

/** Dense layers with leaky ReLUs between them. */
export const dense: Backbone = {
  usualNorm: 'none',
  freshNoise: true,
  check: (kind, { conditioning }) => {
    if (conditioning.generatorNorm !== undefined)
      throw new ConfigError(
        `${kind}: labelInput is "batch-norm", but a generator of dense layers has no batch norms. Use labelInput "concatenation", ` +
          'or the backbone dcgan or residual.',
      );
  },
  generator: ({ config: { generatorLayers }, exampleShape, conditioning: { generatorFront } }) =>
    inSequence([
      ['condition', generatorFront],
      ...generatorLayers.flatMap((units, index): NamedLayer[] => [
        [`hidden${index + 1}`, denseLayer({ units })],
        [`activation${index + 1}`, leaky()],
      ]),
      ['output', denseLayer({ units: exampleSize(exampleShape) })],
      ['range', activation(isImageShape(exampleShape) ? 'tanh' : 'identity')],
      ['shape', reshapeLayer(exampleShape)],
    ]),
  discriminator: ({ config, conditioning }) =>
    inSequence([
      ['flatten', flattenLayer()],
      ['condition', conditioning.discriminatorFront],
      ...config.discriminatorLayers.flatMap((units, index): NamedLayer[] => [
        [`hidden${index + 1}`, denseLayer({ units })],
        // Not where rows come in, as in convolutional networks.
        [`norm${index + 1}`, index === 0 ? undefined : vectorNorm(chosenNorm(config, 'none'))],
        [`activation${index + 1}`, leaky()],
      ]),
      ['deviation', config.minibatchDeviation ? minibatchDeviation() : undefined],
      ...Object.entries(conditioning.head((units) => denseLayer({ units }))),
    ]),
};
