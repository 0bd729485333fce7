// The game that options describe, for rows of some shape.
import { ConfigError } from '../../core/errors.js';
import { isImageShape } from '../../data/dataset.js';
import { spectralNorm } from '../../nn/layers/spectral-norm.js';
import { network } from '../../nn/network.js';
import type { AdversarialConfig } from './adversarial-options.js';
import { backbones, chosenBackbone } from './backbones/index.js';
import { chosenNorm } from './backbones/norms.js';
import { conditionings } from './conditioning/index.js';
import type { Game } from './game-rules.js';
import { rulesOf } from './rules.js';

/**
 * The players and rules.
 *
 * @param classes how many classes rows have; 0 where the conditioning is not on classes
 * @throws ShapeError for rows that the networks cannot make, ConfigError for options that these networks have no use for
 */
export function makeGame(
  kind: string,
  config: AdversarialConfig,
  exampleShape: readonly number[],
  classes: number,
): Game {
  const isImage = isImageShape(exampleShape);
  if (config.augmentation.length > 0 && !isImage)
    throw new ConfigError(
      `${kind}: augmentation changes images, but rows of shape [${exampleShape.join(', ')}] were given. Leave it out; for few rows of ` +
        'other kinds instanceNoise helps.',
    );
  const backbone = backbones[chosenBackbone(config.backbone, exampleShape)];
  const conditioning = conditionings[config.conditioning](config, classes);
  const request = { config, exampleShape, conditioning };
  backbone.check(kind, request);
  const layers = backbone.discriminator(request);
  const discriminator = network('discriminator', config.spectralNorm ? spectralNorm(layers) : layers, exampleShape);
  // Small images have too few layers for a norm.
  const hasStatistics = discriminator.trainable.length < Object.keys(discriminator.parameters).length;
  const hasBatchNorm = hasStatistics && chosenNorm(config, backbone.usualNorm) === 'batch';
  return {
    name: kind,
    generator: network('generator', backbone.generator(request), [config.latentSize]),
    discriminator,
    conditioning,
    ...rulesOf(config),
    seesBatch: hasBatchNorm || config.minibatchDeviation,
    // DCGAN's recipe lets the generator answer for the samples just judged; after several turns the papers draw new ones.
    freshNoise: backbone.freshNoise || config.discriminatorSteps > 1,
    isImage,
  };
}
