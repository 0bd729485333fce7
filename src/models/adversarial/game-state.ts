// What a game carries from step to step: the weights of both players, what their optimisers remember, and the generator's average.
import { ema } from '../../nn/ema.js';
import type { Tensors } from '../../nn/network.js';
import type { State } from '../../nn/optimisers/optimiser.js';
import { random } from '../../runtime/random.js';
import { float32, type Value, type Values } from '../../runtime/runtime.js';
import { add } from '../../tensor/index.js';
import type { Variable } from '../../tensor/program.js';
import { labelled } from '../../tensor/tensor.js';
import type { Game } from './game-rules.js';
import type { Players } from './players.js';

/** What the name of an averaged weight begins with: `ema/generator/output/weight`. */
export const averagePrefix = 'ema';

/** Both players after a step. */
export interface Outcome {
  /** Of the initial weights. */
  readonly seed: number;
  /** Weights and running statistics by full names; those that are missing stay. */
  readonly discriminator: Tensors;
  readonly generator: Tensors;
  readonly optimisers: State;
}

/** The variables of a step and their values before the first. */
export function gameState(
  game: Game,
  players: Players,
  { seed, discriminator, generator, optimisers }: Outcome,
): { readonly variables: Record<string, Variable>; readonly initial: Record<string, Value> } {
  const step = labelled('step', add(players.step, 1));
  const variables: Record<string, Variable> = { step: { current: players.step, next: step } };
  const initial: Record<string, Value> = { step: float32(Float32Array.of(0), []) };
  const track = (inputs: Tensors, next: Tensors, values: Values): void => {
    for (const [name, current] of Object.entries(inputs)) variables[name] = { current, next: next[name] ?? current };
    Object.assign(initial, values);
  };
  const stream = random(seed).split('initial');
  const generatorInitial = game.generator.initialise(stream);
  track(players.discriminatorWeights, discriminator, game.discriminator.initialise(stream));
  track(players.generatorWeights, generator, generatorInitial);
  const averages =
    game.ema === 0
      ? {}
      : ema({ parameters: generator, initial: generatorInitial, decay: game.ema, step, prefix: averagePrefix });
  for (const [name, { current, next, initial: value }] of Object.entries({ ...optimisers, ...averages })) {
    variables[name] = { current, next };
    initial[name] = value;
  }
  return { variables, initial };
}
