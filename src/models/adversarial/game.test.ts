// Algorithm 1 on networks of one weight each, G(z) = w z and a(x) = v x, whose updates are written down here by hand in float64.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { adam } from '../../nn/optimisers/adam.js';
import { sgd } from '../../nn/optimisers/sgd.js';
import { openRuntime } from '../../runtime/node/open.js';
import { objectives } from './objectives/index.js';
import { type Played, play, start } from './testing/tiny-game.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const logistic = (a: number) => 1 / (1 + Math.exp(-a));
const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** d/dv of -mean log D(x) - mean log(1 - D(G(z))), the target on data being 1 - smoothing. */
function discriminatorSlope(v: number, real: readonly number[], fake: readonly number[], smoothing = 0): number {
  const onData = real.map((x) => -(1 - smoothing) * (1 - logistic(v * x)) * x + smoothing * logistic(v * x) * x);
  return average(onData) + average(fake.map((x) => logistic(v * x) * x));
}

/** d/dw of the generator's loss, the discriminator v being a constant. */
const generatorSlope = {
  minimax: (w: number, v: number, z: readonly number[]) => average(z.map((one) => -logistic(v * w * one) * v * one)),
  'non-saturating': (w: number, v: number, z: readonly number[]) =>
    average(z.map((one) => -(1 - logistic(v * w * one)) * v * one)),
} as const;

/** float32 against float64 over a few steps. */
const near = (actual: number, expected: number, what: string) =>
  assert.ok(Math.abs(actual - expected) < 2e-6, `${what}: ${actual}, by hand ${expected}`);

interface HandRules {
  readonly steps: number;
  readonly k: number;
  readonly momentum?: number;
  readonly smoothing?: number;
  readonly objective?: 'minimax' | 'non-saturating';
  readonly fresh?: boolean;
}

/** Algorithm 1 as printed, with stochastic gradient descent. */
function byHand(
  played: Played,
  { steps, k, momentum = 0, smoothing = 0, objective = 'non-saturating', fresh = true }: HandRules,
) {
  let { v, w } = start;
  let [vVelocity, wVelocity] = [0, 0];
  for (let step = 0; step < steps; step++) {
    let z: number[] = [];
    for (let turn = 0; turn < k; turn++) {
      z = played.noise(k === 1 ? 'z' : `z${turn + 1}`, step);
      const fake = z.map((one) => w * one);
      vVelocity = momentum * vVelocity + discriminatorSlope(v, played.row(step, turn), fake, smoothing);
      v -= 0.2 * vVelocity;
    }
    if (fresh) z = played.noise('zGenerator', step);
    wVelocity = momentum * wVelocity + generatorSlope[objective](w, v, z);
    w -= 0.3 * wVelocity;
  }
  return { v, w };
}

for (const objective of ['minimax', 'non-saturating'] as const)
  for (const k of [1, 2, 3])
    test(`${objective}, k = ${k}: the updates are those of Algorithm 1`, async () => {
      const steps = 4;
      const played = await play(runtime, { objective: objectives[objective], discriminatorSteps: k }, steps);
      const hand = byHand(played, { steps, k, objective });
      near(played.v, hand.v, 'discriminator');
      near(played.w, hand.w, 'generator');
    });

test('momentum is carried from turn to turn and from step to step', async () => {
  const [steps, k, momentum] = [4, 2, 0.6];
  const played = await play(
    runtime,
    {
      discriminatorSteps: k,
      generatorOptimiser: sgd({ learningRate: 0.3, momentum }),
      discriminatorOptimiser: sgd({ learningRate: 0.2, momentum }),
    },
    steps,
  );
  const hand = byHand(played, { steps, k, momentum });
  near(played.v, hand.v, 'discriminator');
  near(played.w, hand.w, 'generator');
});

