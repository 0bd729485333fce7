import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, DatasetError, ShapeError } from '../core/errors.js';
import { gatherAll, generate, namedDatasets } from '../data/index.js';
import { modeCoverage } from './mode-coverage.js';

const points = (...values: number[]) => ({ data: Float64Array.from(values), rows: values.length / 2, width: 2 });
const three = {
  means: [
    [0, 0],
    [10, 0],
    [0, 10],
  ],
  standardDeviation: 1,
};

test('a mode is covered by one sample within three deviations of it, by Euclidean distance', () => {
  // Distances to the nearest modes: 3, 3.2, 0, 2.83 (each axis 2), 4.24 (each axis 3).
  const samples = points(3, 0, 10, 3.2, 0, 10, 2, 12, 3, 3);
  const { covered, modes, highQuality, counts } = modeCoverage(samples, three);
  assert.deepEqual([covered, modes, highQuality, [...counts]], [2, 3, 3 / 5, [1, 0, 2]]);
});

test('a sample counts for its nearest mode alone, also where modes overlap', () => {
  const close = { means: [[0], [1]], standardDeviation: 1 };
  const samples = { data: Float64Array.of(0.4, 0.6, 0.9, -2.5), rows: 4, width: 1 };
  assert.deepEqual([...modeCoverage(samples, close).counts], [2, 2]);
});

test('rows of the data themselves cover all modes, 98.9 % of them within three deviations', async () => {
  for (const entry of Object.values(namedDatasets)) {
    if (entry.kind !== 'generated' || entry.modes === undefined) continue;
    const { x } = await gatherAll(generate(entry, { count: 10_000 }));
    const { covered, highQuality } = modeCoverage({ data: x, rows: 10_000, width: 2 }, entry.modes);
    assert.equal(covered, entry.modes.means.length);
    // Five standard errors of a share of 10000.
    assert.ok(Math.abs(highQuality - (1 - Math.exp(-4.5))) < 0.0053, `${entry.name}: ${highQuality}`);
  }
});

test('what cannot be counted is refused', () => {
  assert.throws(() => modeCoverage({ data: new Float64Array(3), rows: 1, width: 3 }, three), ShapeError);
  assert.throws(() => modeCoverage(points(), three), DatasetError);
  assert.throws(() => modeCoverage(points(Number.NaN, 0), three), DatasetError);
  assert.throws(() => modeCoverage(points(0, 0), { means: [], standardDeviation: 1 }), ConfigError);
  assert.throws(() => modeCoverage(points(0, 0), { ...three, standardDeviation: 0 }), ConfigError);
  assert.throws(() => modeCoverage(points(0, 0), { means: [[0, 0], [1]], standardDeviation: 1 }), ShapeError);
});
