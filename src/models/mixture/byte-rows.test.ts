// Mixtures of rows that are kept as bytes: the device turns these into numbers of another unit, which must not show.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { gaussianMixture } from './gaussian-mixture.js';

const rows = 400;
const features = 6;

/** Three groups of images whose pixels vary together, some pixels bright in all. */
const noise = random(5)
  .split('pixels')
  .normal(rows * features);
const bytes = Uint8Array.from(noise, (value, i) => {
  const [row, column] = [Math.floor(i / features), i % features];
  const shared = noise[row * features] ?? 0;
  return Math.min(255, Math.max(0, Math.round(60 + 60 * ((row + column) % 3) + 12 * value + 9 * shared)));
});
const shape = [3, 2, 1];
const asBytes = fromArrays({ x: bytes, shape, name: 'bytes' });
const asFloats = fromArrays({ x: Float32Array.from(bytes, (byte) => byte / 255), shape, name: 'floats' });

const kinds = ['full', 'tied', 'diagonal', 'spherical', 'low-rank'] as const;
for (const covariance of kinds)
  for (const [precision, tolerance] of [
    ['float64', 1e-6],
    ['float32', 1e-4],
  ] as const)
    test(`${covariance}, ${precision}: bytes are fitted as the numbers that they stand for`, async () => {
      const options = { covariance, precision, components: 3, maxIterations: 12, tolerance: 0 } as const;
      const [ofBytes, ofFloats] = [gaussianMixture(options), gaussianMixture(options)];
      try {
        for (const [model, data] of [
          [ofBytes, asBytes],
          [ofFloats, asFloats],
        ] as const)
          await model.fit(data, { seed: 0, threads: 1 });
        const near = (received: Float64Array, wanted: Float64Array): void => {
          assert.equal(received.length, wanted.length);
          for (const [i, value] of wanted.entries()) {
            const found = received[i] ?? Number.NaN;
            assert.ok(
              Math.abs(found - value) <= tolerance * Math.max(1, Math.abs(value)),
              `${i}: ${found}, not ${value}`,
            );
          }
        };
        const levels = ({ covariances: { data } }: typeof ofBytes) =>
          Float64Array.from(data, Number).map((v) => 255 * v);
        near(Float64Array.from(ofBytes.lowerBounds), Float64Array.from(ofFloats.lowerBounds));
        near(Float64Array.from(ofBytes.means.data, Number), Float64Array.from(ofFloats.means.data, Number));
        near(levels(ofBytes), levels(ofFloats));
      } finally {
        await ofBytes.dispose();
        await ofFloats.dispose();
      }
    });
