import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { pixels } from './pixels.js';

const x = Float32Array.from({ length: 12 }, (_, i) => i / 12);

test('the pixels of images are their features, in order, of samples and of data sets alike', async () => {
  const space = pixels([2, 1, 2]);
  assert.equal(space.name, 'pixels');
  const expected = { data: x, rows: 3, width: 4 };
  assert.deepEqual(await space.extract({ data: x, shape: [3, 2, 1, 2] }), expected);
  const done: number[] = [];
  const data = fromArrays({ x, shape: [2, 1, 2] });
  assert.deepEqual(await space.extract(data, { onProgress: (rows) => done.push(rows) }), expected);
  assert.deepEqual(done, [3]);
});

test('rows of another shape, none, and broken ones are refused', async () => {
  const space = pixels([2, 2]);
  await assert.rejects(space.extract({ data: x, shape: [3, 4] }), (error) => error instanceof ShapeError);
  await assert.rejects(
    space.extract({ data: new Float32Array(0), shape: [0, 2, 2] }),
    (error) => error instanceof ConfigError && /The feature space pixels: no rows/.test(error.message),
  );
  await assert.rejects(space.extract({ data: x.with(5, Number.NaN), shape: [3, 2, 2] }), /row 1 holds NaN/);
  await assert.rejects(space.extract({ data: x, shape: [3, 2, 2] }, { signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
});
