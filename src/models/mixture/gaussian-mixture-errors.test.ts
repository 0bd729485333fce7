// Data and options that a mixture of Gaussians cannot take, or can only just take.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import type { FitOptions } from '../contract.js';
import { type GaussianMixture, type GaussianMixtureOptions, gaussianMixture } from './gaussian-mixture.js';
import { threeGroups, twoGaussians } from './points.test.support.js';

const models: GaussianMixture[] = [];
after(async () => {
  for (const model of models) await model.dispose();
});

function mixture(options: GaussianMixtureOptions): GaussianMixture {
  const model = gaussianMixture(options);
  models.push(model);
  return model;
}

const fitOptions: FitOptions = { seed: 0, threads: 1 };
const rows = { data: threeGroups, shape: [240, 3] };

test('bad data gives an error or a warning, never a NaN', async () => {
  const few = fromArrays({ x: [[1], [2]], name: 'few' });
  await assert.rejects(mixture({ components: 3 }).fit(few), /3 components need at least 3 rows; "few" has 2/);
  const oneOfClass = fromArrays({ x: [[1], [2], [3]], labels: [0, 0, 1], name: 'one' });
  await assert.rejects(
    mixture({ components: 2, perClass: true }).fit(oneOfClass),
    /Class "1" of "one" has 1 rows, fewer than the 2 components/,
  );
  const noise = random(3).normal(120);
  const awkward = {
    'constant column': Array.from({ length: 40 }, (_, row) => [noise[row] ?? 0, 7]),
    'duplicate rows': Array.from({ length: 40 }, () => [1, 2]),
    'a large scale': Array.from({ length: 40 }, (_, row) => [1e8 * (noise[row] ?? 0), noise[row + 40] ?? 0]),
    'far from zero': Array.from({ length: 40 }, (_, row) => [1e8 + 100 * (noise[row] ?? 0), noise[row + 40] ?? 0]),
    'dependent columns': Array.from({ length: 40 }, (_, row) => [noise[row] ?? 0, 3 * (noise[row] ?? 0)]),
    'as many rows as components': [
      [1, 2],
      [3, 4],
      [5, 7],
    ],
  };
  for (const covariance of ['full', 'tied', 'diagonal', 'spherical'] as const)
    for (const [name, x] of Object.entries(awkward)) {
      const model = mixture({ components: 3, covariance, covarianceFloor: 0 });
      const report = await model.fit(fromArrays({ x }), fitOptions);
      const data = Float32Array.from(x.flat());
      const all = [
        await model.logProb({ data, shape: [x.length, 2] }),
        model.lowerBounds,
        (await model.sample(3)).data,
      ];
      for (const values of all) assert.ok(values.every(Number.isFinite), `${covariance}, ${name}: ${values}`);
      if (name === 'duplicate rows') assert.match(report.warnings.join(), /fewer components describe the data/);
    }
});

test('rows of another width are refused, and a start that does not fit', async () => {
  const model = mixture({ components: 2 });
  await model.fit(twoGaussians(50), fitOptions);
  await assert.rejects(model.logProb(rows), /Rows of shape \[3\].*fitted to rows of shape \[2\]/);
  const wrong: readonly (readonly [GaussianMixtureOptions['start'], RegExp])[] = [
    [{ means: [[0, 0]] }, /has 1 means of 2 numbers; 2 components of rows of 2 numbers/],
    [{ means: [[0], [1]] }, /has 2 means of 1 numbers/],
    [
      {
        means: [
          [0, 0],
          [1, 1],
        ],
        weights: [0.9, 0.9],
      },
      /add up to 1\.8/,
    ],
    [
      {
        means: [
          [0, 0],
          [1, 1],
        ],
        covariances: [1, 1],
      },
      /has 2 numbers of covariances; they have to be \[2, 2, 2\]/,
    ],
    [
      {
        means: [
          [0, 0],
          [1, 1],
        ],
        covariances: [1, 2, 2, 1, 1, 2, 2, 1],
      },
      /not positive definite/,
    ],
  ];
  for (const [start, message] of wrong)
    await assert.rejects(mixture({ components: 2, start }).fit(twoGaussians(50), fitOptions), message);
});
