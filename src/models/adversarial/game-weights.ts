// What is kept of a game and saved.
import type { WeightShapes } from '../fitted-model.js';
import type { Game } from './game-rules.js';
import { averagePrefix } from './game-state.js';

/** The shapes of the weights that make up a model: of both players, and of the generator's average. */
export function weightShapesOf({ generator, discriminator, ema }: Game): WeightShapes {
  const own = Object.entries({ ...generator.parameters, ...discriminator.parameters });
  const averaged = ema === 0 ? [] : Object.entries(generator.parameters);
  return Object.fromEntries([
    ...own.map(([name, { shape }]) => [name, shape] as const),
    ...averaged.map(([name, { shape }]) => [`${averagePrefix}/${name}`, shape] as const),
  ]);
}
