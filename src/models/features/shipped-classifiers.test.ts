import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { test } from 'node:test';
import { UnknownNameError } from '../../core/errors.js';
import { mnist, openDataset, subset } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { featureSpaceFor, openFeatureSpace } from './node/open-feature-space.js';
import { shippedAccuracy, shippedClassifiers, shippedFor, shippedSpace } from './node/shipped-classifiers.js';

/** What each was to reach on its test set. */
const goals: Readonly<Record<string, number>> = {
  'mnist-classifier': 0.992,
  'fashion-mnist-classifier': 0.91,
  'cifar-10-classifier': 0.8,
};

test('every shipped classifier is there, reached its goal, and is a small file', async () => {
  assert.deepEqual(Object.keys(shippedClassifiers), Object.keys(goals));
  for (const [name, goal] of Object.entries(goals)) {
    const { testAccuracy, validationAccuracy } = await shippedAccuracy(name);
    assert.ok(testAccuracy >= goal && testAccuracy <= 1, `${name}: ${testAccuracy}`);
    // Weights are chosen by the validation rows; were they far better known than the test rows, something would have leaked.
    assert.ok(Math.abs(validationAccuracy - testAccuracy) < 0.02, `${name}: ${validationAccuracy}`);
    const { size } = await stat(new URL(`../../../../weights/${name}/weights.safetensors`, import.meta.url));
    assert.ok(size < 600_000, `${name}: ${size} bytes`);
  }
  await assert.rejects(shippedAccuracy('mnist'), UnknownNameError);
});

test('each gives features and probabilities of rows of its shape', async () => {
  for (const { name, exampleShape } of Object.values(shippedClassifiers)) {
    const space = await shippedSpace(name);
    assert.deepEqual([space.name, space.exampleShape, space.classes?.length], [name, exampleShape, 10]);
    const size = exampleShape.reduce((product, length) => product * length, 1);
    const { data, width, classes } = await space.extract({
      data: random(1).uniform(2 * size),
      shape: [2, ...exampleShape],
    });
    assert.deepEqual([data.length, width, classes?.data.length], [2 * space.width, space.width, 20]);
    for (const row of [0, 1]) {
      const total = Array.from(classes?.data.slice(row * 10, row * 10 + 10) ?? []).reduce(
        (sum, value) => sum + value,
        0,
      );
      assert.ok(Math.abs(total - 1) < 1e-5);
    }
    await space.dispose();
  }
});

test('the classifier of digits reads digits that it never saw, and its space tells them apart', async () => {
  const digits = subset(await mnist({ split: 'test' }), 500);
  const space = await featureSpaceFor(digits);
  assert.equal(space.name, 'mnist-classifier');
  const { data, width, classes } = await space.extract(digits);
  assert.deepEqual(space.classes, digits.classes);
  const isRight = (label: number, row: number): boolean => {
    const ofRow = classes?.data.subarray(row * 10, row * 10 + 10) ?? new Float32Array(0);
    return ofRow.indexOf(Math.max(...ofRow)) === label;
  };
  const { labels = new Int32Array(0) } = digits;
  assert.ok(labels.filter(isRight).length >= 0.98 * 500);
  // The nearest other row is of the same class far more often than among pixels, where it is for about 85 of 100.
  const nearest = (row: number): number => {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (let other = 0; other < 500; other++) {
      if (other === row) continue;
      let distance = 0;
      for (let i = 0; i < width; i++) distance += ((data[row * width + i] ?? 0) - (data[other * width + i] ?? 0)) ** 2;
      if (distance < least) [best, least] = [other, distance];
    }
    return best;
  };
  assert.ok(labels.filter((label, row) => labels[nearest(row)] === label).length > 0.95 * 500);
  await space.dispose();
  const binary = { name: 'binarized-mnist', exampleShape: [28, 28, 1] };
  assert.equal(shippedFor(binary)?.name, 'mnist-classifier');
  assert.equal(shippedFor({ name: 'mnist', exampleShape: [32, 32, 1] }), undefined);
  assert.equal(shippedFor({ name: 'photos', exampleShape: [28, 28, 1] }), undefined);
  const points = await openDataset('two-moons');
  await assert.rejects(openFeatureSpace('mnist-classifier', points), /takes rows of shape \[28, 28, 1\]/);
});

test('the recorded accuracies say how they were reached', async () => {
  for (const name of Object.keys(goals)) {
    const text = await readFile(new URL(`../../../../weights/${name}/accuracy.json`, import.meta.url), 'utf8');
    assert.match(text, /"command": "node dist\/bench\/train-features\.js [a-z0-9-]+"/);
  }
});
