// Looking ahead, on networks of one weight each, G(z) = w z and a(x) = v x: what the generator minimises is written down here by hand as
// a function of w alone, the discriminator's further updates inside it, and differentiated by central differences in float64.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { adam } from '../../nn/optimisers/adam.js';
import type { Optimiser } from '../../nn/optimisers/optimiser.js';
import { rmsProp } from '../../nn/optimisers/rms-prop.js';
import { sgd } from '../../nn/optimisers/sgd.js';
import { openRuntime } from '../../runtime/node/open.js';
import { type Played, play, start } from './testing/tiny-game.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const steps = 2;
const generatorRate = 0.3;

const ahead = (discriminatorOptimiser: Optimiser, unrolledSteps: number, freshNoise: boolean) =>
  play(runtime, { discriminatorOptimiser, unrolledSteps, freshNoise }, steps);

const logistic = (a: number): number => 1 / (1 + Math.exp(-a));
const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** d/dv of -mean log D(x) - mean log(1 - D(w z)). */
function slope(v: number, real: readonly number[], fake: readonly number[]): number {
  return (
    average(real.map((one) => -(1 - logistic(v * one)) * one)) + average(fake.map((one) => logistic(v * one) * one))
  );
}

/** An optimiser of one number, as a function from its memory to the change and the next memory. */
type ByHand = (
  gradient: number,
  memory: readonly number[],
) => { readonly change: number; readonly memory: readonly number[] };

const byHand: Readonly<Record<string, { readonly optimiser: Optimiser; readonly update: ByHand }>> = {
  'gradient descent': {
    optimiser: sgd({ learningRate: 0.4 }),
    update: (gradient, memory) => ({ change: 0.4 * gradient, memory }),
  },
  momentum: {
    optimiser: sgd({ learningRate: 0.4, momentum: 0.5 }),
    update: (gradient, [velocity = 0]) => {
      const next = 0.5 * velocity + gradient;
      return { change: 0.4 * next, memory: [next] };
    },
  },
  adam: {
    optimiser: adam({ learningRate: 0.2, beta1: 0.5, beta2: 0.9 }),
    update: (gradient, [mean = 0, square = 0, count = 0]) => {
      const next = [0.5 * mean + 0.5 * gradient, 0.9 * square + 0.1 * gradient ** 2, count + 1] as const;
      const corrected = [next[0] / (1 - 0.5 ** next[2]), next[1] / (1 - 0.9 ** next[2])] as const;
      return { change: (0.2 * corrected[0]) / (Math.sqrt(corrected[1]) + 1e-8), memory: next };
    },
  },
  'rms-prop': {
    optimiser: rmsProp({ learningRate: 0.1, decay: 0.9 }),
    update: (gradient, [square = 0]) => {
      const next = 0.9 * square + 0.1 * gradient ** 2;
      return { change: (0.1 * gradient) / (Math.sqrt(next) + 1e-8), memory: [next] };
    },
  },
};

/** The same game on paper. */
function expected(played: Played, update: ByHand, unrolledSteps: number, freshNoise: boolean) {
  let { v, w } = start;
  let memory: readonly number[] = [];
  for (let step = 0; step < steps; step++) {
    const real = played.row(step, 0);
    const seen = played.noise('z', step);
    const times = (z: readonly number[], weight: number) => z.map((one) => weight * one);
    const turn = update(slope(v, real, times(seen, w)), memory);
    v -= turn.change;
    memory = turn.memory;
    const z = freshNoise ? played.noise('zGenerator', step) : seen;
    const generatorLoss = (weight: number): number => {
      let [later, remembered] = [v, memory];
      for (let k = 0; k < unrolledSteps; k++) {
        const next = update(slope(later, real, times(z, weight)), remembered);
        later -= next.change;
        remembered = next.memory;
      }
      return average(times(z, later * weight).map((a) => Math.log(1 + Math.exp(-a))));
    };
    w -= (generatorRate * (generatorLoss(w + 1e-5) - generatorLoss(w - 1e-5))) / 2e-5;
  }
  return { v, w };
}

for (const [name, { optimiser, update }] of Object.entries(byHand))
  for (const unrolledSteps of [0, 1, 3])
    test(`${name}, ${unrolledSteps} steps ahead: the generator's gradient passes through them`, async () => {
      const played = await ahead(optimiser, unrolledSteps, true);
      const hand = expected(played, update, unrolledSteps, true);
      // float32 over two steps; central differences of step 1e-5 are right to 1e-9.
      assert.ok(Math.abs(played.w - hand.w) < 1e-5, `generator ${played.w}, by hand ${hand.w}`);
      assert.ok(Math.abs(played.v - hand.v) < 1e-5, `discriminator ${played.v}, by hand ${hand.v}`);
    });

test('samples that the discriminator has just seen are looked ahead from as well', async () => {
  const played = await ahead(sgd({ learningRate: 0.4 }), 2, false);
  const hand = expected(played, byHand['gradient descent']?.update ?? assert.fail(), 2, false);
  assert.ok(Math.abs(played.w - hand.w) < 1e-5, `generator ${played.w}, by hand ${hand.w}`);
});

test('looking ahead changes what the generator learns, by far more than rounding', async () => {
  const played = await ahead(sgd({ learningRate: 0.4 }), 0, true);
  for (const [name, { update }] of Object.entries(byHand)) {
    const [blind, seeing] = [expected(played, update, 0, true), expected(played, update, 3, true)];
    assert.ok(Math.abs(blind.w - seeing.w) > 1e-3, name);
  }
});
