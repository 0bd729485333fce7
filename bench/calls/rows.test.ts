import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gatherAll, writeNpy } from '../../src/data/index.js';
import { firstCentres, loadCodes, loadPixels, madeUpRows } from './rows.js';

test('made-up rows are the same every time, mostly dark, and alike within a class', async () => {
  const data = madeUpRows(40);
  assert.deepEqual([data.length, data.exampleShape, data.classes?.length], [40, [28, 28, 1], 10]);
  assert.deepEqual(await gatherAll(data), await gatherAll(madeUpRows(40)));
  const { x } = await gatherAll(data);
  const dark = x.filter((value) => value === 0).length / x.length;
  assert.ok(dark > 0.7 && dark < 0.8, `${dark} of the pixels are 0`);
  const distance = (a: number, b: number) =>
    x.subarray(a * 784, (a + 1) * 784).reduce((sum, value, i) => sum + (value - x[b * 784 + i]!) ** 2, 0);
  assert.deepEqual([data.labels?.[3], data.labels?.[13], data.labels?.[4]], [3, 3, 4]);
  assert.ok(distance(3, 13) < distance(3, 4) / 2);
});

test('what was written is loaded as a user has it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-rows-'));
  try {
    const write = (name: string, shape: number[], data: Uint8Array | Int32Array | Float32Array) =>
      writeFile(join(folder, name), writeNpy({ shape, data }));
    await write('pixels.npy', [2, 784], new Uint8Array(2 * 784).fill(51));
    await write('labels.npy', [2], Int32Array.of(7, 1));
    await write('codes.npy', [2, 50], new Float32Array(100).fill(-2));
    const pixels = await loadPixels(folder);
    const { x, labels } = await gatherAll(pixels);
    assert.deepEqual(pixels.exampleShape, [28, 28, 1]);
    assert.deepEqual([x.length, x[0], labels], [2 * 784, Math.fround(0.2), Int32Array.of(7, 1)]);
    const codes = await loadCodes(folder);
    assert.deepEqual([codes.exampleShape, (await gatherAll(codes)).x], [[50], new Float32Array(100).fill(-2)]);
    await write('labels.npy', [2], new Uint8Array(2));
    await assert.rejects(loadPixels(folder), /labels\.npy holds other numbers than Int32Array/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('centres are rows at equal distances', async () => {
  const data = madeUpRows(45);
  const { x } = await data.gather([0, 11, 22, 33]);
  assert.deepEqual((await firstCentres(data, 4)).flat(), [...x]);
});
