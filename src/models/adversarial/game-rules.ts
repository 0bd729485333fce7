// What a game is made of: two players, what they minimise, and how.
import type { Network } from '../../nn/network.js';
import type { Optimiser } from '../../nn/optimisers/optimiser.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Conditioning, NoiseMaker } from './conditioning/conditioning.js';
import type { Objective } from './objectives/objective.js';
import type { Penalty } from './regularisers/penalty.js';

/** What happens to rows before the discriminator sees them, data and samples alike: gradients flow through. */
export type View = (x: Tensor, context: { readonly step: Tensor; readonly noise: NoiseMaker }) => Tensor;

/** What the players minimise and how. */
export interface Rules {
  readonly generatorOptimiser: Optimiser;
  readonly discriminatorOptimiser: Optimiser;
  readonly objective: Objective;
  /** Added to the discriminator's loss. */
  readonly penalties: readonly Penalty[];
  /** How far from 0 the discriminator's weights may be. */
  readonly clip: number | null;
  readonly views: readonly View[];
  /** What the discriminator's target on data is short of 1. */
  readonly labelSmoothing: number;
  /** k, the discriminator's updates per update of the generator. */
  readonly discriminatorSteps: number;
  /** K, the further updates of the discriminator that the generator looks through. */
  readonly unrolledSteps: number;
  /** The share of the average of the generator's weights that a step keeps; 0 where there is no average. */
  readonly ema: number;
  /** Whether the norms of both gradients are reported. */
  readonly gradientNorms: boolean;
  /** What to try when the training diverges. */
  readonly remedies: readonly string[];
}

/** The two players and the rules. */
export interface Game extends Rules {
  readonly name: string;
  readonly generator: Network;
  /** Gives [N, 1 + extras]: a(x), and what its conditioning makes of the others. */
  readonly discriminator: Network;
  readonly conditioning: Conditioning;
  /** Whether the discriminator judges a row by the others of its batch, as batch norm does. */
  readonly seesBatch: boolean;
  /** Whether the generator's update draws new noise, as the paper prints it, or takes the samples the discriminator just saw. */
  readonly freshNoise: boolean;
  /** Whether rows are images in [0, 1], on which the players work in [-1, 1]. */
  readonly isImage: boolean;
}
