import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, DatasetError, NotFittedError, ShapeError } from '../../core/errors.js';
import { fromArrays, subset } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { load } from '../node/load.js';
import { canSample } from '../tools/abilities.js';
import { type Pca, pca } from './pca.js';

// i, j = np.mgrid[0:60, 0:5].astype(float)
// X = (np.sin(1 + i*0.7 + j*1.3)*(j + 1) + np.cos(i*j*0.3)).astype(np.float32).astype(float)
const x = Float32Array.from({ length: 300 }, (_, place) => {
  const [i, j] = [Math.floor(place / 5), place % 5];
  return Math.sin(1 + i * 0.7 + j * 1.3) * (j + 1) + Math.cos(i * j * 0.3);
});
const data = fromArrays({ x, shape: [5], name: 'waves' });
const head = (rows: number) => ({ data: x.slice(0, rows * 5), shape: [rows, 5] });

const opened: Pca[] = [];
const make = (options: Parameters<typeof pca>[0] = {}): Pca => {
  const model = pca(options);
  opened.push(model);
  return model;
};
const fitted = async (options: Parameters<typeof pca>[0] = {}, rows = data): Promise<Pca> => {
  const model = make(options);
  await model.fit(rows, { threads: 1 });
  return model;
};
const home = await mkdtemp(join(tmpdir(), 'verisim-pca-'));
after(async () => {
  for (const model of opened) await model.dispose();
  await rm(home, { recursive: true });
});

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, relative = 1e-6): void {
  assert.equal(actual.length, expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= relative * Math.max(Math.abs(expected[i]!), 1e-2 * scale),
      `${i}: ${actual[i]} is not ${expected[i]}`,
    );
}

test('the same numbers as scikit-learn', async () => {
  const model = await fitted({ components: 2 });
  // p = PCA(2, svd_solver='covariance_eigh').fit(X); p.explained_variance_, ...ratio_, p.singular_values_, p.noise_variance_
  near(model.explainedVariance, [17.553709439966333, 10.879505086575024]);
  near(model.explainedVarianceRatio, [0.5954026693909709, 0.369020940693652]);
  near(model.singularValues, [32.18180941087704, 25.33556393901518]);
  near([model.noiseVariance], [0.3496219973486014]);
  // p.mean_, p.components_
  near(
    model.mean,
    [1.0136055901724224, -0.1051501993710796, -0.11155940794075529, 0.0715248554944992, 0.22063827961683274],
  );
  assert.deepEqual(model.components.shape, [2, 5]);
  near(
    model.components.data,
    [
      0.060928056984841765, -0.2582843762017841, -0.4011820335790493, 0.2511725208472828, 0.8399656502421439,
      -0.19877495594613703, -0.26879074812267156, 0.4132118006098553, 0.8382855038055239, -0.121546174594453,
    ],
  );
  // p.score_samples(X[:3]), p.score(X)
  near(await model.logProb(head(3)), [-10.982367378185629, -8.990062023789523, -6.712442469604713]);
  const all = await model.logProb({ data: x, shape: [60, 5] });
  near([all.reduce((sum, value) => sum + value, 0) / 60], [-8.102744947655491]);
  // p.transform(X[:2]), p.inverse_transform(p.transform(X[:1]))
  const codes = await model.encode(head(2));
  assert.deepEqual(codes.shape, [2, 2]);
  near(codes.data, [-0.9817318504516162, -3.511953314831731, 2.4918945809785944, -3.32826131138884]);
  near(
    (await model.reconstruct(head(1))).data,
    [1.6518789414848394, 1.0923963580857567, -1.1688867806266223, -3.119078762044698, -0.17711826173907663],
  );
});

test('whitened codes have variance 1 and decode to the same rows', async () => {
  const model = await fitted({ components: 2, whiten: true });
  // PCA(2, whiten=True).fit(X).transform(X[:2])
  const codes = await model.encode(head(2));
  near(codes.data, [-0.2343194980856145, -1.0647414573390148, 0.594764738689655, -1.009050372089871]);
  const plain = await fitted({ components: 2 });
  near((await model.decode(codes)).data, (await plain.reconstruct(head(2))).data);
  near(await model.logProb(head(3)), await plain.logProb(head(3)), 1e-12);
  near((await model.sample(4, { seed: 3 })).data, (await plain.sample(4, { seed: 3 })).data, 1e-5);
});

