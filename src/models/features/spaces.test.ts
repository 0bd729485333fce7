import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, ShapeError, UnknownNameError } from '../../core/errors.js';
import { fromArrays, openDataset } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { classifier } from '../classifier/classifier.js';
import { classifierSpace } from './classifier-space.js';
import { featureSpaceFor, openFeatureSpace } from './node/open-feature-space.js';
import { cachedPcaSpace } from './node/pca-cache.js';
import { pcaSpace } from './pca-space.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-features-'));
after(() => rm(home, { recursive: true }));

/** Rows (a, 2a + b, 0) of independent a and b: two directions, of which (1, 2, 0) has most of the variance. */
const x = random(1).normal(300);
for (let i = 0; i < 300; i += 3) {
  x[i + 1] = 2 * (x[i] ?? 0) + 0.1 * (x[i + 1] ?? 0);
  x[i + 2] = 0;
}
const rows = fromArrays({ x, shape: [3], name: 'flat' });

test('principal components are fitted to the training rows, and keep the distances within their plane', async () => {
  const space = await pcaSpace(rows, 2);
  assert.deepEqual([space.name, space.width, space.classes], ['pca-2', 2, undefined]);
  const { data } = await space.extract({ data: x.slice(0, 6), shape: [2, 3] });
  const distance = (values: Float32Array, width: number): number =>
    Math.hypot(...Array.from({ length: width }, (_, i) => (values[i] ?? 0) - (values[width + i] ?? 0)));
  assert.ok(Math.abs(distance(data, 2) - distance(x.slice(0, 6), 3)) < 1e-5);
  await assert.rejects(space.extract({ data: x.slice(0, 6), shape: [3, 2] }), ShapeError);
  await space.dispose();
  await assert.rejects(
    pcaSpace(rows, 4),
    (error) =>
      error instanceof ConfigError && /pca-4 was asked for, but "flat" has 100 rows of 3 numbers/.test(error.message),
  );
});

test('components come from the cache as they were fitted, and other rows have others', async () => {
  const folder = join(home, 'cache');
  const first = await cachedPcaSpace(rows, 2, { folder });
  const again = await cachedPcaSpace(rows, 2, { folder });
  const given = { data: x.slice(0, 30), shape: [10, 3] };
  assert.deepEqual(await again.extract(given), await first.extract(given));
  const others = fromArrays({ x: random(2).normal(300), shape: [3], name: 'flat' });
  const different = await cachedPcaSpace(others, 2, { folder });
  assert.notDeepEqual(await different.extract(given), await first.extract(given));
  assert.equal(await again.identity(), await first.identity());
  assert.notEqual(await different.identity(), await first.identity());
  for (const space of [first, again, different]) await space.dispose();
});

test("a classifier's space has its features and its probabilities", async () => {
  const data = await openDataset('two-moons');
  const model = classifier({ hiddenLayers: [6, 4] });
  await model.fit(data, { steps: 20, threads: 1 });
  const space = classifierSpace(model, 'moons');
  assert.deepEqual([space.name, space.width, space.classes], ['moons', 4, ['upper moon', 'lower moon']]);
  const { x: points } = await data.gather([0, 1, 2]);
  const given = { data: points, shape: [3, 2] };
  const { data: features, classes, rows: count, width } = await space.extract(given);
  const seen = await model.features(given);
  assert.deepEqual([features, count, width], [seen.features.data, 3, 4]);
  assert.deepEqual(classes, { data: Float32Array.from(seen.probabilities.values), rows: 3, classes: 2 });
  const before = await space.identity();
  await model.fit(data, { steps: 1, seed: 1, threads: 1 });
  assert.notEqual(await space.identity(), before);
  await space.dispose();
  const flat = classifier({ hiddenLayers: [] });
  await flat.fit(data, { steps: 2, threads: 1 });
  assert.throws(() => classifierSpace(flat, 'flat'), /has no hidden layer/);
  await flat.dispose();
});

test('spaces go by names; what fits unknown data are pixels, and components where rows are wide', async () => {
  assert.equal((await openFeatureSpace('pixels', rows)).width, 3);
  await assert.rejects(openFeatureSpace('pixel', rows), (error) => {
    assert.ok(error instanceof UnknownNameError);
    assert.match(error.message, /Did you mean "pixels"/);
    return true;
  });
  await assert.rejects(
    openFeatureSpace('mnist-classifier', rows),
    (error) =>
      error instanceof ConfigError &&
      /takes rows of shape \[28, 28, 1\]; those of "flat" are \[3\]/.test(error.message),
  );
  assert.equal((await featureSpaceFor(rows)).name, 'pixels');
  const wide = fromArrays({ x: random(3).normal(20 * 1025), shape: [1025], name: 'wide' });
  const cache = join(home, 'wide');
  for (const space of [await featureSpaceFor(wide, { cache }), await openFeatureSpace('pca-19', wide, { cache })]) {
    assert.equal(space.name, 'pca-19');
    await space.dispose();
  }
});
