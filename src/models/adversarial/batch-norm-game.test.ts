// A game whose players have batch norms, with two turns of the discriminator a step, written down by hand:
//
//   G(z) = N_G(tanh(w z)),  a(x) = N_D(tanh(v x)),  N(h) = scale (h - mean h) / sqrt(var h + 1e-5) + bias  over the rows of a batch
//
// Data and samples are judged batch by batch, as DCGANs are. Running statistics move with every batch of a turn, and with all samples that
// the generator draws; what the discriminator sees in the generator's turn does not move its own.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { activation } from '../../nn/layers/activation.js';
import { batchNorm } from '../../nn/layers/batch-norm.js';
import { dense } from '../../nn/layers/dense.js';
import { sequential } from '../../nn/layers/sequential.js';
import { network } from '../../nn/network.js';
import { openRuntime } from '../../runtime/node/open.js';
import { average, descended, softplus } from './testing/by-hand.js';
import { play } from './testing/tiny-game.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const layers = () =>
  sequential({ first: dense({ units: 1, bias: false }), bend: activation('tanh'), norm: batchNorm() });

/** Weight, scale and bias of a player. */
const names = ['first/weight', 'norm/scale', 'norm/bias'];
const beginning = { discriminator: [0.7, 1.2, -0.1], generator: [-1.3, 0.8, 0.3] };

/** Both players' layers on a batch, and the statistics of the batch. */
function passed([weight = 0, scale = 0, bias = 0]: readonly number[], inputs: readonly number[]) {
  const bent = inputs.map((x) => Math.tanh(weight * x));
  const mean = average(bent);
  const variance = average(bent.map((h) => (h - mean) ** 2));
  return {
    outputs: bent.map((h) => (scale * (h - mean)) / Math.sqrt(variance + 1e-5) + bias),
    statistics: { mean, variance: (variance * inputs.length) / (inputs.length - 1) },
  };
}

/** Running statistics of one player. */
class Running {
  mean = 0;
  variance = 1;

  see({ mean, variance }: { readonly mean: number; readonly variance: number }): void {
    this.mean = 0.9 * this.mean + 0.1 * mean;
    this.variance = 0.9 * this.variance + 0.1 * variance;
  }
}

test('k = 2 with batch norms: weights, scales, biases and running statistics are those by hand', async () => {
  const steps = 3;
  const played = await play(
    runtime,
    {
      generator: network('generator', layers(), [1]),
      discriminator: network('discriminator', layers(), [1]),
      discriminatorSteps: 2,
      seesBatch: true,
    },
    steps,
    Object.fromEntries(
      Object.entries(beginning).flatMap(([player, values]) =>
        names.map((name, index) => [`${player}/${name}`, values.slice(index, index + 1)]),
      ),
    ),
  );

  let { discriminator, generator } = beginning;
  const running = { discriminator: new Running(), generator: new Running() };
  for (let step = 0; step < steps; step++) {
    for (const turn of [0, 1]) {
      const real = played.row(step, turn);
      const drawn = passed(generator, played.noise(`z${turn + 1}`, step));
      running.generator.see(drawn.statistics);
      running.discriminator.see(passed(discriminator, real).statistics);
      running.discriminator.see(passed(discriminator, drawn.outputs).statistics);
      discriminator = descended(
        discriminator,
        0.2,
        (player) =>
          average(passed(player, real).outputs.map((a) => softplus(-a))) +
          average(passed(player, drawn.outputs).outputs.map(softplus)),
      );
    }
    const z = played.noise('zGenerator', step);
    running.generator.see(passed(generator, z).statistics);
    const judge = discriminator;
    generator = descended(generator, 0.3, (player) =>
      average(passed(judge, passed(player, z).outputs).outputs.map((a) => softplus(-a))),
    );
  }

  // float32 against central differences in float64; norms of three rows divide by small deviations.
  const near = (name: string, expected: number) =>
    assert.ok(
      Math.abs((played.numbers(name)[0] ?? Number.NaN) - expected) < 1e-4,
      `${name}: ${played.numbers(name)}, by hand ${expected}`,
    );
  for (const [player, values] of Object.entries({ discriminator, generator }))
    for (const [index, name] of names.entries()) near(`${player}/${name}`, values[index] ?? Number.NaN);
  for (const [player, { mean, variance }] of Object.entries(running)) {
    near(`${player}/norm/mean`, mean);
    near(`${player}/norm/variance`, variance);
  }
});
