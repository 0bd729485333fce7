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
import { type KernelDensity, kernelDensity } from './kernel-density.js';
import { kernels } from './kernels.js';

// i, j = np.mgrid[0:60, 0:5].astype(float)
// X = (np.sin(1 + i*0.7 + j*1.3)*(j + 1) + np.cos(i*j*0.3)).astype(np.float32).astype(float)
const x = Float32Array.from({ length: 300 }, (_, place) => {
  const [i, j] = [Math.floor(place / 5), place % 5];
  return Math.sin(1 + i * 0.7 + j * 1.3) * (j + 1) + Math.cos(i * j * 0.3);
});
const rowsOf = (features: number) => fromArrays({ x: x.slice(0, 240), shape: [features], name: 'waves' });

const opened: KernelDensity[] = [];
const make = (options: Parameters<typeof kernelDensity>[0] = {}): KernelDensity => {
  const model = kernelDensity(options);
  opened.push(model);
  return model;
};
const fitted = async (options: Parameters<typeof kernelDensity>[0] = {}, data = rowsOf(2)): Promise<KernelDensity> => {
  const model = make(options);
  await model.fit(data, { threads: 1 });
  return model;
};
const home = await mkdtemp(join(tmpdir(), 'verisim-kernel-'));
after(async () => {
  for (const model of opened) await model.dispose();
  await rm(home, { recursive: true });
});

// R = X.reshape(-1)[:240].reshape(-1, d); Q = (R[:3] + np.float32(0.25)).astype(np.float32).astype(float)
// KernelDensity(kernel=kernel, bandwidth=h).fit(R).score_samples(Q), as [kernel, d, h, values]
const references: readonly (readonly [keyof typeof kernels, number, number, readonly number[]])[] = [
  ['gaussian', 1, 0.5, [-1.8565183856865, -2.3639685270904, -1.9434004398588]],
  ['tophat', 1, 0.5, [-1.7194388076484, -2.484906649788, -1.8697210106978]],
  ['epanechnikov', 1, 0.5, [-1.7026391205341, -2.5568465794372, -1.8878911879279]],
  ['exponential', 1, 0.5, [-1.8664301751134, -2.3638137918213, -1.9533327142404]],
  ['linear', 1, 0.5, [-1.6871478766261, -2.5914826199811, -1.9015755951242]],
  ['cosine', 1, 0.5, [-1.6985460276013, -2.5688880410321, -1.8907477383611]],
  ['gaussian', 2, 1.5, [-4.2973050202477, -4.4455144437474, -4.1308927775905]],
  ['tophat', 2, 1.5, [-4.1782024873862, -4.2582451950598, -3.7987128656813]],
  ['epanechnikov', 2, 1.5, [-3.9775305325945, -4.3823520584844, -3.7286163038646]],
  ['exponential', 2, 1.5, [-4.5534275044899, -4.6733948675941, -4.3852427634998]],
  ['linear', 2, 1.5, [-3.9897902279687, -4.4485365253918, -3.7049830266136]],
  ['gaussian', 5, 4.0, [-12.634454349867, -12.571079459479, -12.517734119551]],
  ['tophat', 5, 4.0, [-10.266299351448, -9.9786172789958, -9.8244665991685]],
  ['epanechnikov', 5, 4.0, [-9.8814730974027, -9.4812859722638, -9.1473055232764]],
  ['exponential', 5, 4.0, [-14.808809258494, -14.748526939711, -14.68770225021]],
  ['linear', 5, 4.0, [-9.7848604624653, -9.3756982313827, -9.0188615594086]],
  ['cosine', 5, 4.0, [-9.8593086727413, -9.4437097049435, -9.0941390493876]],
  ['gaussian', 20, 14.0, [-71.581999280261, -71.64053345674, -71.629892094932]],
  ['tophat', 20, 14.0, [-49.663029378456, -49.999501615078, -49.817180058284]],
  ['epanechnikov', 20, 14.0, [-47.867591744888, -47.90050831535, -47.833394287385]],
  ['exponential', 20, 14.0, [-92.257441230808, -92.29094292295, -92.288231720531]],
  ['linear', 20, 14.0, [-47.543336073338, -47.539891271957, -47.513787586963]],
];

for (const [kernel, features, bandwidth, expected] of references)
  test(`${kernel} in ${features} dimensions: the densities of scikit-learn`, async () => {
    const model = await fitted({ kernel, bandwidth }, rowsOf(features));
    const points = x.slice(0, 3 * features).map((value) => value + 0.25);
    const logProb = await model.logProb({ data: points, shape: [3, features] });
    for (const [i, value] of expected.entries()) assert.ok(Math.abs(logProb[i]! / value - 1) < 1e-6, `${logProb[i]}`);
  });

