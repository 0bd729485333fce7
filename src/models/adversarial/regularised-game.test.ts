// Games with penalties, clipped weights and other objectives, on networks of one weight each, G(z) = w z and a(x) = v x: what each
// player minimises is written down here by hand as a function of its own weight and differentiated by central differences in float64.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openRuntime } from '../../runtime/node/open.js';
import { add } from '../../tensor/index.js';
import type { Game } from './game-rules.js';
import { objectives } from './objectives/index.js';
import { gradientPenalty } from './regularisers/gradient-penalty.js';
import { r1 } from './regularisers/r1.js';
import { average, softplus } from './testing/by-hand.js';
import { batchSize, type Played, play, start } from './testing/tiny-game.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const steps = 3;
const derivative = (f: (x: number) => number, x: number): number => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;

/** What the players minimise, given a(x) of data and of samples. */
interface Losses {
  readonly discriminator: (real: readonly number[], fake: readonly number[]) => number;
  readonly generator: (fake: readonly number[], real: readonly number[]) => number;
}

const wasserstein: Losses = {
  discriminator: (real, fake) => average(fake) - average(real),
  generator: (fake) => -average(fake),
};

const nonSaturating: Losses = {
  discriminator: (real, fake) => average(real.map((a) => softplus(-a))) + average(fake.map(softplus)),
  generator: (fake) => average(fake.map((a) => softplus(-a))),
};

/** Algorithm 1 by gradient descent at the rates of the tiny game. `penalty` and `limit` are about the discriminator's v. */
function byHand(
  played: Played,
  { discriminator, generator }: Losses,
  penalty: (v: number) => number = () => 0,
  limit = Number.POSITIVE_INFINITY,
) {
  let { v, w } = start;
  for (let step = 0; step < steps; step++) {
    const real = played.row(step, 0);
    const fake = played.noise('z', step).map((z) => w * z);
    const loss = (weight: number): number =>
      penalty(weight) +
      discriminator(
        real.map((x) => weight * x),
        fake.map((x) => weight * x),
      );
    v = Math.max(-limit, Math.min(limit, v - 0.2 * derivative(loss, v)));
    const z = played.noise('zGenerator', step);
    const judged = real.map((x) => v * x);
    const generatorLoss = (weight: number): number =>
      generator(
        z.map((one) => v * weight * one),
        judged,
      );
    w -= 0.3 * derivative(generatorLoss, w);
  }
  return { v, w };
}

/** float32 against central differences in float64 over a few steps. */
function assertPlayed(played: Played, hand: { readonly v: number; readonly w: number }): void {
  for (const name of ['v', 'w'] as const)
    assert.ok(Math.abs(played[name] - hand[name]) < 1e-5, `${name}: ${played[name]}, by hand ${hand[name]}`);
}

const others: Readonly<Record<string, { readonly rules: Partial<Game>; readonly losses: Losses }>> = {
  'least squares': {
    rules: { objective: objectives['least-squares'] },
    losses: {
      discriminator: (real, fake) => average(real.map((a) => (a - 1) ** 2)) / 2 + average(fake.map((a) => a * a)) / 2,
      generator: (fake) => average(fake.map((a) => (a - 1) ** 2)) / 2,
    },
  },
  hinge: {
    rules: { objective: objectives.hinge },
    losses: {
      discriminator: (real, fake) =>
        average(real.map((a) => Math.max(0, 1 - a))) + average(fake.map((a) => Math.max(0, 1 + a))),
      generator: (fake) => -average(fake),
    },
  },
  'relativistic average': {
    rules: { objective: objectives['relativistic-average'] },
    losses: {
      discriminator: (real, fake) =>
        average(real.map((a) => softplus(average(fake) - a))) + average(fake.map((a) => softplus(a - average(real)))),
      generator: (fake, real) =>
        average(fake.map((a) => softplus(average(real) - a))) + average(real.map((a) => softplus(a - average(fake)))),
    },
  },
};

for (const [name, { rules, losses }] of Object.entries(others))
  test(`${name}: both players make the steps of their losses`, async () => {
    const played = await play(runtime, rules, steps);
    assertPlayed(played, byHand(played, losses));
  });

test("a gradient penalty keeps the critic's slope, here |v|, near 1", async () => {
  const rules = { objective: objectives.wasserstein, penalties: [gradientPenalty(2)] };
  const played = await play(runtime, rules, steps);
  // The slope of a linear critic is the same everywhere, so that nothing has to be drawn for where to look at it.
  assert.deepEqual(played.noiseNames, ['z', 'zGenerator']);
  assertPlayed(
    played,
    byHand(played, wasserstein, (v) => 2 * (Math.abs(v) - 1) ** 2),
  );
  assert.ok((played.metrics.gradientPenalty?.[0] ?? 0) > 0);
  // Of a critic there are values, not probabilities.
  assert.ok(played.metrics['critic(x)'] !== undefined && played.metrics['D(x)'] === undefined);
});

test('R1 pulls the slope on data, here v, towards 0', async () => {
  const played = await play(runtime, { penalties: [r1(3)] }, steps);
  assertPlayed(
    played,
    byHand(played, nonSaturating, (v) => (3 / 2) * v ** 2),
  );
});

test("the critic's weights stay within clip", async () => {
  const played = await play(runtime, { objective: objectives.wasserstein, clip: 0.25 }, steps);
  assertPlayed(
    played,
    byHand(played, wasserstein, () => 0, 0.25),
  );
  assert.ok(Math.abs(played.v) <= 0.25);
});

test('what the discriminator sees is changed for data, for samples and for the generator, each by noise of its own', async () => {
  const played = await play(
    runtime,
    { views: [(x, { noise }) => add(x, noise('shift', x.shape.map(Number), 'normal'))] },
    1,
  );
  assert.deepEqual(played.noiseNames, ['z', 'both1/shift', 'zGenerator', 'generator/shift']);
  const shifts = played.noise('both1/shift', 0);
  const real = played.row(0, 0).map((x, i) => x + (shifts[i] ?? 0));
  const fake = played.noise('z', 0).map((z, i) => start.w * z + (shifts[batchSize + i] ?? 0));
  const loss = (v: number): number =>
    nonSaturating.discriminator(
      real.map((x) => v * x),
      fake.map((x) => v * x),
    );
  const v = start.v - 0.2 * derivative(loss, start.v);
  const seen = played.noise('generator/shift', 0);
  const generatorLoss = (w: number): number =>
    nonSaturating.generator(
      played.noise('zGenerator', 0).map((z, i) => v * (w * z + (seen[i] ?? 0))),
      [],
    );
  assertPlayed(played, { v, w: start.w - 0.3 * derivative(generatorLoss, start.w) });
});

test('gradient norms are those of both players, on request', async () => {
  const played = await play(runtime, { gradientNorms: true }, 1);
  const real = played.row(0, 0);
  const fake = played.noise('z', 0).map((z) => start.w * z);
  const slope = derivative(
    (v) =>
      nonSaturating.discriminator(
        real.map((x) => v * x),
        fake.map((x) => v * x),
      ),
    start.v,
  );
  assert.ok(Math.abs((played.metrics.discriminatorGradientNorm?.[0] ?? 0) - Math.abs(slope)) < 1e-5);
  // By gradient descent the change is the rate times the gradient.
  const change = Math.abs(played.w - start.w) / 0.3;
  assert.ok(Math.abs((played.metrics.generatorGradientNorm?.[0] ?? 0) - change) < 1e-5);
  assert.equal((await play(runtime, {}, 1)).metrics.generatorGradientNorm, undefined);
});
