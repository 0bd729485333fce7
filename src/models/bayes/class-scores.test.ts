import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { fromArrays, subset } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { gaussianBayes } from './gaussian-bayes.js';
import { naiveBayes } from './naive-bayes.js';

// Rows enough to be scored on the device, and few enough of them not to be: both have to agree.
const [rows, columns, classes] = [3000, 600, 4] as const;
const few = 20;
const x = random(1).uniform(rows * columns);
const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
for (let i = 0; i < x.length; i++)
  x[i] = (x[i]! + ((i % 7) * labels[Math.floor(i / columns)]!) / 9) * (i % 5 === 0 ? 3 : 1);
const data = fromArrays({ x, shape: [columns], labels });
const part = { data: x.slice(0, few * columns), shape: [few, columns] };

const models = {
  'naive Bayes': () => naiveBayes({ threshold: 0.9 }),
  'naive Bayes without smoothing, whose frequencies of 0 have no log-odds': () =>
    naiveBayes({ threshold: 3.2, alpha: 0 }),
  'Gaussian Bayes': () => gaussianBayes(),
  'spherical Gaussian Bayes': () => gaussianBayes({ covariance: 'spherical' }),
} as const;

for (const [name, make] of Object.entries(models))
  test(`${name}: rows score the same on the device and off it`, async () => {
    const model = make();
    after(() => model.dispose());
    await model.fit(data, { threads: 1 });
    const { values } = await model.jointLogProb({ data: x, shape: [rows, columns] });
    assert.equal(values.length, rows * classes);
    const { values: expected } = await model.jointLogProb(part);
    for (const [i, value] of expected.entries()) {
      if (!Number.isFinite(value)) assert.equal(values[i], value);
      // Sums of 600 terms in another order.
      else assert.ok(Math.abs(values[i]! - value) <= 1e-12 * Math.abs(value), `${values[i]}, not ${value}`);
    }
  });

test('classes so far apart that expanded squares lose their digits are scored by differences', async () => {
  const far = Float32Array.from(x, (value, i) => value + labels[Math.floor(i / columns)]! * 2 ** 20);
  const model = gaussianBayes({ covarianceFloor: 1e-15 });
  after(() => model.dispose());
  await model.fit(fromArrays({ x: far, shape: [columns], labels }), { threads: 1 });
  const all = await model.logProb({ data: far, shape: [rows, columns] });
  const some = await model.logProb({ data: far.slice(0, few * columns), shape: [few, columns] });
  assert.deepEqual(all.slice(0, few), some);
});

test('numbers that are not finite are named wherever they are', async () => {
  const model = gaussianBayes();
  after(() => model.dispose());
  await model.fit(subset(data, 40));
  for (const [row, column] of [
    [0, 0],
    [2999, 599],
  ] as const) {
    const broken = x.slice();
    broken[row * columns + column] = Number.NEGATIVE_INFINITY;
    await assert.rejects(
      model.logProb({ data: broken, shape: [rows, columns] }),
      (error) =>
        error instanceof ConfigError && error.message.includes(`row ${row} holds -Infinity at position ${column}`),
    );
  }
});