test('all components make a Gaussian of full covariance, and a lossless code', async () => {
  const model = await fitted({ components: 'all' });
  assert.equal(model.noiseVariance, 0);
  assert.equal(model.latentSize, 5);
  // PCA(5).fit(X).score_samples(X[:3])
  near(await model.logProb(head(3)), [-9.475523260480973, -7.87816929362446, -5.692203635099167]);
  near((await model.reconstruct(head(4))).data, head(4).data);
});

test('a share of the variance chooses the number of components', async () => {
  // PCA(0.9, svd_solver='full').fit(X).n_components_
  const model = make({ components: 0.9 });
  assert.throws(() => model.latentSize, NotFittedError);
  const report = await model.fit(data);
  assert.equal(model.latentSize, 2);
  assert.ok(report.history[0]!.metrics.explainedVariance! > 0.9);
  assert.equal((await fitted({ components: 0.99 })).latentSize, 4);
});

test('fewer rows than columns', async () => {
  // W = X.reshape(6, 50); p = PCA(3, svd_solver='full').fit(W)
  const wide = fromArrays({ x, shape: [50], name: 'wide' });
  const model = await fitted({ components: 3 }, wide);
  near(model.explainedVariance, [190.3641607998498, 85.29793049607602, 7.66267250036328]);
  near([model.noiseVariance], [0.45565723701562894]);
  near(
    model.components.data.slice(0, 4),
    [-0.057704006888005525, -0.08132075742839713, 0.09068251457094796, 0.23077146187701134],
  );
  near(await model.logProb({ data: x.slice(0, 100), shape: [2, 50] }), [-35.29828478158686, -36.65346902775157]);
});

test('the mean log-density of the fit is that of its rows', async () => {
  for (const components of [1, 3, 5]) {
    const model = make({ components });
    const { history } = await model.fit(data);
    const all = await model.logProb({ data: x, shape: [60, 5] });
    near([history[0]!.metrics.logProb!], [all.reduce((sum, value) => sum + value, 0) / 60], 1e-12);
  }
});

test('statistics of parts add up to those of the whole', async () => {
  const whole = await fitted({ components: 2 });
  const model = make({ components: 2 });
  const parts = [
    [0, 7],
    [7, 8],
    [8, 60],
  ].map(([from = 0, to = 0]) =>
    subset(
      data,
      Uint32Array.from({ length: to - from }, (_, i) => from + i),
    ),
  );
  const summaries = await Promise.all(parts.map((part) => model.summarize(part)));
  await model.fromSummaries(summaries);
  near(model.explainedVariance, whole.explainedVariance, 1e-12);
  near(model.components.data, whole.components.data, 1e-11);
  near(await model.logProb(head(5)), await whole.logProb(head(5)), 1e-11);
  await assert.rejects(model.fromSummaries([]), ConfigError);
  const other = await model.summarize(fromArrays({ x, shape: [50] }));
  assert.throws(() => model.combine(summaries[0]!, other), ShapeError);
});

test('samples have the mean and the covariance of the model', async () => {
  const model = await fitted({ components: 2 });
  const count = 40_000;
  const { data: drawn, shape } = await model.sample(count, { seed: 1 });
  assert.deepEqual(shape, [count, 5]);
  const refit = make({ components: 'all' });
  await refit.fit(fromArrays({ x: drawn, shape: [5] }));
  const { noiseVariance: noise } = model;
  // The standard error of a variance is its value times sqrt(2 / count) = 0.7 %; four of them.
  near(refit.explainedVariance, [...model.explainedVariance, noise, noise, noise], 0.04);
  for (const [i, value] of refit.mean.entries())
    assert.ok(Math.abs(value - model.mean[i]!) < 4 * Math.sqrt(18 / count));
});

test('interpolation starts and ends at the reconstructions, and steps evenly', async () => {
  const model = await fitted({ components: 3 });
  const [a, b] = [head(2), { data: x.slice(10, 20), shape: [2, 5] }];
  const path = await model.interpolate(a, b, 3);
  assert.deepEqual(path.shape, [6, 5]);
  const [from, to] = [(await model.reconstruct(a)).data, (await model.reconstruct(b)).data];
  near(path.data.slice(0, 5), from.slice(0, 5));
  near(path.data.slice(10, 15), to.slice(0, 5));
  near(
    path.data.slice(20, 25),
    from.slice(5).map((value, i) => (value + to[5 + i]!) / 2),
    1e-5,
  );
  await assert.rejects(model.interpolate(a, head(1), 3), ShapeError);
  await assert.rejects(model.interpolate(a, b, 1), ConfigError);
});

