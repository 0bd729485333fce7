import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { ConfigError, UnknownNameError } from '../core/errors.js';
import { readNpy } from '../data/index.js';
import { encodeSamples, naturalEnding, sampleEndings } from './encode-samples.js';

const images = { data: new Float32Array(2 * 4 * 6 * 3).fill(0.5), shape: [2, 4, 6, 3] };
const points = { data: Float32Array.of(1.5, -2, 0.25, 1e-7), shape: [2, 2] };

const bytes = async (content: Promise<Uint8Array | string>): Promise<Uint8Array> => {
  const result = await content;
  assert.ok(result instanceof Uint8Array);
  return result;
};

test('images become a grid as PNG or SVG', async () => {
  const { format, width, height } = await sharp(await bytes(encodeSamples(images, '.png'))).metadata();
  assert.deepEqual([format, Number(width) > 12, Number(height) > 4], ['png', true, true]);
  assert.match(String(await encodeSamples(images, '.SVG')), /^<svg|^<\?xml/);
});

test('anything becomes an array or a table, exactly', async () => {
  const { shape, data } = readNpy(await bytes(encodeSamples(images, '.npy')), 'x.npy');
  assert.deepEqual([shape, data], [images.shape, images.data]);
  const lines = String(await encodeSamples(points, '.csv'))
    .trimEnd()
    .split('\n');
  assert.equal(lines[0], 'x1,x2');
  assert.deepEqual(
    lines.slice(1).flatMap((line) => line.split(',').map((cell) => Math.fround(Number(cell)))),
    [...points.data],
  );
});

test('rows of a table become its columns in its units; an array stays as the model has it', async () => {
  const table = {
    columns: [
      { name: 'age', kind: 'integer', missing: 0, min: 0, max: 90, decimals: 0 },
      { name: 'kind', kind: 'categorical', missing: 0, categories: ['u', 'v'] },
    ],
    label: { name: 'class', position: 2, classes: ['a', 'b'] },
    categorical: 'codes',
    header: true,
    delimiter: ',',
    standardisation: { mean: [40, 0], deviation: [10, 1] },
  } as const;
  const drawn = { data: Float32Array.of(1.52, 0.2, -9, 0.9), shape: [2, 2] };
  assert.equal(await encodeSamples(drawn, '.csv', table), 'age,kind\n55,u\n0,v\n');
  const labelled = { ...drawn, labels: Int32Array.of(1, 0) };
  assert.equal(await encodeSamples(labelled, '.csv', table), 'age,kind,class\n55,u,b\n0,v,a\n');
  assert.deepEqual(readNpy(await bytes(encodeSamples(drawn, '.npy', table))).data, drawn.data);
});

test('points are no picture; unknown endings suggest the nearest', async () => {
  await assert.rejects(
    encodeSamples(points, '.png'),
    (error) => error instanceof ConfigError && /\.npy or \.csv/.test(error.message),
  );
  await assert.rejects(
    encodeSamples(points, '.jpng'),
    (error) => error instanceof UnknownNameError && /Did you mean "\.png"/.test(error.message),
  );
});

test('every kind of row has an ending it can be written under', async () => {
  for (const shape of [[2], [5, 5, 1], [5, 5, 3], [5, 5, 4], [5, 5, 2], [3, 3]]) {
    const ending = naturalEnding(shape);
    assert.ok(sampleEndings.includes(ending));
    const size = shape.reduce((a, b) => a * b, 1);
    await encodeSamples({ data: new Float32Array(size), shape: [1, ...shape] }, ending);
  }
});