test('scikit-learn normalises the cosine wrongly in even dimensions; the shape is the same', async () => {
  const model = await fitted({ kernel: 'cosine', bandwidth: 1.5 });
  const logProb = await model.logProb({ data: x.slice(0, 6).map((value) => value + 0.25), shape: [3, 2] });
  // The values as above, and 2 pi int_0^1 cos(pi r / 2) r dr = 2 pi (2 / pi - 4 / pi^2), where scikit-learn 1.9 takes 2 pi 2 / pi.
  const correction = Math.log(4 / (2 * Math.PI * (2 / Math.PI - 4 / Math.PI ** 2)));
  for (const [i, value] of [-4.9867530172328, -5.4215052956487, -4.731359441528].entries())
    assert.ok(Math.abs(logProb[i]! / (value + correction) - 1) < 1e-6);
});

for (const kernel of ['gaussian', 'tophat', 'epanechnikov', 'exponential', 'linear', 'cosine'] as const)
  test(`${kernel}: densities integrate to 1 over a line and over a plane`, async () => {
    const reach = kernels[kernel].isCompact ? 1 : kernel === 'gaussian' ? 5 : 12;
    // Many rows smooth the edges of the kernels, which a grid does not resolve.
    const line = await fitted({ kernel, bandwidth: 0.4 }, fromArrays({ x: random(1).normal(50), shape: [1] }));
    const [from, step] = [-4 - reach, 0.002];
    const points = Float32Array.from({ length: Math.ceil((-2 * from) / step) }, (_, i) => from + (i + 0.5) * step);
    const densities = await line.logProb({ data: points, shape: [points.length, 1] });
    const integral = densities.reduce((sum, value) => sum + Math.exp(value), 0) * step;
    assert.ok(Math.abs(integral - 1) < 1e-3, `a line: ${integral}`);

    const plane = await fitted({ kernel, bandwidth: 1 }, fromArrays({ x: random(2).normal(40), shape: [2] }));
    const [low, side, width] = [-3 - reach, 350, (2 * (3 + reach)) / 350];
    const grid = new Float32Array(side * side * 2);
    for (let i = 0; i < side * side; i++)
      grid.set([low + ((i % side) + 0.5) * width, low + (Math.floor(i / side) + 0.5) * width], 2 * i);
    const over = await plane.logProb({ data: grid, shape: [side * side, 2] });
    const area = over.reduce((sum, value) => sum + Math.exp(value), 0) * width ** 2;
    assert.ok(Math.abs(area - 1) < 1e-3, `a plane: ${area}`);
  });

test('more rows than a chunk and more points than a block, and the order of rows does not matter', async () => {
  const many = random(3).normal(1300 * 2);
  const model = await fitted({ bandwidth: 0.3 }, fromArrays({ x: many, shape: [2] }));
  const points = random(4).normal(600 * 2);
  const logProb = await model.logProb({ data: points, shape: [600, 2] });
  for (const i of [0, 255, 256, 599]) {
    let total = 0;
    for (let n = 0; n < 1300; n++) {
      const distance = (points[2 * i]! - many[2 * n]!) ** 2 + (points[2 * i + 1]! - many[2 * n + 1]!) ** 2;
      total += Math.exp(-distance / (2 * 0.3 ** 2));
    }
    // Each term is computed in float32, the sum in float64.
    assert.ok(Math.abs(logProb[i]! - Math.log(total / (1300 * 2 * Math.PI * 0.3 ** 2))) < 1e-7);
  }
  // Two calls at a time do not disturb each other.
  const [one, other] = await Promise.all([
    model.logProb({ data: points.slice(0, 20), shape: [10, 2] }),
    model.logProb({ data: points.slice(1180), shape: [10, 2] }),
  ]);
  assert.deepEqual(one, logProb.slice(0, 10));
  assert.deepEqual(other, logProb.slice(590));
});

test('far points have exact log-densities with gaussian bumps, and none with compact ones', async () => {
  const far = { data: Float32Array.of(100, -100), shape: [1, 2] };
  // KernelDensity(bandwidth=0.5).fit(R).score_samples([[100., -100.]])
  const [logProb] = await (await fitted({ bandwidth: 0.5 })).logProb(far);
  assert.ok(Math.abs(logProb! / -37833.93980653 - 1) < 1e-9);
  const [nothing] = await (await fitted({ kernel: 'epanechnikov', bandwidth: 0.5 })).logProb(far);
  assert.equal(nothing, Number.NEGATIVE_INFINITY);
  // Rows of 784 columns, where every bump underflows.
  const wide = fromArrays({ x: random(0).uniform(20 * 784), shape: [784] });
  const deep = await (await fitted({ bandwidth: 0.01 }, wide)).logProb({
    data: new Float32Array(784),
    shape: [1, 784],
  });
  assert.ok(deep.every((value) => Number.isFinite(value) && value < -1e5));
});

