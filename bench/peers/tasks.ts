// The work that peers are timed on, named the same for every peer.
//   matmul-<n>   the product of two n x n float32 matrices
//   dcgan-28     one training step of a DCGAN on 28 x 28 x 1 images
//   mlp-gan      one training step of a fully connected GAN on rows of 784
// An adversarial step updates the discriminator on a real and on a fake batch (two passes, each with its own batch
// statistics, one backward pass, one Adam update) and then the generator with the non-saturating loss through the updated
// discriminator. The generator runs forward once per step and its graph is reused. The noise is drawn inside the timed
// step; real batches come from a fixed random pool, so that no peer pays for data feeding.
//   vae-dense, made-500, made-8000, pixelcnn-28
//                one training step by maximum likelihood on binary images of 28 x 28; ../likelihood-tasks.ts says what each one is.
//                All sides start from the same weights and take the same batches and noise in turn, so that they reach the same loss
//   wgan-28, wgan-gp-28, sngan-32
//                one step of a game of other rules: one update of the critic, one of the generator through it, from the samples that the
//                critic has seen; ../game-tasks.ts says what each one is. Start, batches and noise as above
//   classical-*, metrics-*
//                calls of the public functions on 60000 rows, or 10000 against 10000 of them; calls/tasks.ts says what each one does
import { UnknownNameError } from '../../src/core/errors.js';
import { nearestName } from '../../src/core/nearest.js';

/** The adversarial training steps. */
export const ganTasks = ['dcgan-28', 'mlp-gan'] as const;

/** The name of an adversarial training step. */
export type GanTask = (typeof ganTasks)[number];

/** The training steps by maximum likelihood. */
export const likelihoodTasks = ['vae-dense', 'made-500', 'made-8000', 'pixelcnn-28'] as const;

/** The name of a training step by maximum likelihood. */
export type LikelihoodTask = (typeof likelihoodTasks)[number];

/** The training steps of games that all sides start alike. */
export const gameTasks = ['wgan-28', 'wgan-gp-28', 'sngan-32'] as const;

/** The name of such a step. */
export type GameTask = (typeof gameTasks)[number];

/** Calls of the public functions on whole data sets. */
export const callTaskNames = [
  'classical-em-diagonal',
  'classical-em-full',
  'classical-k-means',
  'classical-pca',
  'classical-gaussian-bayes',
  'classical-bernoulli-bayes',
  'metrics-fid',
  'metrics-kid',
  'metrics-neighbourhoods',
] as const;

/** The name of such a call. */
export type CallTaskName = (typeof callTaskNames)[number];

/** The name of a task. */
export type TaskName = GanTask | LikelihoodTask | GameTask | CallTaskName | `matmul-${number}`;

/** The name of an adversarial step or a product, taken apart: what all peers that make steps can do. */
export type Task = { readonly kind: 'matmul'; readonly size: number } | { readonly kind: 'gan'; readonly gan: GanTask };

/** What every adversarial step has in common; the Python peer repeats these numbers in adversarial.py. */
export const ganSettings = {
  batchSize: 64,
  latentSize: 100,
  poolSize: 16,
  learningRate: 2e-4,
  beta1: 0.5,
  beta2: 0.999,
  epsilon: 1e-8,
  leak: 0.2,
} as const;

/** The call of this name, or undefined for the name of any other work. */
export function callTaskOf(name: string): CallTaskName | undefined {
  return callTaskNames.find((known) => known === name);
}

/** @throws UnknownNameError for a name that is no task's */
export function checkTaskName(name: string): void {
  const isKnown = [...callTaskNames, ...likelihoodTasks, ...gameTasks].some((known) => known === name);
  if (!isKnown) parseTask(name);
}

/**
 * Takes the name of an adversarial step or a product apart: `parseTask('matmul-1024')` is `{ kind: 'matmul', size: 1024 }`.
 *
 * @throws UnknownNameError for any other name.
 */
export function parseTask(name: string): Task {
  const size = /^matmul-([1-9]\d{0,4})$/.exec(name)?.[1];
  if (size !== undefined) return { kind: 'matmul', size: Number(size) };
  const gan = ganTasks.find((known) => known === name);
  if (gan !== undefined) return { kind: 'gan', gan };
  const known = [...ganTasks, 'matmul-1024'];
  const nearest = nearestName(name, known);
  throw new UnknownNameError(
    `Unknown benchmark task "${name}".${nearest === undefined ? '' : ` Did you mean "${nearest}"?`} ` +
      `Known: ${ganTasks.join(', ')}, matmul-<n>.`,
    name,
    known,
  );
}
