// Detectors on histories that are made up: each sees its own trouble, and none sees trouble in a game that goes well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../../runtime/random.js';
import type { GameOptions } from './evidence.js';
import { gameWarnings } from './game-warnings.js';
import type { Look } from './look.js';
import { swingOf } from './oscillating-losses.js';

type Metrics = (share: number, row: number) => Readonly<Record<string, number>>;

const noise = random(1).normal(10_000);
const healthy: Metrics = (share, row) => ({
  discriminatorLoss: 1 + 0.1 * (noise[2 * row] ?? 0),
  generatorLoss: 1 + share + 0.1 * (noise[2 * row + 1] ?? 0),
  'D(x)': 0.75,
  'D(G(z))': 0.25,
  generatorGradientNorm: 1,
});

const historyOf = (count: number, metrics: Metrics) =>
  Array.from({ length: count }, (_, row) => ({ step: 10 * (row + 1), epoch: row, metrics: metrics(row / count, row) }));

const looksOf = (...values: readonly (readonly [step: number, diversity: number, reach: number])[]): Look[] =>
  values.map(([step, diversity, reach]) => ({ step, diversity, reach }));

const defaults: GameOptions = {
  ...{ objective: 'non-saturating', labelSmoothing: 0, discriminatorSteps: 1, learningRate: 0.0002 },
  ...{ discriminatorLearningRate: null, optimiser: 'adam', beta1: 0.5, ema: 0 },
};

const warned = (count: number, metrics: Metrics, { options = defaults, looks = [] as readonly Look[] } = {}) =>
  gameWarnings({ history: historyOf(count, metrics), looks, options });

const namesOf = (...given: Parameters<typeof warned>) => warned(...given).map(({ name }) => name);

test('a game that goes well, a short one, and none have no warnings', () => {
  const looks = looksOf(...Array.from({ length: 20 }, (_, i) => [100 * i, 0.9, 0.8] as const));
  assert.deepEqual(namesOf(400, healthy, { looks }), []);
  assert.deepEqual(
    namesOf(10, () => ({ 'D(x)': 1, 'D(G(z))': 0, discriminatorLoss: 0, generatorLoss: 9 })),
    [],
  );
  assert.deepEqual(namesOf(0, healthy), []);
});

test('a discriminator that is always right for the last tenth', () => {
  const late =
    (real: number, fake: number): Metrics =>
    (share, row) => ({ ...healthy(share, row), ...(share < 0.9 ? {} : { 'D(x)': real, 'D(G(z))': fake }) });
  const [warning] = warned(200, late(0.99, 0.01));
  assert.equal(warning?.name, 'discriminator wins');
  assert.match(
    warning.text,
    /D\(x\) is 0\.99, D\(G\(z\)\) 0\.01.* What helps: set discriminatorLearningRate to 0\.00005, a quarter of what it is; set labelSmoothing to 0\.1\.$/,
  );
  assert.deepEqual(namesOf(200, late(0.96, 0.01)), []);
  assert.deepEqual(namesOf(200, late(0.99, 0.04)), []);
  // With targets of 0.9 on data it is right about everything at 0.9.
  assert.deepEqual(namesOf(200, late(0.9, 0.01), { options: { ...defaults, labelSmoothing: 0.1 } }), [
    'discriminator wins',
  ]);
  // For a moment it may be right.
  const moment: Metrics = (share, row) => late(0.99, 0.01)(share > 0.99 ? 1 : 0, row);
  assert.deepEqual(namesOf(200, moment), []);
});

test('a discriminator that answers 1/2 to everything, once the game has ended', () => {
  const half: Metrics = (share, row) => ({ ...healthy(share, row), 'D(x)': 0.501, 'D(G(z))': 0.499 });
  const [warning] = warned(100, half);
  assert.deepEqual([warning?.name, warning?.isFinal], ['discriminator undecided', true]);
  assert.match(warning?.text ?? '', /set discriminatorLearningRate to 0\.0008, or discriminatorSteps to 2/);
});

test('samples that become alike, and samples that leave kinds of rows out', () => {
  const falling = (to: readonly [number, number]): Look[] =>
    looksOf(
      ...[0.3, 0.6, 0.9, 0.9].map((value, i) => [10 * i, value, value] as const),
      ...[4, 5, 6, 7].map((i) => [10 * i, ...to] as const),
    );
  const alike = warned(100, healthy, { looks: falling([0.2, 0.3]) });
  assert.deepEqual(
    alike.map(({ name }) => name),
    ['mode collapse'],
  );
  assert.match(alike[0]?.text ?? '', /mean distance between samples is 20 % of that between rows/);
  const few = warned(100, healthy, { looks: falling([0.9, 0.25]) });
  assert.match(few[0]?.text ?? '', /samples are of 25 % of the kinds of rows/);
  assert.deepEqual(namesOf(100, healthy, { looks: falling([0.6, 0.5]) }), []);
  // Seven looks are too few.
  assert.deepEqual(namesOf(100, healthy, { looks: falling([0.2, 0.3]).slice(1) }), []);
});

