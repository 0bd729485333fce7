// The two networks of a game, whatever they play for.
import type { Layer } from '../../../nn/layer.js';
import type { AdversarialConfig } from '../adversarial-options.js';
import type { Conditioning } from '../conditioning/conditioning.js';

/** What networks are made for. */
export interface BackboneRequest {
  readonly config: AdversarialConfig;
  readonly exampleShape: readonly number[];
  readonly conditioning: Conditioning;
}

/** A pair of networks that fit each other. */
export interface Backbone {
  /** @throws ShapeError for rows that these networks cannot make, ConfigError for options that they have no use for */
  check(kind: string, request: BackboneRequest): void;
  /** Codes [N, latentSize] -> rows [N, ...exampleShape]; of images in [-1, 1]. */
  generator(request: BackboneRequest): Layer;
  /** Rows [N, ...exampleShape] -> [N, 1 + extras], as the conditioning's head has it. */
  discriminator(request: BackboneRequest): Layer;
  /** The discriminator's norm where no penalty looks at its slope. */
  readonly usualNorm: 'batch' | 'none';
  /** Whether the generator's update draws new noise, as the first paper prints it, or takes the samples the discriminator just saw. */
  readonly freshNoise: boolean;
}
