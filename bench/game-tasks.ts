// Training steps of games beyond the first ones: the Wasserstein GAN with gradient penalty, the same networks without it, and the
// spectrally normalised GAN of residual networks. As in ./likelihood-tasks.ts the peers get the weights that a step starts from, its
// batches and its noise in a file. A step is one update of the critic and one of the generator: the presets' five updates of the critic
// would only repeat what is measured, and hide what the penalty costs.
import { gameProgram } from '../src/models/adversarial/game.js';
import type { Game } from '../src/models/adversarial/game-rules.js';
import { sngan } from '../src/models/adversarial/sngan.js';
import { wganGp } from '../src/models/adversarial/wgan-gp.js';
import { random } from '../src/runtime/random.js';
import { float32, type Values } from '../src/runtime/runtime.js';
import { poolSize } from './likelihood-tasks.js';
import type { GameTask } from './peers/tasks.js';
import { comparedGameSteps, type StepWork } from './step-work.js';

/** One kind of step. */
interface Recipe {
  readonly description: string;
  readonly batchSize: number;
  /** The metrics whose sum is compared with the peers'. */
  readonly losses: readonly string[];
  game(): Game;
}

const digit = [28, 28, 1] as const;
const wganGame = (): Game => wganGp({ discriminatorSteps: 1 }).gameFor(digit);
const networks = "networks of the preset wgan-gp on 28x28x1 (DCGAN's, layer norm in the critic), batch 64";

const recipes: Readonly<Record<GameTask, Recipe>> = {
  'wgan-28': {
    description: `Wasserstein GAN without anything that bounds the critic's slope: ${networks}`,
    batchSize: 64,
    losses: ['discriminatorLoss', 'generatorLoss'],
    game: () => ({ ...wganGame(), penalties: [] }),
  },
  'wgan-gp-28': {
    description: `Wasserstein GAN with gradient penalty, one step of the critic: ${networks}`,
    batchSize: 64,
    losses: ['discriminatorLoss', 'gradientPenalty', 'generatorLoss'],
    game: wganGame,
  },
  'sngan-32': {
    description:
      'SNGAN of residual networks on 32x32x3, one step of the discriminator: a quarter of the filters of the paper (64 in the ' +
      'generator, 32 in the discriminator), batch 32',
    batchSize: 32,
    losses: ['discriminatorLoss', 'generatorLoss'],
    game: () => sngan({ discriminatorSteps: 1, channels: 16 }).gameFor([32, 32, 3]),
  },
};

/** What a step is, in words. */
export function describeGame(name: GameTask): string {
  return recipes[name].description;
}

/** A step, where it starts and what it is fed: pixels and noise from the uniform and the normal distribution. */
export function gameStep(name: GameTask): StepWork {
  const { batchSize, losses, game: make } = recipes[name];
  const game = make();
  const program = gameProgram(game, batchSize, 0);
  const stream = random(0).split('pool');
  const pool: Record<string, Values[string]> = {};
  const fill = (feed: string, distribution: 'normal' | 'uniform', shape: readonly number[]): void => {
    const size = shape.reduce((a, b) => a * b, poolSize);
    pool[feed] = float32(stream.split(feed)[distribution](size), [poolSize, ...shape]);
  };
  fill(program.rows, 'uniform', [batchSize, ...game.discriminator.inputShape]);
  for (const { name: feed, shape, distribution } of program.noise) fill(feed, distribution, shape);
  const weights = Object.entries(program.initial).filter(([key]) => /^(generator|discriminator)\//.test(key));
  const initial = Object.fromEntries(weights);
  return { program, start: { initial, pool, losses, comparedSteps: comparedGameSteps, others: {} } };
}
