// The networks of the DCGAN (Radford, Metz and Chintala 2016), for images of any size from 8 and any number of channels: strides instead
// of pooling, batch norm, ReLU in the generator, LeakyReLU in the discriminator, weights from N(0, 0.02^2). The generator's update takes
// the samples that the discriminator has just seen.
import { ShapeError } from '../../../core/errors.js';
import { isImageShape } from '../../../data/dataset.js';
import { initialisers } from '../../../nn/initialisers.js';
import type { Layer } from '../../../nn/layer.js';
import { activation } from '../../../nn/layers/activation.js';
import { batchNorm } from '../../../nn/layers/batch-norm.js';
import { conv } from '../../../nn/layers/conv.js';
import { crop } from '../../../nn/layers/crop.js';
import { dense } from '../../../nn/layers/dense.js';
import { flattenLayer } from '../../../nn/layers/flatten-layer.js';
import { minibatchDeviation } from '../../../nn/layers/minibatch-deviation.js';
import { reshapeLayer } from '../../../nn/layers/reshape-layer.js';
import { resizeConv } from '../../../nn/layers/resize-conv.js';
import { transposedConv } from '../../../nn/layers/transposed-conv.js';
import { filtersAt, resolutions, smallestHalved } from '../../halvings.js';
import type { Backbone, BackboneRequest } from './backbone.js';
import { inSequence, type NamedLayer } from './layer-list.js';
import { chosenNorm, dcganScale, imageNorm } from './norms.js';

const weightInitialiser = initialisers.normal(0.02);

/** Strided convolutions down, transposed ones up. */
export const dcgan: Backbone = {
  usualNorm: 'batch',
  freshNoise: false,
  check: (kind, { exampleShape }) => {
    if (!isImageShape(exampleShape) || Math.min(exampleShape[0], exampleShape[1]) < smallestHalved)
      throw new ShapeError(
        `${kind}: rows of shape [${exampleShape.join(', ')}] were given; images [H, W, C] of at least ${smallestHalved}x${smallestHalved} ` +
          'pixels are needed. For tables and points use gan, or the backbone dense.',
      );
  },
  generator: ({ config, exampleShape, conditioning }) => {
    const sizes = resolutions(exampleShape);
    const levels = sizes.length - 1;
    const [height, width] = sizes[levels] ?? [1, 1];
    const deepest = filtersAt(levels, config.channels);
    const normalised = (): Layer =>
      conditioning.generatorNorm?.(dcganScale) ?? batchNorm({ scaleInitialiser: dcganScale });
    const up = (level: number): NamedLayer[] => {
      const isLast = level === levels;
      const filters = isLast ? (exampleShape[2] ?? 1) : filtersAt(levels - level, config.channels);
      return [
        [`up${level}`, enlarge(config, filters, isLast)],
        [`crop${level}`, crop(sizes[levels - level] ?? [1, 1])],
        ...(isLast
          ? ([['range', activation('tanh')]] as const)
          : ([
              [`norm${level}`, normalised()],
              [`relu${level}`, activation('relu')],
            ] as const)),
      ];
    };
    return inSequence([
      ['condition', conditioning.generatorFront],
      ['project', dense({ units: height * width * deepest, bias: false, weightInitialiser })],
      ['image', reshapeLayer([height, width, deepest])],
      ['norm0', normalised()],
      ['relu0', activation('relu')],
      ...fromOneTo(levels).flatMap(up),
    ]);
  },
  discriminator: ({ config, exampleShape, conditioning }) => {
    const norm = chosenNorm(config, 'batch');
    const down = (level: number): NamedLayer[] => {
      // The paper leaves batch norm out of the discriminator's first layer.
      const normLayer = level === 1 ? undefined : imageNorm(norm);
      const filters = filtersAt(level, config.channels);
      // The paper has no biases; without norms to shift what they see, LeakyReLUs could not place their kinks.
      const bias = norm === 'none';
      return [
        [`down${level}`, conv({ filters, kernel: config.kernel, stride: 2, bias, weightInitialiser })],
        [`norm${level}`, normLayer],
        [`leakyRelu${level}`, activation('leakyRelu', { slope: 0.2 })],
      ];
    };
    return inSequence([
      ['condition', conditioning.discriminatorFront],
      ...fromOneTo(resolutions(exampleShape).length - 1).flatMap(down),
      ['deviation', config.minibatchDeviation ? minibatchDeviation() : undefined],
      ['flatten', flattenLayer()],
      ...Object.entries(conditioning.head((units) => dense({ units, weightInitialiser }))),
    ]);
  },
};

function enlarge({ upsampling, kernel }: BackboneRequest['config'], filters: number, bias: boolean): Layer {
  return upsampling === 'transposed'
    ? transposedConv({ filters, kernel, stride: 2, bias, weightInitialiser })
    : resizeConv({ filters, kernel: 3, factor: 2, bias, weightInitialiser });
}

function fromOneTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
