// How the two players are told what a row is, or shall be, about: its class, or codes without a meaning yet.
import type { Initialiser } from '../../../nn/initialisers.js';
import type { Layer } from '../../../nn/layer.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { NoiseInput } from '../../../training/program.js';

/** A way of conditioning, made for some options and a number of classes. */
export interface Conditioning {
  /** Where a row's condition comes from: from its label, from random codes, or there is none. */
  readonly source: 'labels' | 'codes' | 'none';
  /** Numbers in a condition [N, size]: a one-hot class, or codes. */
  readonly size: number;
  /** A layer in front of the generator's, for codes z [N, latentSize]. */
  readonly generatorFront?: Layer;
  /** A layer that takes the place of each of the generator's batch norms. */
  readonly generatorNorm?: MakeNorm;
  /** A layer in front of the discriminator's, for images, or for flat rows where layers are dense. */
  readonly discriminatorFront?: Layer;
  /** The discriminator's last layers, from features [N, F] to a(x) and whatever else it shall tell: [N, 1 + extras]. */
  head(dense: MakeDense): Readonly<Record<string, Layer>>;
  /** Conditions of rows to be generated, where they do not come from labels. */
  draw?(rows: number, noise: NoiseMaker): Tensor;
  /** What both players minimise besides the objective. @param extras what the head told besides a(x) */
  loss?(extras: Tensor, condition: Tensor, origin: 'real' | 'fake'): Tensor | undefined;
  /** Scalars to report, from the extras of samples and what these were to be about. */
  metrics?(extras: Tensor, condition: Tensor): Readonly<Record<string, Tensor>>;
}

/** Makes a dense layer of so many units, its weights drawn as the backbone draws them. */
export type MakeDense = (units: number) => Layer;

/** Makes a norm whose scales begin as the backbone has them. */
export type MakeNorm = (scaleInitialiser?: Initialiser) => Layer;

/** Random numbers that are fed anew in every step. */
export type NoiseMaker = (name: string, shape: readonly number[], distribution: NoiseInput['distribution']) => Tensor;
