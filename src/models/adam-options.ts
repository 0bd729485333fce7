// What trainings by Adam share whose step size falls along a cosine, whose gradients are clipped and whose weights are averaged: their
// options, the optimiser that these describe, and the names and shapes of the weights that are kept.
import { z } from 'zod';
import { adam } from '../nn/optimisers/adam.js';
import type { Optimiser } from '../nn/optimisers/optimiser.js';
import { schedules } from '../nn/schedules.js';
import { averagePrefix } from '../training/objective.js';
import type { WeightShapes } from './fitted-model.js';

/** The fields of a schema, with the model's own defaults for the average and the largest gradient. */
export function adamFields(defaults: { readonly ema: number; readonly clipNorm: number }) {
  return {
    learningRate: z.number().positive().default(1e-3).describe('step size of adam at the start'),
    decaySteps: z
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe('the step size falls to a hundredth along a cosine within this many steps; null: it stays'),
    ema: z
      .number()
      .min(0)
      .lt(1)
      .default(defaults.ema)
      .describe('densities and samples come from an average of the weights that keeps this share a step; 0: off'),
    clipNorm: z.number().positive().default(defaults.clipNorm).describe('the largest norm of the gradient'),
  };
}

/** Options of such a training, defaults filled in. */
export interface AdamConfig {
  readonly learningRate: number;
  readonly decaySteps: number | null;
  readonly ema: number;
  readonly clipNorm: number;
}

/** Adam with the step size that options describe. */
export function adamOf({ learningRate, decaySteps }: AdamConfig): Optimiser {
  return adam({
    learningRate:
      decaySteps === null
        ? learningRate
        : schedules.cosine({ peak: learningRate, final: learningRate / 100, steps: decaySteps }),
  });
}

/** The name of the weight that stands for a parameter in densities and samples: its average, where there is one. */
export function usedName({ ema }: Pick<AdamConfig, 'ema'>, name: string): string {
  return ema === 0 ? name : `${averagePrefix}/${name}`;
}

/** The shapes of all weights that make up a model: of the parameters, and of their averages where there are some. */
export function keptShapes(
  { ema }: Pick<AdamConfig, 'ema'>,
  parameters: Readonly<Record<string, { readonly shape: readonly number[] }>>,
): WeightShapes {
  const shapes = Object.entries(parameters).map(([name, { shape }]) => [name, shape] as const);
  const averages = shapes.map(([name, shape]) => [`${averagePrefix}/${name}`, shape] as const);
  return Object.fromEntries(ema === 0 ? shapes : [...shapes, ...averages]);
}
