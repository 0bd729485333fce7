import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DatasetError } from '../core/errors.js';
import { gaussianRows, rowsOf } from './testing/rows.js';
import { twoSampleTest, upperTail } from './two-sample-test.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

test('the tail of the normal distribution, as scipy.stats.norm.sf has it', () => {
  const expected = { 0: 0.5, 1: 0.15865525393145707, 2.5: 0.006209665325776132, '-1': 0.8413447460685429 };
  for (const [z, tail] of Object.entries(expected)) assert.ok(Math.abs(upperTail(Number(z)) - tail) < 1e-7);
});

test('equal distributions cannot be told apart', async () => {
  const [real, samples] = [gaussianRows(1000, 4, { seed: 1 }), gaussianRows(1200, 4, { seed: 2 })];
  const result = await twoSampleTest.compute({ real, samples }, { workspace });
  const [low, high] = result.interval ?? [1, 0];
  assert.ok(low < 0.5 && high > 0.5, `${result.value}`);
  assert.ok(Number(result.details?.pValue) > 0.01);
  assert.equal(result.details?.heldOutRows, 1000);
  assert.match(twoSampleTest.read(result), /cannot tell/);
});

test('a shift is found as often as the best rule finds it', async () => {
  // Of N(0, 1) and N(2, 1) the best rule, a threshold at 1, is right with probability 0.841.
  const [real, samples] = [gaussianRows(1500, 1, { seed: 1 }), gaussianRows(1500, 1, { seed: 2, mean: 2 })];
  const { value, details } = await twoSampleTest.compute({ real, samples }, { workspace });
  assert.ok(Math.abs(value - 0.841) < 0.03, String(value));
  assert.ok(Number(details?.pValue) < 1e-6);
});

test('another spread about the same mean is found, which no linear rule does', async () => {
  const [real, samples] = [gaussianRows(1000, 3, { seed: 1 }), gaussianRows(1000, 3, { seed: 2, deviation: 3 })];
  assert.ok((await twoSampleTest.compute({ real, samples }, { workspace })).value > 0.8);
});

test('the seed alone decides; constant features do no harm', async () => {
  const wide = (rows: readonly number[]) => rowsOf(rows.map((value) => [value, 7]));
  const [real, samples] = [
    wide(Array.from({ length: 60 }, (_, i) => i % 7)),
    wide(Array.from({ length: 60 }, (_, i) => i % 5)),
  ];
  const first = await twoSampleTest.compute({ real, samples }, { workspace, seed: 1 });
  assert.deepEqual(await twoSampleTest.compute({ real, samples }, { workspace, seed: 1 }), first);
  const same = rowsOf(new Array(40).fill([3]));
  assert.equal((await twoSampleTest.compute({ real: same, samples: same }, { workspace })).value, 0.5);
  await assert.rejects(twoSampleTest.compute({ real, samples: wide([1, 2]) }), DatasetError);
});

test('columns far from 0 and of very different scales are seen like all others', async () => {
  // Beside a column of millions the one that differs is tiny; alone it would be found in 84.1 % of cases. Far from 0 a float32 has few digits for it.
  const beside = (seed: number, mean: number) => {
    const [large, small] = [gaussianRows(1500, 1, { seed }), gaussianRows(1500, 1, { seed: seed + 2, mean })];
    return rowsOf(Array.from(small.data, (value, row) => [1e6 * (large.data[row] ?? 0), 1000 + 5e-4 * value]));
  };
  const { value } = await twoSampleTest.compute({ real: beside(1, 0), samples: beside(2, 2) }, { workspace });
  assert.ok(Math.abs(value - 0.841) < 0.03, String(value));
});

test('an aborted training ends', async () => {
  const [real, samples] = [gaussianRows(200, 4, { seed: 1 }), gaussianRows(200, 4, { seed: 2 })];
  const controller = new AbortController();
  const reason = new Error('enough');
  const onProgress = () => controller.abort(reason);
  await assert.rejects(
    twoSampleTest.compute({ real, samples }, { workspace, onProgress, signal: controller.signal }),
    reason,
  );
});
