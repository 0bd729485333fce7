// What is measured: products of square matrices for the peak, and whole training steps.
import { dcgan } from '../src/models/adversarial/dcgan.js';
import { gameProgram } from '../src/models/adversarial/game.js';
import { gan } from '../src/models/adversarial/gan.js';
import type { TrainingProgram } from '../src/training/program.js';
import { ganSettings } from './peers/tasks.js';

/** A training step that is measured, under the same name as in the peers. */
export interface StepTask {
  readonly name: 'dcgan-28' | 'mlp-gan';
  readonly description: string;
  readonly program: () => TrainingProgram;
}

const { batchSize } = ganSettings;
const imageShape = [28, 28, 1] as const;

/** The training steps. */
export const stepTasks: readonly StepTask[] = [
  {
    name: 'dcgan-28',
    description: `DCGAN on 28x28x1, batch ${batchSize}, generator 100-7x7x128-14x14x64-28x28x1, discriminator mirrored`,
    program: () => gameProgram(dcgan().gameFor(imageShape), batchSize, 0),
  },
  {
    name: 'mlp-gan',
    description: `GAN of dense layers 100-256-512-1024-784 and back, batch ${batchSize}`,
    // The peers draw noise once per step, so here the generator's update takes the samples that the discriminator has seen, too.
    program: () => gameProgram({ ...gan().gameFor(imageShape), freshNoise: false }, batchSize, 0),
  },
];

/** Sides of the square matrices whose product gives the peak rate. */
export const peakSizes = [512, 1024, 2048] as const;
