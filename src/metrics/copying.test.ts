import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DatasetError } from '../core/errors.js';
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
const rowAt = ({ data, width }: FeatureRows, row: number) => data.subarray(row * width, (row + 1) * width);
/** Rows of zeros and ones, most of which there are many times. */
const coins: typeof gaussianRows = (rows, width, options) => {
  const drawn = gaussianRows(rows, width, options);
  return { ...drawn, data: drawn.data.map((value) => (value > 0 ? 1 : 0)) };
};
/** Rows moved a little, each in its own direction. */
const nudged = (rows: FeatureRows, deviation: number): FeatureRows => {
  const noise = gaussianRows(rows.rows, rows.width, { seed: 9, deviation });
  return { ...rows, data: rows.data.map((value, i) => value + noise.data[i]!) };
};

test('of fresh samples, as many as expected are nearest to training rows', async () => {
  const found = await copied.compute({ training, real, samples: fresh }, { workspace });
  const [low, high] = found.interval ?? [1, 0];
  assert.ok(low < 0 && high > 0, `${found.value}`);
  assert.equal(found.details?.expected, 900 / 1300);
  assert.match(copied.read(found), /% of the samples .*; 69 % are expected .*no more than chance/);
});

test('copies of training rows are 1, however many more of them there are than of held-out rows', async () => {
  const few = someRows(training, first(150));
  const six = someRows(training, first(900));
  const held = someRows(real, first(150));
  for (const known of [few, six])
    for (const samples of [someRows(few, first(150)), nudged(someRows(few, first(150)), 0.05)]) {
      const found = await copied.compute({ training: known, real: held, samples }, { workspace });
      assert.ok(found.value > 0.95 && (found.interval?.[0] ?? 0) > 0.5, String(found.value));
      assert.match(copied.read(found), /most of them are copies/);
    }
  // Half of the samples are copies, half are not.
  const half = rowsOf(Array.from({ length: 200 }, (_, i) => [...rowAt(i % 2 === 0 ? six : fresh, i)]));
  const found = await copied.compute({ training: six, real, samples: half }, { workspace });
  assert.ok(Math.abs(found.value - 0.5) < 0.25, String(found.value));
  assert.match(copied.read(found), /some keep closer to training rows than new rows do/);
  // Samples that copy held-out rows are no copies of training rows: 0 of 6/7 expected.
  const opposite = await copied.compute({ training: six, real: held, samples: held }, { workspace });
  assert.ok(Math.abs(opposite.value + 6) < 1e-12, String(opposite.value));
  assert.match(copied.read(opposite), /no sign of copying/);
});

test('without copying the value is 0 on average, and within the interval as often as it says', async () => {
  for (const draw of [gaussianRows, coins]) {
    let [mean, squares, inside] = [0, 0, 0];
    for (let seed = 0; seed < 60; seed++) {
      const drawn = (rows: number, part: number) => draw(rows, 3, { seed: 3 * seed + part });
      const inputs = { training: drawn(120, 0), real: drawn(20, 1), samples: drawn(300, 2) };
      const { value, interval: [low, high] = [1, 0] } = await copied.compute(inputs, { workspace });
      mean += value / 60;
      squares += value ** 2 / 60;
      if (low <= 0 && high >= 0) inside++;
    }
    assert.ok(Math.abs(mean) < 3 * Math.sqrt(squares / 60), `${draw.name}: ${mean}`);
    assert.ok(inside >= 53, `${draw.name}: ${inside} of 60`);
  }
});

test('on paper: nearer, farther, equally near', async () => {
  const inputs = {
    training: rowsOf([[0], [10]]),
    real: rowsOf([[1], [20]]),
    samples: rowsOf([[0.2], [0.5], [1.5], [12]]),
  };
  const { value, details } = await copied.compute(inputs, { workspace });
  assert.deepEqual([value, details?.share, details?.equallyNear], [0.25, 2.5 / 4, 0.25]);
  // Two nearest rows of the training rows, one of the held-out ones: a third of a sample is no copy.
  const repeated = { training: rowsOf([[0], [0], [9]]), real: rowsOf([[0], [7]]), samples: rowsOf([[0], [9]]) };
  assert.equal((await copied.compute(repeated, { workspace })).details?.share, (2 / 3 + 1) / 2);
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

test('training rows themselves as samples are copies, all of them', async () => {
  const inputs = { training, real, samples: training };
  assert.equal((await exactDuplicates.compute(inputs, { workspace })).value, 1);
  assert.equal((await nearDuplicates.compute(inputs, { workspace })).value, 1);
  assert.equal((await copied.compute(inputs, { workspace })).value, 1);
});

test('near duplicates: about 1 % of fresh samples, all of nudged copies', async () => {
  const without = await nearDuplicates.compute({ training, real, samples: fresh }, { workspace });
  assert.ok(without.value < 0.04, String(without.value));
  const copies = nudged(someRows(training, first(300)), 0.01);
  const { value, details } = await nearDuplicates.compute({ training, real, samples: copies }, { workspace });
  assert.equal(value, 1);
  assert.ok(Number(details?.threshold) > 0.1);
});

test('of fresh samples 1 % are near duplicates on average, and fewer than 100 real rows are refused', async () => {
  let mean = 0;
  for (let seed = 0; seed < 60; seed++) {
    const drawn = (rows: number, part: number) => gaussianRows(rows, 2, { seed: 1000 + 3 * seed + part });
    const inputs = { training: drawn(80, 0), real: drawn(100, 1), samples: drawn(400, 2) };
    mean += (await nearDuplicates.compute(inputs, { workspace })).value / 60;
  }
  // The share below the first of 100 has a deviation of about 1 %: 0.13 % for the mean of 60.
  assert.ok(Math.abs(mean - 0.01) < 0.004, String(mean));
  const few = { training, real: someRows(real, first(99)), samples: fresh };
  assert.match(nearDuplicates.refusal?.(few) ?? '', /at least 100 held-out rows/);
  await assert.rejects(nearDuplicates.compute(few, { workspace }), DatasetError);
});

test('where real rows repeat, nothing is nearer than usual, and a warning says so', async () => {
  const repeated = rowsOf(Array.from({ length: 100 }, (_, i) => [i % 7]));
  const { value, warnings } = await nearDuplicates.compute(
    { training: repeated, real: repeated, samples: repeated },
    { workspace },
  );
  assert.equal(value, 0);
  assert.match(warnings?.[0] ?? '', /exact copies/);
});
