import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError, VerisimError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { affordableRows } from './affordable.js';
import { drawRows } from './draw-rows.js';

/** A model that draws normal numbers, and remembers how many it was asked for. */
function normal(asked: number[] = []) {
  return {
    kind: 'normal',
    async sample(count: number, { seed = 0 }: { readonly seed?: number } = {}) {
      asked.push(count);
      return { data: random(seed).normal(2 * count), shape: [count, 2], labels: new Int32Array(count).fill(1) };
    },
  };
}

test('a larger count begins with the rows of a smaller one, and another seed gives others', async () => {
  const draw = (count: number, seed: number) => drawRows(normal(), [2], { seed, count, seconds: 1 });
  const [few, many, others] = [await draw(10, 3), await draw(600, 3), await draw(10, 4)];
  assert.deepEqual(few.samples.shape, [10, 2]);
  assert.deepEqual(few.samples.data, many.samples.data.slice(0, 20));
  assert.deepEqual(many.samples.labels, new Int32Array(600).fill(1));
  assert.notDeepEqual(few.samples.data, others.samples.data);
  // Parts have seeds of their own: their rows differ.
  assert.notDeepEqual(many.samples.data.slice(0, 500), many.samples.data.slice(500, 1000));
  assert.ok(many.perSecond > 0);
});

test('without a count there are ten thousand, or as many as the patience allows', async () => {
  const { samples } = await drawRows(normal(), [2], { seed: 0, seconds: 60 });
  assert.deepEqual(samples.shape, [10_000, 2]);
  const asked: number[] = [];
  const impatient = await drawRows(normal(asked), [2], { seed: 0, seconds: 0 });
  assert.deepEqual([impatient.samples.shape, asked], [[250, 2], [250]]);
  assert.deepEqual(
    [0, 0.01, 0.1, 10].map((seconds) => affordableRows(seconds, 60)),
    [10_000, 5000, 500, 100],
  );
});

test('progress, and stopping between parts', async () => {
  const done: string[] = [];
  await drawRows(normal(), [2], { seed: 0, count: 600, seconds: 1, onProgress: (n, all) => done.push(`${n}/${all}`) });
  assert.deepEqual(done, ['250/600', '500/600', '600/600']);
  const controller = new AbortController();
  const drawing = drawRows(normal(), [2], {
    ...{ seed: 0, count: 600, seconds: 1, signal: controller.signal },
    onProgress: () => controller.abort(),
  });
  await assert.rejects(drawing, { name: 'AbortError' });
});

test('rows of another shape, and numbers that are none', async () => {
  await assert.rejects(
    drawRows(normal(), [3], { seed: 0, count: 1, seconds: 1 }),
    (error) =>
      error instanceof ShapeError && /draws rows of shape \[2\], but those of the data have \[3\]/.test(error.message),
  );
  const broken = {
    kind: 'broken',
    sample: async (count: number) => ({ data: new Float32Array(count).fill(1).fill(Number.NaN, 7), shape: [count, 1] }),
  };
  await assert.rejects(
    drawRows(broken, [1], { seed: 0, count: 1, seconds: 1 }),
    (error) => error instanceof VerisimError && /drew NaN in sample 7.*smaller learning rate/.test(error.message),
  );
});
