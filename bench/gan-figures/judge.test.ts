// Judging samples: of mixtures whose modes are known, and by a classifier whose answers are known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrays } from '../../src/index.js';
import type { FeatureSpace } from '../../src/models/features/feature-space.js';
import { extractParts } from '../../src/models/features/feature-space.js';
import { classesDrawn, judgeOfImages, judgeOfModes } from './judge.js';

test('points at one of two modes cover one; those between the modes are of no quality', async () => {
  const judge = judgeOfModes({
    means: [
      [0, 0],
      [1, 0],
    ],
    standardDeviation: 0.1,
  });
  const samples = { data: Float32Array.of(0, 0, 0.1, 0, 0, 0.2, 0.5, 0), shape: [4, 2] };
  assert.deepEqual(await judge(samples, ['high-quality', 'modes']), [75, 1]);
  await assert.rejects(judge(samples, ['fid']), /fid cannot be measured/);
});

/** Images of one pixel, whose class is whether it is white. */
const space: FeatureSpace = {
  name: 'whiteness',
  identity: async () => 'whiteness',
  exampleShape: [1, 1, 1],
  width: 1,
  classes: ['black', 'white'],
  extract: (rows, options) =>
    extractParts(
      { name: 'whiteness', exampleShape: [1, 1, 1], width: 1, classes: ['black', 'white'] },
      rows,
      ({ data }) => ({ features: data, probabilities: sure(data) }),
      options,
    ),
  dispose: async () => undefined,
};

function sure(data: Float32Array): Float32Array {
  return Float32Array.from({ length: 2 * data.length }, (_, i) =>
    (data[Math.floor(i / 2)] ?? 0) > 0.5 === (i % 2 === 1) ? 1 : 0,
  );
}

test('what was asked for, what was drawn, and how varied it is', async () => {
  const real = fromArrays({
    x: Float32Array.of(0, 0.2, 0.4, 0.6, 0.8, 1),
    shape: [1, 1, 1],
    labels: [0, 0, 0, 1, 1, 1],
    classes: ['black', 'white'],
  });
  const judge = await judgeOfImages(real, space);
  // Blacks are half as far from each other as real ones, whites as far.
  const samples = {
    data: Float32Array.of(0, 0.1, 0.2, 0.6, 0.8, 1),
    shape: [6, 1, 1, 1],
    labels: Int32Array.of(0, 0, 0, 1, 1, 1),
  };
  const [accuracy, diversity, inPixels, classes, entropy] = await judge(samples, [
    'conditional-accuracy',
    'intra-class-diversity',
    'pixel-diversity',
    'classes',
    'label-entropy',
  ]);
  assert.equal(accuracy, 100);
  assert.ok(Math.abs((diversity ?? 0) - 75) < 1e-3);
  assert.ok(Math.abs((inPixels ?? 0) - 75) < 1e-3);
  assert.equal(classes, 2);
  assert.ok(Math.abs((entropy ?? 0) - Math.LN2) < 1e-12);
  const [wrong] = await judge({ ...samples, labels: Int32Array.of(0, 0, 1, 1, 1, 1) }, ['conditional-accuracy']);
  assert.ok(Math.abs((wrong ?? 0) - 500 / 6) < 1e-9);
});

test('a class that is read in fewer than one sample of a hundred does not count as drawn', () => {
  const probabilities = (rows: number) => {
    const data = new Float32Array(2 * rows);
    for (let row = 0; row < rows; row++) data[2 * row + (row === 0 ? 1 : 0)] = 1;
    return { data, rows, classes: 2 };
  };
  assert.equal(classesDrawn(probabilities(100)), 2);
  assert.equal(classesDrawn(probabilities(101)), 1);
});