test('columns far from the origin keep their digits', async () => {
  const offset = 2 ** 18;
  const whole = Float32Array.from(random(1).normal(40 * 12), (value) => Math.round(value * 16) / 16);
  const near = await fitted({ bandwidth: 0.5 }, fromArrays({ x: whole, shape: [12] }));
  const there = await fitted({ bandwidth: 0.5 }, fromArrays({ x: whole.map((value) => value + offset), shape: [12] }));
  const expected = await near.logProb({ data: whole, shape: [40, 12] });
  const values = await there.logProb({ data: whole.map((value) => value + offset), shape: [40, 12] });
  for (const [i, value] of values.entries()) assert.ok(Math.abs(value - expected[i]!) < 1e-9);
});

test('samples are distributed as the density says', async () => {
  for (const kernel of ['gaussian', 'tophat', 'epanechnikov', 'exponential', 'linear', 'cosine'] as const) {
    const model = await fitted({ kernel, bandwidth: 0.7 }, fromArrays({ x: Float32Array.of(-1, 1, 1.5), shape: [1] }));
    const count = 40_000;
    const { data: drawn } = await model.sample(count, { seed: 5 });
    // Shares of intervals against the integral of the density.
    for (let from = -2; from < 3; from += 0.5) {
      const places = Float32Array.from({ length: 200 }, (_, i) => from + (i + 0.5) / 400);
      const densities = await model.logProb({ data: places, shape: [200, 1] });
      const probability = densities.reduce((sum, value) => sum + Math.exp(value), 0) / 400;
      const share = drawn.filter((value) => value >= from && value < from + 0.5).length / count;
      // Four standard errors, and the error of the sum at the edges of tophats.
      const tolerance = 4 * Math.sqrt((probability * (1 - probability)) / count) + 1e-3;
      assert.ok(Math.abs(share - probability) < tolerance, `${kernel} from ${from}: ${share}, not ${probability}`);
    }
  }
});

test('warnings name columns that one bandwidth does not suit', async () => {
  const rows = Float32Array.from(random(2).normal(120), (value, i) => [value, 1000 * value, 7][i % 3]!);
  const { warnings } = await make({ bandwidth: 1 }).fit(fromArrays({ x: rows, shape: [3] }));
  assert.equal(warnings.length, 2);
  assert.match(warnings[0]!, /Column 2 is constant.*Leave constant columns out/);
  assert.match(warnings[1]!, /column 0 is .*column 1 is .*Standardise the columns first/);
  assert.deepEqual((await make({ bandwidth: 1 }).fit(rowsOf(2))).warnings, []);
});

test('saved and loaded it is the same', async () => {
  const model = await fitted({ bandwidth: 'scott' });
  const folder = join(home, 'saved');
  await model.save(folder);
  const loaded = await load(folder, canSample);
  assert.ok('logProb' in loaded && typeof loaded.logProb === 'function');
  const points = { data: x.slice(0, 20), shape: [10, 2] };
  assert.deepEqual(await loaded.logProb(points), await model.logProb(points));
  assert.deepEqual((await loaded.sample(9, { seed: 2 })).data, (await model.sample(9, { seed: 2 })).data);
  await loaded.dispose();
});

test('errors say what to do', async () => {
  const broken = {
    ...fromArrays({ x: new Float32Array(4), shape: [1] }),
    gather: () => ({ x: new Float32Array(4).fill(Number.NaN) }),
  };
  await assert.rejects(
    fitted({}, broken),
    (error) => error instanceof DatasetError && /not finite/.test(error.message),
  );
  for (const bandwidth of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(
      () => kernelDensity({ bandwidth }),
      (error) => error instanceof ConfigError && /number above 0/.test(error.message),
    );
  const equal = fromArrays({ x: new Float32Array(10).fill(2), shape: [1] });
  await assert.rejects(
    fitted({}, equal),
    (error) => error instanceof DatasetError && /Give bandwidth as a number/.test(error.message),
  );
  assert.ok(
    (await (await fitted({ bandwidth: 1 }, equal)).logProb({ data: Float32Array.of(2), shape: [1, 1] }))[0]! < 0,
  );
  await assert.rejects(
    fitted({ bandwidth: 'cross-validated' }, subset(rowsOf(2), 4)),
    /4 rows cannot be divided into 5 folds/,
  );
  const model = await fitted({ bandwidth: 1 });
  await assert.rejects(model.logProb({ data: new Float32Array(3), shape: [1, 3] }), ShapeError);
  await assert.rejects(model.logProb({ data: Float32Array.of(1, Number.NaN), shape: [1, 2] }), ConfigError);
  await assert.rejects(model.sample(0), ConfigError);
  await assert.rejects(kernelDensity().sample(1), NotFittedError);
  await assert.rejects(kernelDensity().logProb({ data: new Float32Array(2), shape: [1, 2] }), NotFittedError);
});
