import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fromArrays, subset } from '../../data/index.js';
import { load } from '../node/load.js';
import { likeliestComponents, logEvidences } from './dimension-evidence.js';
import { pca } from './pca.js';

test('the same log-evidence as scikit-learn', () => {
  // s = np.array([9., 4, 2, 1, .5, .4, .3]); [sklearn.decomposition._pca._assess_dimension(s, k, 50) for k in range(1, 7)]
  const expected = [
    -117.15880273131386, -96.12100112538201, -85.93786648157156, -84.44968854823342, -86.9586684495146,
    -89.10187539311849,
  ];
  const variances = Float64Array.of(9, 4, 2, 1, 0.5, 0.4, 0.3);
  const evidences = logEvidences(variances, 50);
  assert.equal(evidences.length, 6);
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(evidences[i]! - value) < 1e-10, `${evidences[i]}`);
  assert.equal(likeliestComponents(variances, 50), 4);
});

test('the likeliest number does not depend on units', () => {
  const variances = Float64Array.of(9, 4, 2, 1, 0.5, 0.4, 0.3);
  for (const unit of [1e-30, 1e30])
    assert.equal(
      likeliestComponents(
        variances.map((value) => value * unit),
        50,
      ),
      4,
    );
});

test('equal variances and none at all give a number', () => {
  for (const variances of [[3, 3, 3, 1, 1, 1], [2, 2, 0, 0], [1], [5, 0, 0]]) {
    const evidences = logEvidences(Float64Array.from(variances), 20);
    assert.ok(evidences.every((value) => value < Number.POSITIVE_INFINITY));
    const number = likeliestComponents(Float64Array.from(variances), 20);
    assert.ok(number >= 1 && number <= variances.length);
  }
});

test('the likeliest number of components', async () => {
  // i, j = np.mgrid[0:200, 0:12].astype(float)
  // Y = sum(4/(k+1)*np.sin(1+i*(k+1.7))*np.cos((k+1)*(j+.5)*np.pi/12) for k in range(3)) + .3*np.sin(12.9898*i*(j+1.3)+j*j*78.233)
  const y = Float32Array.from({ length: 200 * 12 }, (_, place) => {
    const [i, j] = [Math.floor(place / 12), place % 12];
    const wave = (k: number) =>
      (4 / (k + 1)) * Math.sin(1 + i * (k + 1.7)) * Math.cos(((k + 1) * (j + 0.5) * Math.PI) / 12);
    return wave(0) + wave(1) + wave(2) + 0.3 * Math.sin(12.9898 * i * (j + 1.3) + j * j * 78.233);
  });
  const data = fromArrays({ x: y, shape: [12] });
  const model = pca({ components: 'mle' });
  after(() => model.dispose());
  await model.fit(data, { threads: 1 });
  // p = PCA('mle', svd_solver='full').fit(Y.astype(np.float32).astype(float)); p.explained_variance_, p.noise_variance_
  const expected = [
    48.187779883505804, 11.820369586332934, 5.462399797112032, 0.04864623580043177, 0.04826850583544669,
    0.047016441581253794,
  ];
  assert.equal(model.latentSize, 6);
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(model.explainedVariance[i]! / value - 1) < 1e-6);
  assert.ok(Math.abs(model.noiseVariance / 0.042618473859991894 - 1) < 1e-6);
  const folder = await mkdtemp(join(tmpdir(), 'verisim-pca-'));
  after(() => rm(folder, { recursive: true }));
  await model.save(folder);
  const loaded = await load(folder);
  assert.ok('latentSize' in loaded && loaded.latentSize === 6);
  await loaded.dispose();
  await assert.rejects(model.fit(subset(data, 11)), /at least as many rows as columns/);
  await assert.rejects(
    pca({ components: 'mle', solver: 'randomised' }).fit(data),
    /needs a number of components, not "mle"/,
  );
});
