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

/** What steps of the game make of the two weights on the device, with the noise and the data that they were fed. */
export async function play(runtime: Runtime, rules: Partial<Game>, steps: number) {
  const players = tinyGame(rules);
  const program = gameProgram(players, batchSize, 0);
  const compiled = await runtime.compileStep(lowerLoop(program.step));
  try {
    const weights = {
      'discriminator/weight': float32(Float32Array.of(start.v), [1, 1]),
      'generator/weight': float32(Float32Array.of(start.w), [1, 1]),
    };
    const averages = players.ema === 0 ? {} : { 'ema/generator/weight': weights['generator/weight'] };
    await compiled.write({ ...program.initial, ...weights, ...averages });
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
    const metrics = await compiled.run(steps, Object.fromEntries(fed));
    const variables = await compiled.read();
    const value = (name: string) => Number(variables[name]?.data[0]);
    return {
      v: value('discriminator/weight'),
      w: value('generator/weight'),
      average: value('ema/generator/weight'),
      metrics,
      noiseNames: program.noise.map(({ name }) => name),
      row: (step: number, turn: number) =>
        [...rows.slice(step * program.batchSize)].slice(turn * batchSize, (turn + 1) * batchSize),
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
