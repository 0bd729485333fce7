import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DatasetError } from '../core/errors.js';
import { coverage } from './coverage.js';
import { density } from './density.js';
import { manifolds } from './manifolds.js';
import type { FeatureRows } from './metric.js';
import { precision } from './precision.js';
import { recall } from './recall.js';
import { someRows } from './some-rows.js';
import { gaussianRows, recordedRows, rowsOf, shuffled } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

const metrics = { precision, recall, density, coverage };

async function all(real: FeatureRows, samples: FeatureRows): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const [name, metric] of Object.entries(metrics))
    values[name] = (await metric.compute({ real, samples }, { workspace })).value;
  return values;
}

const assertClose = (found: Record<string, number>, expected: Record<string, number>) => {
  for (const [name, value] of Object.entries(expected))
    assert.ok(Math.abs(found[name]! - value) < 1e-12, `${name}: ${found[name]} instead of ${value}`);
};

test('the values of prdc', async () => {
  const { real: x, samples: y } = recordedRows();
  // prdc.compute_prdc(x, y, 5)
  assertClose(await all(x, y), {
    precision: 0.35,
    recall: 0,
    density: 0.09666666666666668,
    coverage: 0.06666666666666667,
  });
  // prdc.compute_prdc(x[:45], 0.7 * x[10:] + 0.1 * y[10:], 5)
  const mixed = {
    data: x.data.map((value, i) => 0.7 * value + 0.1 * y.data[i]!).subarray(80),
    rows: 50,
    width: 8,
  };
  assertClose(await all({ data: x.data.subarray(0, 360), rows: 45, width: 8 }, mixed), {
    precision: 0.98,
    recall: 0.9111111111111111,
    density: 0.96,
    coverage: 0.9777777777777777,
  });
});

test('rows on a line, on paper', async () => {
  const real = rowsOf([[0], [1], [2], [3], [4], [5], [6]]);
  const samples = rowsOf([[8], [9], [10], [11], [12], [13], [60]]);
  // The fifth neighbours of 3, 4, 5 and 6 are 3, 3, 4 and 5 away: of samples, 8 and 9 lie in the balls of 5 and 6, 10 and 11 in that of 6.
  // Those of 8, 9, 10 and 60 are 5, 4, 3 and 51 away: the ball of 8 holds 3, 4, 5 and 6, that of 9 holds 5 and 6.
  assertClose(await all(real, samples), { precision: 4 / 7, recall: 4 / 7, density: 6 / (5 * 7), coverage: 2 / 7 });
});

test('swapped inputs swap precision and recall', async () => {
  const real = gaussianRows(80, 3, { seed: 1 });
  const samples = gaussianRows(50, 3, { seed: 2, mean: 0.7 });
  const [there, back] = [await all(real, samples), await all(samples, real)];
  assert.equal(there.precision, back.recall);
  assert.equal(there.recall, back.precision);
  assert.notEqual(there.precision, there.recall);
});

test('a set and its copy are in each other, duplicates or not', async () => {
  const real = gaussianRows(30, 2);
  assertClose(await all(real, shuffled(real, 3)), { precision: 1, recall: 1, coverage: 1 });
  const duplicates = rowsOf(new Array(20).fill([0.1, 0.7]));
  assertClose(await all(duplicates, rowsOf(new Array(10).fill([0.1, 0.7]))), {
    precision: 1,
    recall: 1,
    coverage: 1,
    density: 4,
  });
  // Radii of 0 reach nothing else, however near.
  assertClose(await all(duplicates, rowsOf(new Array(10).fill([0.1, 0.7 + 1e-12]))), {
    ...{ precision: 0, recall: 0, coverage: 0, density: 0 },
  });
});

test('a constant feature changes nothing, nor does a common shift', async () => {
  const real = gaussianRows(60, 2, { seed: 1 });
  const samples = gaussianRows(60, 2, { seed: 2, mean: 0.5 });
  const wider = ({ data, rows }: FeatureRows): FeatureRows => ({
    data: Float64Array.from({ length: rows * 3 }, (_, at) =>
      at % 3 === 2 ? 7 : data[2 * Math.floor(at / 3) + (at % 3)]!,
    ),
    rows,
    width: 3,
  });
  const expected = await all(real, samples);
  assert.deepEqual(await all(wider(real), wider(samples)), expected);
  const moved = (rows: FeatureRows): FeatureRows => ({ ...rows, data: rows.data.map((value) => value + 1024) });
  assert.deepEqual(await all(moved(real), moved(samples)), expected);
});

test('samples as good as real rows: density 1 and coverage 1 - 2^-5 on average', async () => {
  const { density: crowded = 0, coverage: covered = 0 } = await all(
    gaussianRows(1000, 3, { seed: 1 }),
    gaussianRows(1000, 3, { seed: 2 }),
  );
  assert.ok(Math.abs(crowded - 1) < 0.1, String(crowded));
  assert.ok(Math.abs(covered - (1 - 2 ** -5)) < 0.02, String(covered));
});

test('collapsed samples are precise and reach little', async () => {
  const real = gaussianRows(200, 3, { seed: 1 });
  const collapsed = someRows(
    gaussianRows(200, 3, { seed: 2, deviation: 1e-9 }),
    Array.from({ length: 150 }, (_, i) => i),
  );
  const { precision: precise, recall: recalled, coverage: covered = 1 } = await all(real, collapsed);
  assert.deepEqual([precise, recalled], [1, 0]);
  assert.ok(covered < 0.2);
});

test('intervals hold the value, and too few rows are refused', async () => {
  const [real, samples] = [gaussianRows(60, 2, { seed: 1 }), gaussianRows(60, 2, { seed: 2, mean: 1.5 })];
  for (const metric of Object.values(metrics)) {
    const { value, interval: [low, high] = [1, 0] } = await metric.compute({ real, samples }, { workspace });
    assert.ok(low < high && low <= value && value <= high, `${metric.name}: ${value} in ${low} to ${high}`);
    await assert.rejects(metric.compute({ real, samples: gaussianRows(5, 2) }), DatasetError);
  }
});

test('who lies in whose neighbourhood does not depend on the blocks', async () => {
  const [real, samples] = [gaussianRows(53, 5, { seed: 1 }), gaussianRows(37, 5, { seed: 2, mean: 0.3 })];
  const counts = async (rowsA: number, rowsB: number) => {
    const fresh = openWorkspace({ threads: 1 });
    const found = await manifolds({ real, samples }, { workspace: fresh, sizes: { rowsA, rowsB } });
    await fresh.close();
    return found;
  };
  const whole = await counts(100, 100);
  assert.ok(whole.realBallsOfSample.some((balls) => balls > 1) && whole.sampleBallsOfReal.some((balls) => balls > 1));
  for (const [rowsA, rowsB] of [
    [1, 53],
    [10, 7],
    [53, 1],
  ] as const)
    assert.deepEqual(await counts(rowsA, rowsB), whole);
});
