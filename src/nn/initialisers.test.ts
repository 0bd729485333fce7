// Initialisers: moments within four standard errors, limits, orthogonality.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { fansOf, type Initialiser, initialisers } from './initialisers.js';
import { conv } from './layers/conv.js';
import { dense } from './layers/dense.js';
import { transposedConv } from './layers/transposed-conv.js';
import type { network } from './network.js';

const shape = [100, 300];
const draw = (initialise: Initialiser): Float32Array => initialise(shape, random(1), fansOf(shape));
const moment = (values: Float32Array, power: number): number =>
  values.reduce((total, value) => total + value ** power, 0) / values.length;

test('constants', () => {
  assert.ok(draw(initialisers.zeros()).every((value) => value === 0));
  assert.ok(draw(initialisers.ones()).every((value) => value === 1));
  assert.ok(draw(initialisers.constant(0.5)).every((value) => value === 0.5));
});

/** With fan-in 100 and fan-out 300. */
const moments: readonly [string, Initialiser, { mean?: number; variance: number; limit?: number }][] = [
  ['normal(0.02)', initialisers.normal(0.02), { variance: 0.0004 }],
  ['normal(0.02, 1)', initialisers.normal(0.02, 1), { mean: 1, variance: 0.0004 }],
  ['uniform(-1, 3)', initialisers.uniform(-1, 3), { mean: 1, variance: 16 / 12, limit: 3 }],
  ['Glorot uniform', initialisers.glorotUniform(), { variance: 2 / 400, limit: Math.sqrt(6 / 400) }],
  [
    'Glorot uniform with a gain',
    initialisers.glorotUniform(Math.SQRT2),
    { variance: 4 / 400, limit: Math.sqrt(12 / 400) },
  ],
  ['Glorot normal', initialisers.glorotNormal(), { variance: 2 / 400 }],
  ['He uniform', initialisers.heUniform(), { variance: 2 / 100, limit: Math.sqrt(6 / 100) }],
  ['He normal', initialisers.heNormal(), { variance: 2 / 100 }],
  ['He normal for leaky ReLU', initialisers.heNormal({ slope: 0.2 }), { variance: 2 / (1.04 * 100) }],
];
for (const [what, initialise, { mean = 0, variance, limit }] of moments)
  test(`${what}: mean ${mean}, variance ${variance.toPrecision(3)}`, () => {
    const values = draw(initialise);
    const centred = values.map((value) => value - mean);
    // Standard errors of n = 30000 numbers: sqrt(variance / n), and at most variance * sqrt(2 / n).
    assert.ok(Math.abs(moment(centred, 1)) < 4 * Math.sqrt(variance / 30_000));
    assert.ok(Math.abs(moment(centred, 2) - variance) < 4 * variance * Math.sqrt(2 / 30_000));
    if (limit !== undefined) {
      const largest = values.reduce((a, b) => Math.max(a, b));
      assert.ok(largest <= limit * (1 + 1e-6) && largest > 0.99 * limit);
    }
  });

test('fans count window places, groups, and the windows that reach a pixel', () => {
  const fansIn = (layer: Parameters<typeof network>[1], inputShape: readonly number[]) => {
    const { weight } = layer.parameters(inputShape);
    return weight?.fans ?? fansOf(weight?.shape ?? []);
  };
  assert.deepEqual(fansIn(dense({ units: 7 }), [5]), { fanIn: 5, fanOut: 7 });
  assert.deepEqual(fansIn(conv({ filters: 8, kernel: 3 }), [9, 9, 2]), { fanIn: 18, fanOut: 72 });
  assert.deepEqual(fansIn(conv({ filters: 8, kernel: 3, groups: 2 }), [9, 9, 2]), { fanIn: 9, fanOut: 36 });
  const up = transposedConv({ filters: 8, kernel: 4, stride: 2 });
  assert.deepEqual(fansIn(up, [9, 9, 2]), { fanIn: (16 * 2) / 4, fanOut: 16 * 8 });
});

for (const [rows, columns] of [
  [40, 40],
  [60, 20],
  [20, 60],
] as const)
  test(`orthogonal ${rows} x ${columns}: orthonormal along the shorter side, times the gain`, () => {
    const values = initialisers.orthogonal(2)([rows, columns], random(3), fansOf([rows, columns]));
    const [count, length] = rows >= columns ? [columns, rows] : [rows, columns];
    const at = (vector: number, i: number) =>
      values[rows >= columns ? i * columns + vector : vector * columns + i] ?? 0;
    for (let a = 0; a < count; a++)
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let i = 0; i < length; i++) product += at(a, i) * at(b, i);
        // Rounding to float32: sums of products, each off by at most 2^-24 of its size.
        assert.ok(Math.abs(product - (a === b ? 4 : 0)) < 1e-6, `vectors ${a} and ${b}: ${product}`);
      }
  });

test('orthogonal filters merge window places into rows', () => {
  const values = initialisers.orthogonal()([2, 2, 3, 5], random(4), fansOf([2, 2, 3, 5]));
  const norm = Array.from({ length: 12 }, (_, row) => values[row * 5] ?? 0).reduce((a, b) => a + b * b, 0);
  assert.ok(Math.abs(norm - 1) < 1e-6);
});

test('numbers that make no sense are refused', () => {
  assert.throws(() => initialisers.normal(-1), ConfigError);
  assert.throws(() => initialisers.uniform(1, 1), /high - low is 0/);
});