test("adam counts the discriminator's updates, k a step", async () => {
  const [steps, k, beta1, beta2, rate] = [3, 2, 0.5, 0.9, 0.05];
  const optimiser = adam({ learningRate: rate, beta1, beta2 });
  const played = await play(
    runtime,
    { discriminatorSteps: k, generatorOptimiser: optimiser, discriminatorOptimiser: optimiser },
    steps,
  );
  const byAdam = () => {
    let [mean, square, count] = [0, 0, 0];
    return (slope: number) => {
      count += 1;
      mean = beta1 * mean + (1 - beta1) * slope;
      square = beta2 * square + (1 - beta2) * slope * slope;
      return (rate * (mean / (1 - beta1 ** count))) / (Math.sqrt(square / (1 - beta2 ** count)) + 1e-8);
    };
  };
  const [forV, forW] = [byAdam(), byAdam()];
  let { v, w } = start;
  for (let step = 0; step < steps; step++) {
    for (let turn = 0; turn < k; turn++) {
      const fake = played.noise(`z${turn + 1}`, step).map((one) => w * one);
      v -= forV(discriminatorSlope(v, played.row(step, turn), fake));
    }
    w -= forW(generatorSlope['non-saturating'](w, v, played.noise('zGenerator', step)));
  }
  near(played.v, v, 'discriminator');
  near(played.w, w, 'generator');
});

test('noise is fresh for every update as the paper prints it, or that of the last one where a model reuses it', async () => {
  const fresh = await play(runtime, { discriminatorSteps: 2 }, 1);
  assert.deepEqual(fresh.noiseNames, ['z1', 'z2', 'zGenerator']);
  const reused = await play(runtime, { discriminatorSteps: 2, freshNoise: false }, 4);
  assert.deepEqual(reused.noiseNames, ['z1', 'z2']);
  const hand = byHand(reused, { steps: 4, k: 2, fresh: false });
  near(reused.v, hand.v, 'discriminator');
  near(reused.w, hand.w, 'generator');
});

test('label smoothing moves the target on data only', async () => {
  const played = await play(runtime, { labelSmoothing: 0.1 }, 3);
  const hand = byHand(played, { steps: 3, k: 1, smoothing: 0.1 });
  near(played.v, hand.v, 'discriminator');
  near(played.w, hand.w, 'generator');
  const plain = byHand(played, { steps: 3, k: 1 });
  assert.ok(Math.abs(plain.v - hand.v) > 1e-3);
});

test("the average follows the generator's weight and plays no part in the game", async () => {
  const steps = 4;
  const played = await play(runtime, { ema: 0.9 }, steps);
  let expected = start.w;
  for (let step = 1; step <= steps; step++) {
    const { w } = byHand(played, { steps: step, k: 1 });
    // The share that is kept grows from 2/11 towards 0.9.
    const kept = Math.min(0.9, (1 + step) / (10 + step));
    expected = kept * expected + (1 - kept) * w;
  }
  near(played.average, expected, 'average');
  near(played.w, byHand(played, { steps, k: 1 }).w, 'generator');
});

test('metrics are the losses and probabilities before the updates, averaged over the k turns', async () => {
  const played = await play(runtime, { discriminatorSteps: 2 }, 1);
  let { v } = start;
  const { w } = start;
  const losses: number[] = [];
  const [onReal, onFake]: [number[], number[]] = [[], []];
  for (const turn of [0, 1]) {
    const real = played.row(0, turn);
    const fake = played.noise(`z${turn + 1}`, 0).map((one) => w * one);
    const now = v;
    losses.push(
      average(real.map((x) => -Math.log(logistic(now * x)))) +
        average(fake.map((x) => -Math.log(1 - logistic(now * x)))),
    );
    onReal.push(average(real.map((x) => logistic(now * x))));
    onFake.push(average(fake.map((x) => logistic(now * x))));
    v -= 0.2 * discriminatorSlope(v, real, fake);
  }
  const z = played.noise('zGenerator', 0);
  const generatorLoss = average(z.map((one) => -Math.log(logistic(v * w * one))));
  near(Number(played.metrics.discriminatorLoss?.[0]), average(losses), 'discriminatorLoss');
  near(Number(played.metrics.generatorLoss?.[0]), generatorLoss, 'generatorLoss');
  near(Number(played.metrics['D(x)']?.[0]), average(onReal), 'D(x)');
  near(Number(played.metrics['D(G(z))']?.[0]), average(onFake), 'D(G(z))');
});
