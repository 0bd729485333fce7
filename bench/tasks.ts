// What is measured: products of square matrices for the peak, and whole training steps.
import { dcgan } from '../src/models/adversarial/dcgan.js';
import { gameProgram } from '../src/models/adversarial/game.js';
import { gan } from '../src/models/adversarial/gan.js';
import { describeGame, gameStep } from './game-tasks.js';
import { describeLikelihood, likelihoodStep } from './likelihood-tasks.js';
import { stepPeers } from './peers/known-peers.js';
import {
  type GameTask,
  type GanTask,
  gameTasks,
  ganSettings,
  type LikelihoodTask,
  likelihoodTasks,
} from './peers/tasks.js';
import type { StepWork } from './step-work.js';

/** A training step that is measured, under the same name as in the peers. */
export interface StepTask {
  readonly name: GanTask | LikelihoodTask | GameTask;
  readonly description: string;
  /** Who does the same; the names of known-peers.ts. */
  readonly peers: readonly string[];
  make(): Promise<StepWork>;
}

const { batchSize } = ganSettings;
const imageShape = [28, 28, 1] as const;

/** The training steps. */
export const stepTasks: readonly StepTask[] = [
  {
    name: 'dcgan-28',
    description: `DCGAN on 28x28x1, batch ${batchSize}, generator 100-7x7x128-14x14x64-28x28x1, discriminator mirrored`,
    peers: stepPeers,
    make: async () => ({ program: gameProgram(dcgan().gameFor(imageShape), batchSize, 0) }),
  },
  {
    name: 'mlp-gan',
    description: `GAN of dense layers 100-256-512-1024-784 and back, batch ${batchSize}`,
    peers: stepPeers,
    // The peers draw noise once per step, so here the generator's update takes the samples that the discriminator has seen, too.
    make: async () => ({ program: gameProgram({ ...gan().gameFor(imageShape), freshNoise: false }, batchSize, 0) }),
  },
  ...likelihoodTasks.map(
    (name): StepTask => ({
      name,
      description: describeLikelihood(name),
      peers: ['PyTorch', 'PyTorch compile'],
      make: () => likelihoodStep(name),
    }),
  ),
  ...gameTasks.map(
    (name): StepTask => ({
      name,
      description: describeGame(name),
      peers: ['PyTorch', 'PyTorch compile'],
      make: async () => gameStep(name),
    }),
  ),
];

/** Sides of the square matrices whose product gives the peak rate. */
export const peakSizes = [512, 1024, 2048] as const;
