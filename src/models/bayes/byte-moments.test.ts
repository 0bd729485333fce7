import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { samplesOf } from '../tools/rows.js';
import { ByteMoments } from './byte-moments.js';
import { gaussianBayes } from './gaussian-bayes.js';

// Images of three of four classes, with a pixel that never changes and one that never does in a class; enough to be scored on the device.
const [rows, columns, never] = [2600, 600, 100] as const;
const labels = Int32Array.from({ length: rows }, (_, row) => [0, 1, 3][row % 3] ?? 0);
const levels = random(1).uniform(rows * columns);
const bytes = Uint8Array.from(levels, (level, i) => {
  const [row, column] = [Math.floor(i / columns), i % columns];
  if (column === 0 || (column === 1 && labels[row] === 1)) return never;
  return Math.min(255, level * 180 + ((column + 20 * (labels[row] ?? 0)) % 75));
});
const floats = Float32Array.from(bytes, (byte) => byte / 255);
const shape = [20, 30, 1];
const classes = ['a', 'b', 'c', 'd'];
const asBytes = fromArrays({ x: bytes, shape, labels, classes });
const asFloats = fromArrays({ x: floats, shape, labels, classes });

test('moments of bytes are those of the numbers they stand for', async () => {
  const [ofBytes, ofFloats] = [gaussianBayes(), gaussianBayes()];
  const found = await ofBytes.summarize(asBytes);
  const wanted = await ofFloats.summarize(asFloats);
  assert.deepEqual(found.counts, wanted.counts);
  for (const [i, mean] of wanted.means.entries()) assert.ok(Math.abs(found.means[i]! - mean) <= 3e-8);
  for (const [i, scatter] of wanted.scatters.entries())
    assert.ok(Math.abs(found.scatters[i]! - scatter) <= 1e-6 * scatter, `${i}: ${found.scatters[i]}, not ${scatter}`);
  // Where nothing changes, nothing may be rounded either.
  for (const i of [0, columns, 3 * columns, columns + 1]) {
    assert.equal(found.means[i], Math.fround(never / 255));
    assert.equal(found.scatters[i], 0);
  }
});

for (const covariance of ['diagonal', 'spherical'] as const)
  test(`${covariance}: bytes score as the numbers they stand for, on the device and off it`, async () => {
    const model = gaussianBayes({ covariance });
    after(() => model.dispose());
    await model.fit(asBytes, { threads: 1 });
    for (const count of [rows, 30]) {
      const some = await samplesOf(
        asBytes,
        Uint32Array.from({ length: count }, (_, row) => row),
      );
      assert.ok(some.bytes !== undefined);
      const ofBytes = await model.jointLogProb(some);
      const data = floats.subarray(0, count * columns);
      assert.deepEqual(ofBytes.values, (await model.jointLogProb({ data, shape: [count, ...shape] })).values);
    }
  });

test('sums of more rows than int32 holds the squares of', () => {
  const [part, parts] = [30_000, 3] as const;
  const moments = new ByteMoments(2, 2);
  // 255 and 255, 255 and 254, in turns; all of class 1.
  const some = Uint8Array.from({ length: 2 * part }, (_, i) => (i % 4 === 3 ? 254 : 255));
  for (let i = 0; i < parts; i++) moments.add(some, new Int32Array(part).fill(1));
  moments.add(some.subarray(0, 0), new Int32Array());
  assert.deepEqual(moments.counts, Float64Array.of(0, part * parts));
  const { means, scatters } = moments.moments({ divisor: 1 });
  assert.deepEqual(means, Float64Array.of(0, 0, 255, 254.5));
  assert.deepEqual(scatters, Float64Array.of(0, 0, 0, (part * parts) / 4));
  const long = new ByteMoments(1, 2);
  long.add(
    Uint8Array.from({ length: 2 * part * parts }, (_, i) => some[i % 4]!),
    new Int32Array(part * parts),
  );
  assert.deepEqual(long.moments({ divisor: 1 }).scatters, Float64Array.of(0, (part * parts) / 4));
});
