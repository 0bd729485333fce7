import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../core/errors.js';
import { gatherAll } from './dataset.js';
import { generate } from './generate.js';
import { eightGaussians } from './named/eight-gaussians.js';
import type { GeneratedEntry, Split } from './named/entry.js';
import { grid25Gaussians } from './named/grid-25-gaussians.js';
import { namedDatasets } from './named/index.js';
import { rings } from './named/rings.js';
import { swissRoll } from './named/swiss-roll.js';
import { twoMoons } from './named/two-moons.js';

const generated = Object.values(namedDatasets).filter((entry) => entry.kind === 'generated');

const rows = async (entry: GeneratedEntry, count: number, seed = 0, split: Split = 'train') => {
  const { x, labels } = await gatherAll(generate(entry, { count, seed, split }));
  return Array.from({ length: count }, (_, i) => ({ x: x[2 * i] ?? 0, y: x[2 * i + 1] ?? 0, label: labels?.[i] ?? 0 }));
};

test('seed and split decide the rows, and more rows begin with the same ones', async () => {
  assert.equal(generated.length, 5);
  for (const entry of generated) {
    assert.deepEqual(await rows(entry, 50), await rows(entry, 50));
    assert.deepEqual((await rows(entry, 80)).slice(0, 50), await rows(entry, 50));
    assert.notDeepEqual(await rows(entry, 50, 1), await rows(entry, 50, 2));
    assert.notDeepEqual(await rows(entry, 50, 1, 'train'), await rows(entry, 50, 1, 'test'));
  }
});

test('classes are equally likely', async () => {
  for (const entry of generated) {
    if (entry.classes === undefined) continue;
    const counts = entry.classes.map(() => 0);
    for (const { label } of await rows(entry, 10_000)) counts[label] = (counts[label] ?? 0) + 1;
    const expected = 10_000 / counts.length;
    // Five standard deviations of a binomial count.
    for (const count of counts)
      assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected), `${entry.name}: ${counts}`);
  }
});

// The root mean square of noise that should have standard deviation s: s / sqrt(2n) is its standard error; five are allowed.
const hasDeviation = (noise: readonly number[], expected: number, name: string) => {
  const received = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
  assert.ok(Math.abs(received - expected) < (5 * expected) / Math.sqrt(2 * noise.length), `${name}: ${received}`);
};

test('points lie around their places with the documented noise', async () => {
  const circle = (await rows(eightGaussians, 4000)).flatMap(({ x, y, label }) => [
    x - 2 * Math.cos((label * Math.PI) / 4),
    y - 2 * Math.sin((label * Math.PI) / 4),
  ]);
  hasDeviation(circle, 0.02, 'eight-gaussians');
  const grid = (await rows(grid25Gaussians, 4000)).flatMap(({ x, y, label }) => [
    x - (2 * (label % 5) - 4),
    y - (2 * Math.floor(label / 5) - 4),
  ]);
  hasDeviation(grid, 0.05, 'grid-25-gaussians');
  // Across a circle or a moon, only the radial part of the noise shows; on a circle of radius 0.75, curvature adds below 1 %.
  const outer = (await rows(rings, 4000)).filter(({ label }) => label === 3);
  hasDeviation(
    outer.map(({ x, y }) => Math.hypot(x, y) - 3),
    0.08,
    'rings',
  );
  const upper = (await rows(twoMoons, 8000)).filter(({ x, y, label }) => label === 0 && y > 0.5 && Math.abs(x) < 0.8);
  hasDeviation(
    upper.map(({ x, y }) => Math.hypot(x, y) - 1),
    0.1,
    'two-moons',
  );
});

test('the swiss roll is a spiral: its radius grows with its angle over one and a half turns', async () => {
  const radii = (await rows(swissRoll, 4000)).map(({ x, y }) => Math.hypot(x, y));
  // t / 5 runs from 0.94 to 2.83; noise 0.2 may add four deviations on either side.
  assert.ok(Math.min(...radii) > 0.94 - 0.8 && Math.max(...radii) < 2.83 + 0.8);
  const mean = radii.reduce((sum, radius) => sum + radius, 0) / radii.length;
  // Mean of t / 5 is 0.6 pi = 1.885; standard error of the mean 0.01.
  assert.ok(Math.abs(mean - 1.895) < 0.05, `${mean}`);
});

test('a count that cannot be is refused', () => {
  for (const count of [0, -1, 1.5]) assert.throws(() => generate(rings, { count }), ConfigError);
});

test('modes are where rows come from: the class of a row is the number of its mode', async () => {
  const mixtures = generated.flatMap((entry) => (entry.modes === undefined ? [] : [{ entry, modes: entry.modes }]));
  assert.deepEqual(mixtures.map(({ entry: { name } }) => name).sort(), ['eight-gaussians', 'grid-25-gaussians']);
  for (const { entry, modes } of mixtures) {
    assert.equal(modes.means.length, entry.classes?.length);
    const points = await rows(entry, 4000);
    let squares = 0;
    for (const { x, y, label } of points) {
      const [meanX = Number.NaN, meanY = Number.NaN] = modes.means[label] ?? [];
      squares += (x - meanX) ** 2 + (y - meanY) ** 2;
    }
    // A sum of 8000 squares of N(0, 1), its relative deviation sqrt(2 / 8000) = 1.6 %.
    assert.ok(Math.abs(squares / (8000 * modes.standardDeviation ** 2) - 1) < 0.07, `${entry.name}: ${squares}`);
  }
});