test('saved and loaded it is the same, also where the data chose the number of components', async () => {
  const model = await fitted({ components: 0.9 });
  await model.save(join(home, 'saved'));
  const loaded = await load(join(home, 'saved'), canSample);
  assert.ok('logProb' in loaded && 'latentSize' in loaded);
  assert.equal(loaded.latentSize, 2);
  assert.deepEqual((await loaded.sample(5, { seed: 1 })).data, (await model.sample(5, { seed: 1 })).data);
  await loaded.dispose();
});

test('images stay images', async () => {
  const images = fromArrays({ x: random(0).uniform(30 * 12), shape: [4, 3, 1] });
  const model = await fitted({ components: 2 }, images);
  const { data: pixels, shape } = await model.sample(50, { seed: 0 });
  assert.deepEqual(shape, [50, 4, 3, 1]);
  assert.ok(pixels.every((value) => value >= 0 && value <= 1));
  assert.deepEqual((await model.reconstruct({ data: pixels, shape })).shape, shape);
});

test('columns of very different scales and offsets, constant columns and equal rows', async () => {
  const noise = random(5).normal(200 * 3);
  const rows = Float32Array.from({ length: 200 * 4 }, (_, place) => {
    const [row, column] = [Math.floor(place / 4), place % 4];
    return [1e8 * (noise[row * 3] ?? 0), 2 ** 22 + Math.round(4 * noise[row * 3 + 1]!) / 2, 7, noise[row * 3 + 2]!][
      column
    ]!;
  });
  const model = make({ components: 3 });
  const report = await model.fit(fromArrays({ x: rows, shape: [4] }));
  assert.ok((await model.logProb({ data: rows, shape: [200, 4] })).every(Number.isFinite));
  assert.match(
    report.warnings.join(),
    /hardly vary in 2 of the 3 components and the directions left out.*covarianceFloor/,
  );
  // Without the giant column the offset one keeps its digits: its variance is that of the same numbers without the offset.
  const offset = rows.filter((_, place) => place % 4 === 1);
  const [far, close] = [
    await fitted({ components: 1 }, fromArrays({ x: offset, shape: [1] })),
    make({ components: 1 }),
  ];
  await close.fit(fromArrays({ x: offset.map((value) => value - 2 ** 22), shape: [1] }));
  near(far.explainedVariance, close.explainedVariance, 1e-12);
});

test('errors say what to do', async () => {
  const broken = {
    ...fromArrays({ x: new Float32Array(4), shape: [1] }),
    gather: () => ({ x: new Float32Array(4).fill(Number.NaN) }),
  };
  await assert.rejects(
    fitted({ components: 1 }, broken),
    (error) => error instanceof DatasetError && /not finite/.test(error.message),
  );
  await assert.rejects(
    fitted({ components: 6 }),
    (error) => error instanceof ConfigError && /at most 5/.test(error.message),
  );
  await assert.rejects(fitted({ components: 3 }, subset(data, 2)), /2 rows of 5 columns have at most 2/);
  await assert.rejects(fitted({ components: 1 }, subset(data, 1)), DatasetError);
  const equal = fromArrays({ x: new Float32Array(20).fill(0.1), shape: [2] });
  await assert.rejects(fitted({ components: 1 }, equal), /Every column is constant/);
  await assert.rejects(fitted({ components: 0.5, solver: 'randomised' }), /needs a number of components/);
  for (const components of [0, -1, 1.5, 2.5]) assert.throws(() => pca({ components }), /whole number of components/);
  const model = await fitted({ components: 2 });
  await assert.rejects(model.logProb({ data: new Float32Array(8), shape: [2, 4] }), ShapeError);
  await assert.rejects(
    model.encode({ data: Float32Array.of(1, 2, Number.NaN, 4, 5), shape: [1, 5] }),
    /row 0 holds NaN/,
  );
  await assert.rejects(model.decode({ data: new Float32Array(3), shape: [1, 3] }), /codes have to be \[N, 2\]/);
  await assert.rejects(model.logProb({ data: new Float32Array(0), shape: [0, 5] }), ConfigError);
  await assert.rejects(pca().logProb(head(1)), NotFittedError);
  for (const count of [0, 1.5]) await assert.rejects(model.sample(count), ConfigError);
  await assert.rejects(model.fit(data, { seed: 0.5 }), ConfigError);
});

test('an aborted fit keeps what was learnt before', async () => {
  const model = await fitted({ components: 2 });
  const before = await model.logProb(head(2));
  const report = await model.fit(fromArrays({ x, shape: [50] }), { signal: AbortSignal.abort() });
  assert.equal(report.stoppedBecause, 'aborted');
  assert.equal(report.converged, false);
  assert.deepEqual(await model.logProb(head(2)), before);
});
