import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../runtime/random.js';
import { gatherAll } from '../dataset.js';
import { fromArrays } from '../from-arrays.js';
import { split } from '../split.js';
import { Standardisation, standardise } from './standardisation.js';
import { TableBuilder } from './table-builder.js';

test('means and deviations are those of the whole population', async () => {
  // StandardScaler().fit([[1, 10, 5], [2, 20, 5], [4, 60, 5]]): mean_ and scale_
  const data = fromArrays({
    x: [
      [1, 10, 5],
      [2, 20, 5],
      [4, 60, 5],
    ],
  });
  const { mean, deviation, logDeviation } = await Standardisation.fit(data);
  const close = (received: readonly number[], expected: readonly number[]) => {
    for (const [i, value] of received.entries()) assert.ok(Math.abs(value - (expected[i] ?? 0)) < 1e-12, `${value}`);
  };
  close(mean, [2.3333333333333335, 30, 5]);
  close(deviation, [1.247219128924647, 21.602468994692867, 1]);
  close([logDeviation], [Math.log(1.247219128924647 * 21.602468994692867)]);
});

test('what is learnt from the training part is applied to the other, and undone', async () => {
  const all = fromArrays({ x: random(4).normal(3000, 1e4, 5), shape: [3] });
  const [train, rest] = split(all, { fractions: [0.8, 0.2] });
  assert.ok(train !== undefined && rest !== undefined);
  const scaling = await Standardisation.fit(train);
  const { x } = await gatherAll(scaling.apply(rest));
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  assert.ok(Math.abs(mean) > 1e-4 && Math.abs(mean) < 0.2, `${mean}`);
  const original = (await gatherAll(rest)).x;
  for (const [i, value] of scaling.undo(x).entries())
    assert.ok(Math.abs(value - (original[i] ?? 0)) <= 0.002, `${value}`);
  const again = new Standardisation(JSON.parse(JSON.stringify(scaling)));
  assert.deepEqual(again, scaling);
});

test('a density in new units becomes one in the old by the sum of the log deviations', async () => {
  // log N(x; 5, 2^2) = log N((x - 5) / 2; 0, 1) - log 2
  const scaling = new Standardisation({ mean: [5], deviation: [2] });
  const logNormal = (x: number, m: number, s: number) =>
    -0.5 * ((x - m) / s) ** 2 - Math.log(s * Math.sqrt(2 * Math.PI));
  const [z = 0] = scaling.do([8]);
  assert.ok(Math.abs(logNormal(z, 0, 1) - scaling.logDeviation - logNormal(8, 5, 2)) < 1e-12);
});

test('the categories of a table stay as they are, and the table says what was done', async () => {
  const builder = new TableBuilder({ path: 'x', delimiter: ',' });
  for (const [i, row] of [
    ['a', 'b'],
    ['1', 'x'],
    ['3', 'y'],
  ].entries())
    builder.add(row, i + 1);
  const data = builder.finish('x', { description: 'a test' });
  const scaled = await standardise(data);
  assert.deepEqual([...(await gatherAll(scaled)).x], [-1, 1, 0, 1, 0, 1]);
  assert.deepEqual(scaled.table?.standardisation, { mean: [2, 0, 0], deviation: [1, 1, 1] });
  await assert.rejects(standardise(scaled), { name: 'ConfigError', message: /standardised already/ });
});

test('what cannot be standardised is refused', async () => {
  await assert.rejects(standardise(fromArrays({ x: [[0, 0, 0, 0]], shape: [2, 2, 1] })), { name: 'ShapeError' });
  const scaling = new Standardisation({ mean: [0, 0], deviation: [1, 1] });
  assert.throws(() => scaling.apply(fromArrays({ x: [[1, 2, 3]] })), { name: 'ShapeError', message: /have 3 numbers/ });
  assert.throws(() => scaling.undo([1, 2, 3]), { name: 'ShapeError' });
  for (const deviation of [[0], [-1], [Number.NaN], [Number.POSITIVE_INFINITY], [1, 1]])
    assert.throws(() => new Standardisation({ mean: [0], deviation }), { name: 'ConfigError' });
  assert.throws(() => new Standardisation({ mean: [Number.NaN], deviation: [1] }), { name: 'ConfigError' });
});
