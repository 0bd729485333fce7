// Games of one weight each, G(z) = w z and a(x) = v x, whose updates tests can write down by hand.
import { initialisers } from '../../../nn/initialisers.js';
import { dense } from '../../../nn/layers/dense.js';
import { network } from '../../../nn/network.js';
import { sgd } from '../../../nn/optimisers/sgd.js';
import { random } from '../../../runtime/random.js';
import { float32, type Runtime } from '../../../runtime/runtime.js';
import { lowerLoop } from '../../../tensor/program.js';
import { unconditional } from '../conditioning/unconditional.js';
import { gameProgram } from '../game.js';
import type { Game } from '../game-rules.js';
import { objectives } from '../objectives/index.js';

/** Rows per turn. */
export const batchSize = 3;
const single = () => dense({ units: 1, bias: false, weightInitialiser: initialisers.normal(1) });

/** The game of the first GAN paper with other rules. */
export function tinyGame(rules: Partial<Game>): Game {
  return {
    name: 'tiny',
    generator: network('generator', single(), [1]),
    discriminator: network('discriminator', single(), [1]),
    generatorOptimiser: sgd({ learningRate: 0.3 }),
    discriminatorOptimiser: sgd({ learningRate: 0.2 }),
    objective: objectives['non-saturating'],
    conditioning: unconditional(),
    penalties: [],
    clip: null,
    views: [],
    labelSmoothing: 0,
    discriminatorSteps: 1,
    unrolledSteps: 0,
    gradientNorms: false,
    seesBatch: false,
    freshNoise: true,
    isImage: false,
    ema: 0,
    remedies: [],
    ...rules,
  };
}

/** The weights before the first step. */
export const start = { v: 0.7, w: -1.3 };

/**
 * What steps of the game make of the weights on the device, with the noise and the data that they were fed.
 *
 * @param weights what they start from, by name. Default: the two of `start`
 */
export async function play(
  runtime: Runtime,
  rules: Partial<Game>,
  steps: number,
  weights: Readonly<Record<string, readonly number[]>> = {
    'discriminator/weight': [start.v],
    'generator/weight': [start.w],
  },
) {
  const players = tinyGame(rules);
  const program = gameProgram(players, batchSize, 0);
  const compiled = await runtime.compileStep(lowerLoop(program.step));
  try {
    const averages = players.ema === 0 ? {} : { 'ema/generator/weight': [start.w] };
    const written = Object.entries({ ...weights, ...averages }).map(([name, values]) => [
      name,
      float32(Float32Array.from(values), program.initial[name]?.shape ?? []),
    ]);
    await compiled.write({ ...program.initial, ...Object.fromEntries(written) });
    const labels = random(3).integers(steps * program.batchSize, 0, Math.max(1, players.conditioning.size));
    const rows = random(1).normal(steps * program.batchSize, 1.5);
    const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
    const noise = new Map(
      program.noise.map(({ name, shape, distribution }) => {
        const stream = random(2).split(name);
        const size = sizeOf(shape);
        return [name, distribution === 'normal' ? stream.normal(steps * size) : stream.uniform(steps * size)] as const;
      }),
    );
    // Buffers are handed over to the device.
    const fed = [[program.rows, rows] as const, ...noise].map(([name, values]) => [name, values.slice()]);
    const told = program.labels === undefined ? {} : { [program.labels]: BigInt64Array.from(labels, BigInt) };
    const metrics = await compiled.run(steps, { ...Object.fromEntries(fed), ...told });
    const variables = await compiled.read();
    const numbers = (name: string): number[] => Array.from(variables[name]?.data ?? [], Number);
    const value = (name: string) => numbers(name)[0] ?? Number.NaN;
    const ofTurn = (values: ArrayLike<number>, step: number, turn: number): number[] => {
      const first = step * program.batchSize + turn * batchSize;
      return Array.from(values).slice(first, first + batchSize);
    };
    return {
      v: value('discriminator/weight'),
      w: value('generator/weight'),
      average: value('ema/generator/weight'),
      /** The values of any variable. */
      numbers,
      metrics,
      noiseNames: program.noise.map(({ name }) => name),
      row: (step: number, turn: number) => ofTurn(rows, step, turn),
      labels: (step: number, turn: number) => ofTurn(labels, step, turn),
      noise: (name: string, step: number) => {
        const values = noise.get(name) ?? new Float32Array();
        return [...values.slice((step * values.length) / steps, ((step + 1) * values.length) / steps)];
      },
    };
  } finally {
    await compiled.dispose();
  }
}

/** What {@link play} gives. */
export type Played = Awaited<ReturnType<typeof play>>;
