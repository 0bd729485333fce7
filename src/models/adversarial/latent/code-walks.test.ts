// Walks along discovered codes: one code changes from column to column, everything else from row to row alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, NotFittedError } from '../../../core/errors.js';
import { fromArrays } from '../../../data/index.js';
import { random } from '../../../runtime/random.js';
import { drawPictures } from '../../pictures/draw-pictures.js';
import { drawCodes } from '../conditioning/code-layout.js';
import { dcgan } from '../dcgan.js';
import { infogan } from '../infogan.js';
import { codeWalks } from './code-walks.js';

const layout = { noise: 2, categories: [3, 2], continuous: 2, size: 9 };
const values = [-2, 0.5, 2];

test('each walk changes its own code alone, from what sampling of the seed begins with', () => {
  const walks = codeWalks(layout, { rows: 4, seed: 7, values });
  assert.deepEqual(
    walks.map(({ kind, number, values: taken }) => [kind, number, taken]),
    [
      ['category', 1, [0, 1, 2]],
      ['category', 2, [0, 1]],
      ['continuous', 1, values],
      ['continuous', 2, values],
    ],
  );
  const starts = drawCodes(layout, 4, random(7));
  // Where each code stands: the first number and how many.
  const places = [
    [2, 3],
    [5, 2],
    [7, 1],
    [8, 1],
  ] as const;
  for (const [index, { kind, values: taken, codes }] of walks.entries()) {
    const [from, count] = places[index] ?? [0, 0];
    assert.deepEqual(codes.shape, [4 * taken.length, 9]);
    for (let at = 0; at < 4 * taken.length; at++) {
      const [row, column] = [Math.floor(at / taken.length), at % taken.length];
      const expected = Array.from(starts.subarray(row * 9, (row + 1) * 9));
      const value = taken[column] ?? 0;
      expected.splice(
        from,
        count,
        ...(kind === 'category' ? Array.from({ length: count }, (_, i) => Number(i === value)) : [value]),
      );
      assert.deepEqual(Array.from(codes.data.subarray(at * 9, (at + 1) * 9)), expected);
    }
  }
});

test('by default ten noises and nine values from -2 to 2; nothing to walk where nothing was discovered', () => {
  const [, , continuous] = codeWalks(layout);
  assert.deepEqual(continuous?.values, [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2]);
  assert.deepEqual(continuous?.codes.shape, [90, 9]);
  assert.deepEqual(codeWalks({ noise: 5, categories: [], continuous: 0, size: 5 }), []);
  for (const options of [{ rows: 0 }, { rows: 1.5 }, { values: [] }, { values: [0, Number.NaN] }])
    assert.throws(() => codeWalks(layout, options), ConfigError);
});

test('an InfoGAN of images draws a sheet for each code: images of its walk, with its values', async () => {
  const model = infogan({ latentSize: 3, channels: 2, categoricalCodes: [3], continuousCodes: 1 });
  await assert.rejects(model.walkCodes(), NotFittedError);
  const data = fromArrays({ x: random(1).uniform(40 * 64), shape: [8, 8, 1], name: 'noise' });
  await model.fit(data, { steps: 2, batchSize: 8, threads: 1 });
  const [categories, continuous] = await model.walkCodes();
  assert.deepEqual(
    [categories?.samples.shape, continuous?.samples.shape],
    [
      [30, 8, 8, 1],
      [90, 8, 8, 1],
    ],
  );
  // The first row of the walk, decoded by itself.
  const again = await model.decode({
    data: categories?.codes.data.slice(0, 3 * 7) ?? new Float32Array(),
    shape: [3, 7],
  });
  for (const [i, value] of again.data.entries())
    assert.ok(Math.abs(value - (categories?.samples.data[i] ?? Number.NaN)) < 1e-5);
  const pictures = await drawPictures(model, { data });
  assert.deepEqual(
    pictures.map(({ name, title }) => [name, title]),
    [
      ['code-category-1', 'infogan on noise: categorical code 1'],
      ['code-continuous-1', 'infogan on noise: continuous code 1'],
    ],
  );
  assert.match(pictures[0]?.svg ?? '', />0<[\s\S]*>1<[\s\S]*>2</);
  assert.match(pictures[1]?.svg ?? '', />−2\.0<[\s\S]*>0\.5<[\s\S]*>2\.0</);
  const [sheet] = await model.portraits();
  assert.deepEqual([sheet?.columns, sheet?.images], [3, categories?.samples]);
  await model.dispose();
});

test('of many categories a sheet shows the first twenty', async () => {
  const model = infogan({ latentSize: 1, channels: 1, categoricalCodes: [23], continuousCodes: 0 });
  const data = fromArrays({ x: random(1).uniform(40 * 64), shape: [8, 8, 1] });
  await model.fit(data, { steps: 1, batchSize: 8, threads: 1 });
  const [walk] = await model.walkCodes();
  const [sheet] = await model.portraits();
  assert.deepEqual([sheet?.columns, sheet?.images.shape], [20, [200, 8, 8, 1]]);
  assert.match(sheet?.caption ?? '', /the first 20 of 23/);
  // The second row begins with the first category again.
  assert.deepEqual(sheet?.images.data.slice(20 * 64, 21 * 64), walk?.samples.data.slice(23 * 64, 24 * 64));
  await model.dispose();
});

test('codes of two numbers are drawn as a plane still, and points not at all', async () => {
  const plane = dcgan({ latentSize: 2, channels: 1 });
  const images = fromArrays({ x: random(1).uniform(40 * 64), shape: [8, 8, 1] });
  await plane.fit(images, { steps: 1, batchSize: 8, threads: 1 });
  assert.deepEqual(
    (await plane.portraits()).map(({ name }) => name),
    ['latent-grid'],
  );
  await plane.dispose();
  const points = infogan({ latentSize: 2, generatorLayers: [4], discriminatorLayers: [4], categoricalCodes: [2] });
  await points.fit(fromArrays({ x: random(1).normal(80), shape: [2] }), { steps: 1, batchSize: 8, threads: 1 });
  assert.deepEqual(await points.portraits(), []);
  assert.deepEqual((await points.walkCodes({ rows: 2 }))[0]?.samples.shape, [4, 2]);
  await points.dispose();
});
