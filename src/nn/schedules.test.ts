// Schedules against PyTorch 2.15: the learning rate before each step of an optimiser that began with 0.1,
//   for t in range(n): rates.append(optimiser.param_groups[0]['lr']); optimiser.step(); scheduler.step()
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { input } from '../tensor/operators/source.js';
import { array, assertNear, numberOf } from './numeric.test.support.js';
import { learningRateAt, type Schedule, schedules } from './schedules.js';

const step = input('step', []);
const ratesOf = (schedule: Schedule, count: number, first = 1): number[] => {
  const rate = schedule(step);
  return Array.from({ length: count }, (_, i) => numberOf(rate, { step: array([], [first + i]) }));
};

const references: readonly [string, Schedule, readonly number[]][] = [
  [
    'LinearLR(o, start_factor=1, end_factor=0.2, total_iters=5)',
    schedules.linear({ from: 0.1, to: 0.02, steps: 5 }),
    [0.1, 0.084, 0.068, 0.052, 0.036, 0.02, 0.02, 0.02],
  ],
  [
    'CosineAnnealingLR(o, T_max=6, eta_min=0.01)',
    schedules.cosine({ peak: 0.1, final: 0.01, steps: 6 }),
    [0.1, 0.0939711431702998, 0.0775, 0.055, 0.0325, 0.0160288568297003, 0.01],
  ],
  [
    'ExponentialLR(o, gamma=0.9)',
    schedules.exponential({ initial: 0.1, factor: 0.9, steps: 1 }),
    [0.1, 0.09, 0.081, 0.0729, 0.06561],
  ],
  [
    'StepLR(o, step_size=3, gamma=0.5)',
    schedules.stepwise({ initial: 0.1, factor: 0.5, after: 3 }),
    [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025],
  ],
  [
    'MultiStepLR(o, milestones=[2, 5], gamma=0.1)',
    schedules.stepwise({ initial: 0.1, after: [2, 5] }),
    [0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001],
  ],
];
for (const [call, schedule, expected] of references)
  test(`equals ${call}`, () => assertNear(ratesOf(schedule, expected.length), expected, 1e-15));

test('a cosine rises to its peak in the warm-up, then falls, and stays at its final value', () => {
  const rates = ratesOf(schedules.cosine({ peak: 1, final: 0.1, steps: 10, warmupSteps: 4 }), 14);
  assertNear(rates.slice(0, 5), [0.25, 0.5, 0.75, 1, 1], 1e-15);
  for (let i = 5; i < 11; i++) assert.ok(rates[i]! < rates[i - 1]!);
  assertNear(rates.slice(10), [0.1, 0.1, 0.1, 0.1], 1e-15);
});

test('a warm-up leads any rate in', () => {
  assertNear(ratesOf(schedules.warmup(0.2, 4), 6), [0.05, 0.1, 0.15, 0.2, 0.2, 0.2], 1e-15);
  const falling = schedules.linear({ from: 1, to: 0, steps: 10 });
  assertNear(ratesOf(schedules.warmup(falling, 2), 4), [0.5, 0.9, 0.8, 0.7], 1e-15);
});

test('constants are the same at every step', () => {
  assert.deepEqual(ratesOf(schedules.constant(0.3), 3), [0.3, 0.3, 0.3]);
  assert.equal(numberOf(learningRateAt(0.3, step, 'test')), 0.3);
});

test('schedules that make no sense are refused', () => {
  assert.throws(() => schedules.linear({ from: 1, to: 0, steps: 0 }), ConfigError);
  assert.throws(() => schedules.cosine({ peak: 1, steps: 5, warmupSteps: 5 }), /5 of 5 steps are warm-up/);
  assert.throws(() => schedules.stepwise({ initial: 1, after: [0] }), ConfigError);
  assert.throws(() => learningRateAt(0, step, 'sgd'), /sgd: learningRate is 0; it has to be a number above 0/);
});