test('samples that never were various are a collapse after a thousand steps, unless they still become so', () => {
  const from = (step: number, growth: number): Look[] =>
    looksOf(...Array.from({ length: 8 }, (_, i) => [step + i, 0.2 * growth ** i, 0.2 * growth ** i] as const));
  assert.deepEqual(namesOf(100, healthy, { looks: from(2000, 1) }), ['mode collapse']);
  assert.deepEqual(namesOf(100, healthy, { looks: from(200, 1) }), []);
  assert.deepEqual(namesOf(100, healthy, { looks: from(2000, 1.08) }), []);
});

test('losses that swing, but not noise, trends, small swings, and values of a critic', () => {
  const swinging =
    (amplitude: number, rest: object = {}): Metrics =>
    (share, row) => ({ ...healthy(share, row), generatorLoss: 1 + amplitude * Math.sin(row / 3), ...rest });
  const [warning] = warned(300, swinging(0.8));
  assert.equal(warning?.name, 'oscillating losses');
  assert.match(
    warning.text,
    /generatorLoss goes up and down by 0\.8. about 1\..*lower learningRate from 0\.0002 to 0\.00005; lower beta1 from 0\.5 to 0; set ema/,
  );
  assert.deepEqual(namesOf(300, swinging(0.3)), []);
  assert.deepEqual(
    namesOf(300, (share, row) => ({ ...healthy(share, row), generatorLoss: 1 + (noise[row] ?? 0) })),
    [],
  );
  assert.deepEqual(
    namesOf(300, (share, row) => ({ ...healthy(share, row), generatorLoss: 10 * share })),
    [],
  );
  // It swung, but has settled.
  assert.deepEqual(
    namesOf(300, (share, row) => swinging(share < 0.4 ? 0.8 : 0.01)(share, row)),
    [],
  );
  const critic: Metrics = (_, row) => ({ discriminatorLoss: Math.sin(row / 3), generatorLoss: 5, 'critic(x)': 1 });
  assert.deepEqual(namesOf(300, critic), []);
});

test('a swing is told by its amplitude, level, smoothness and crossings', () => {
  // Ten periods of sin around 3 + a trend of 0.01 per value.
  const values = Array.from({ length: 400 }, (_, i) => 3 + 0.01 * i + 2 * Math.sin((2 * Math.PI * (i + 0.5)) / 40));
  const { amplitude, level, ratio, crossings } = swingOf(values);
  assert.ok(Math.abs(amplitude - 2) < 0.03 && Math.abs(level - 4.995) < 1e-6);
  // (2 sin(pi / 40))^2 of a sine with 40 values per period.
  assert.ok(Math.abs(ratio - (2 * Math.sin(Math.PI / 40)) ** 2) < 0.002);
  assert.ok(crossings >= 17 && crossings <= 21);
  assert.ok(Math.abs(swingOf(Array.from(noise.subarray(0, 2000))).ratio - 2) < 0.15);
});

test("a generator's gradient that has vanished, by its norm or under the minimax objective", () => {
  const minimax = { ...defaults, objective: 'minimax' };
  const norms: Metrics = (share, row) => ({ ...healthy(share, row), generatorGradientNorm: share < 0.5 ? 1 : 1e-4 });
  const [warning] = warned(200, norms, { options: minimax });
  assert.equal(warning?.name, 'vanishing gradient');
  assert.match(
    warning.text,
    /norm is 0\.00010, after 1\.0 at the start\. What helps: use the objective non-saturating; /,
  );
  assert.deepEqual(
    namesOf(200, (s, r) => ({ ...healthy(s, r), generatorGradientNorm: s < 0.5 ? 1 : 0.01 })),
    [],
  );
  const unseen: Metrics = () => ({ discriminatorLoss: 1, generatorLoss: 1, 'D(x)': 0.9, 'D(G(z))': 0.005 });
  assert.deepEqual(namesOf(200, unseen, { options: minimax }), ['vanishing gradient']);
  assert.deepEqual(namesOf(200, unseen), []);
});

test('remedies are options that the model has and does not use yet, four at most', () => {
  const looks = looksOf(...Array.from({ length: 8 }, (_, i) => [2000 + i, 0.1, 0.1] as const));
  const helps = (options: GameOptions): string | undefined =>
    /What helps: (.*)\.$/.exec(warned(0, healthy, { options, looks })[0]?.text ?? '')?.[1];
  assert.equal(helps(defaults), 'lower learningRate from 0.0002 to 0.00005');
  assert.equal(
    helps({
      ...defaults,
      unrolledSteps: 0,
      minibatchDeviation: false,
      gradientPenalty: 0,
      objective: 'minimax',
      instanceNoise: 0,
    }),
    'set unrolledSteps to 5; set minibatchDeviation to true; use the objective wasserstein with gradientPenalty 10; ' +
      'use the objective non-saturating',
  );
  assert.equal(
    helps({ ...defaults, unrolledSteps: 5, minibatchDeviation: true, gradientPenalty: 10, objective: 'wasserstein' }),
    'lower learningRate from 0.0002 to 0.00005',
  );
  assert.equal(helps({}), undefined);
});
