import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { copied } from './copied.js';
import { exactDuplicates, nearDuplicates } from './duplicates.js';
import type { FeatureRows } from './metric.js';
import { someRows } from './some-rows.js';
import { gaussianRows, rowsOf } from './testing/rows.js';
import { openWorkspace } from './workspace.js';

const workspace = openWorkspace({ threads: 1 });
after(() => workspace.close());

const training = gaussianRows(900, 6, { seed: 1 });
const real = gaussianRows(400, 6, { seed: 2 });
const fresh = gaussianRows(300, 6, { seed: 3 });
const first = (count: number) => Array.from({ length: count }, (_, i) => i);
/** Rows moved a little, each in its own direction. */
const nudged = (rows: FeatureRows, deviation: number): FeatureRows => {
  const noise = gaussianRows(rows.rows, rows.width, { seed: 9, deviation });
  return { ...rows, data: rows.data.map((value, i) => value + noise.data[i]!) };
};

test('fresh samples are as near to training as to held-out rows', async () => {
  const {
    value,
    interval: [low, high] = [1, 0],
    details,
  } = await copied.compute({ training, real, samples: fresh }, { workspace });
  assert.ok(low < 0.5 && high > 0.5, `${value}`);
  assert.equal(details?.rowsOfEachSet, 400);
  assert.match(copied.read({ value, interval: [low, high] }), /copies nothing/);
});

test('copies of training rows, exact or not, are told from fresh samples', async () => {
  const few = someRows(training, first(400));
  for (const samples of [someRows(few, first(300)), nudged(someRows(few, first(300)), 0.05)]) {
    const { value, interval } = await copied.compute({ training: few, real, samples }, { workspace });
    assert.ok(value > 0.95 && (interval?.[0] ?? 0) > 0.9, String(value));
    assert.match(copied.read({ value, interval: [0.9, 1] }), /more than the 50 %/);
  }
  // Samples that copy held-out rows are no copies of training rows.
  const { value } = await copied.compute({ training: few, real, samples: someRows(real, first(300)) }, { workspace });
  assert.equal(value, 0);
});

test('on paper: nearer, farther, equally near', async () => {
  const inputs = {
    training: rowsOf([[0], [10]]),
    real: rowsOf([[1], [20]]),
    samples: rowsOf([[0.2], [0.5], [1.5], [12]]),
  };
  const { value, details } = await copied.compute(inputs, { workspace });
  assert.deepEqual([value, details?.equallyNear], [2.5 / 4, 0.25]);
});

test('exact duplicates are counted beside those that real rows have', async () => {
  const samples = rowsOf([[0], [3], [3], [4.5]]);
  const inputs = { training: rowsOf([[0], [3], [7]]), real: rowsOf([[3], [6]]), samples };
  const found = await exactDuplicates.compute(inputs, { workspace });
  assert.deepEqual([found.value, found.details?.amongRealRows], [0.75, 0.5]);
  assert.match(exactDuplicates.read(found), /75 %.*50 %/);
  const none = await exactDuplicates.compute({ training, real, samples: fresh }, { workspace });
  assert.deepEqual([none.value, none.interval?.[0]], [0, 0]);
});

test('near duplicates: about 1 % of fresh samples, all of nudged copies', async () => {
  const without = await nearDuplicates.compute({ training, real, samples: fresh }, { workspace });
  assert.ok(without.value < 0.04, String(without.value));
  const copies = nudged(someRows(training, first(300)), 0.01);
  const { value, details } = await nearDuplicates.compute({ training, real, samples: copies }, { workspace });
  assert.equal(value, 1);
  assert.ok(Number(details?.threshold) > 0.1);
});

test('where real rows repeat, nothing is nearer than usual, and a warning says so', async () => {
  const repeated = rowsOf([[0], [1], [1], [2]]);
  const { value, warnings } = await nearDuplicates.compute(
    { training: repeated, real: repeated, samples: repeated },
    { workspace },
  );
  assert.equal(value, 0);
  assert.match(warnings?.[0] ?? '', /exact copies/);
});
