import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, NotFittedError, ShapeError } from '../../core/errors.js';
import { fromArrays, subset } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { load } from '../node/load.js';
import { canSample } from '../tools/abilities.js';
import { type Histogram, histogram } from './histogram.js';

// i, j = np.mgrid[0:60, 0:5].astype(float)
// X = (np.sin(1 + i*0.7 + j*1.3)*(j + 1) + np.cos(i*j*0.3)).astype(np.float32)
const x = Float32Array.from({ length: 300 }, (_, place) => {
  const [i, j] = [Math.floor(place / 5), place % 5];
  return Math.sin(1 + i * 0.7 + j * 1.3) * (j + 1) + Math.cos(i * j * 0.3);
});
const line = fromArrays({ x, shape: [1], name: 'line' });
const plane = fromArrays({ x, shape: [2], name: 'plane' });
const home = await mkdtemp(join(tmpdir(), 'verisim-histogram-'));
after(() => rm(home, { recursive: true }));

const fitted = async (options: Parameters<typeof histogram>[0] = {}, data = line): Promise<Histogram> => {
  const model = histogram(options);
  await model.fit(data);
  return model;
};

/** The densities in the middle of every bin. */
async function densities(model: Histogram): Promise<Float64Array> {
  const { low, high, bins, counts } = model.summary();
  const features = bins.length;
  const middles = new Float32Array(counts.length * features);
  for (let bin = 0; bin < counts.length; bin++) {
    let rest = bin;
    for (let i = features - 1; i >= 0; i--) {
      middles[bin * features + i] = low[i]! + (((rest % bins[i]!) + 0.5) * (high[i]! - low[i]!)) / bins[i]!;
      rest = Math.floor(rest / bins[i]!);
    }
  }
  return (await model.logProb({ data: middles, shape: [counts.length, features] })).map(Math.exp);
}

function near(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs(actual[i]! - value) <= 1e-6 * value, `${i}: ${actual[i]} is not ${value}`);
}

test('the densities of NumPy: a number of bins', async () => {
  // np.histogram(X.reshape(-1).astype(float), bins=7, density=True)
  near(
    await densities(await fitted({ bins: 7 })),
    [
      0.02361613586361645, 0.06888039626888129, 0.0964325547764338, 0.13972880385973063, 0.17318499633318726,
      0.06297636230297715, 0.025584147185584497,
    ],
  );
});

test('the densities of NumPy: Freedman and Diaconis, Scott', async () => {
  // np.histogram(X.reshape(-1).astype(float), bins='fd', density=True)
  near(
    await densities(await fitted()),
    [
      0.01012120108440705, 0.04385853803243052, 0.06072720650644231, 0.09446454345446577, 0.09446454345446577,
      0.11133321192847755, 0.17543415212972208, 0.17206041843491987, 0.11470694562327989, 0.07422214128565163,
      0.04048480433762817, 0.02024240216881412,
    ],
  );
  // np.histogram(X.reshape(-1).astype(float), bins='scott', density=True)
  near(
    await densities(await fitted({ bins: 'scott' })),
    [
      0.016868668474011743, 0.04779456067636663, 0.08153189762439013, 0.08996623186139596, 0.10964634508107633,
      0.17712101897712343, 0.1714981294857859, 0.07028611864171565, 0.05622889491337252, 0.022491557965348977,
    ],
  );
});

test('the densities of NumPy: two columns', async () => {
  // P = X.reshape(-1, 2).astype(float); np.histogram2d(P[:, 0], P[:, 1], bins=[3, 4], density=True)
  near(
    await densities(await fitted({ bins: [3, 4] }, plane)),
    [
      0.003118490039534018, 0.004989584063254429, 0.00873177211069525, 0.0012473960158136072, 0.01060286613441566,
      0.014345054181856482, 0.014345054181856482, 0.006236980079068036, 0.0012473960158136072, 0.009979168126508857,
      0.014968752189763289, 0.003742188047440822,
    ],
  );
});

test('densities integrate to 1, smoothed or not, in one, two and three columns', async () => {
  for (const columns of [1, 2, 3])
    for (const smoothing of [0, 0.5]) {
      const model = await fitted({ bins: 4, smoothing }, fromArrays({ x, shape: [columns] }));
      const { low, high, counts } = model.summary();
      const volume = low.reduce((product, from, i) => product * (high[i]! - from), 1) / counts.length;
      const values = await densities(model);
      assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) * volume - 1) < 1e-12);
      assert.equal(
        values.some((value) => value === 0),
        smoothing === 0 && counts.some((count) => count === 0),
      );
    }
});

test('bins are closed at their lower edge, the last one also at its upper edge', async () => {
  const model = await fitted(
    { bins: 4, range: [[0, 4]] },
    fromArrays({ x: Float32Array.of(0, 1, 1.5, 4), shape: [1] }),
  );
  assert.deepEqual([...model.summary().counts], [1, 2, 0, 1]);
  const places = Float32Array.of(-0.001, 0, 0.999, 1, 2, 4, 4.001);
  const logProb = await model.logProb({ data: places, shape: [7, 1] });
  assert.deepEqual(
    [...logProb.map(Math.exp)].map((value) => Math.round(value * 1e9) / 1e9),
    [0, 0.25, 0.25, 0.5, 0, 0.25, 0],
  );
  // Widths that have no exact binary form: every edge is still in one bin, the one it begins.
  const tenths = await fitted({ bins: 10, range: [[0, 1]] }, fromArrays({ x: random(0).uniform(1000), shape: [1] }));
  assert.equal(
    tenths.summary().counts.reduce((sum, count) => sum + count, 0),
    1000,
  );
});

test('a floor makes scores finite', async () => {
  const model = await fitted({ bins: 5, floor: 1e-6 });
  const [outside, inside] = await model.logProb({ data: Float32Array.of(100, 0), shape: [2, 1] });
  assert.equal(outside, Math.log(1e-6));
  assert.equal(inside, (await (await fitted({ bins: 5 })).logProb({ data: Float32Array.of(0), shape: [1, 1] }))[0]);
});

test('the mean log-density of the fit is that of its rows', async () => {
  const model = histogram({ bins: 6, smoothing: 0.1 });
  const { history } = await model.fit(plane);
  const logProb = await model.logProb({ data: x, shape: [150, 2] });
  assert.ok(Math.abs(history[0]!.metrics.logProb! - logProb.reduce((sum, value) => sum + value, 0) / 150) < 1e-12);
});

test('samples fall into bins by their shares, and are uniform within', async () => {
  const model = await fitted({ bins: [3, 4] }, plane);
  const count = 40_000;
  const { data, shape } = await model.sample(count, { seed: 1 });
  assert.deepEqual(shape, [count, 2]);
  assert.ok((await model.logProb({ data, shape })).every(Number.isFinite));
  const again = histogram({
    bins: [3, 4],
    range: [...model.summary().low].map((low, i) => [low, model.summary().high[i]!]),
  });
  await again.fit(fromArrays({ x: data, shape: [2] }));
  for (const [bin, rows] of model.summary().counts.entries()) {
    const share = rows / 150;
    // Four standard errors.
    const tolerance = 4 * Math.sqrt((share * (1 - share)) / count);
    assert.ok(Math.abs(again.summary().counts[bin]! / count - share) <= tolerance);
  }
  const fine = await fitted({ bins: 1 });
  const { low, high } = fine.summary();
  const uniform = (await fine.sample(count, { seed: 2 })).data;
  const [mean, width] = [uniform.reduce((sum, value) => sum + value, 0) / count, high[0]! - low[0]!];
  assert.ok(Math.abs(mean - (low[0]! + high[0]!) / 2) < (4 * width) / Math.sqrt(12 * count));
});

test('statistics of parts add up to those of the whole', async () => {
  const options = {
    bins: [5, 6],
    range: [
      [-4, 4],
      [-6, 6],
    ],
  };
  const whole = await fitted(options, plane);
  const model = histogram(options);
  const parts = [
    subset(plane, [0, 1, 2]),
    subset(
      plane,
      Uint32Array.from({ length: 147 }, (_, i) => i + 3),
    ),
  ];
  await model.fromSummaries(await Promise.all(parts.map((part) => model.summarize(part))));
  assert.deepEqual(model.summary(), whole.summary());
  const automatic = histogram();
  const [a, b] = await Promise.all(parts.map((part) => automatic.summarize(part)));
  assert.throws(() => automatic.combine(a!, b!), /Give range and bins as numbers/);
  await assert.rejects(model.fromSummaries([]), ConfigError);
});

test('warnings say what is odd and what helps', async () => {
  const warnings = async (options: Parameters<typeof histogram>[0], values: ArrayLike<number>, columns = 1) =>
    (await histogram(options).fit(fromArrays({ x: Float32Array.from(values), shape: [columns] }))).warnings.join('\n');
  assert.equal(await warnings({}, x), '');
  assert.match(await warnings({ range: [[0, 100]] }, x), /\d+ of 300 rows are outside the range.*Give a wider range/);
  assert.match(await warnings({ bins: 2 }, [1, 5, 2, 5, 3, 5], 2), /Column 1 is constant/);
  assert.match(await warnings({ bins: 400 }, x), /of 400 bins are empty, more bins than the 300 rows/);
  assert.match(
    await warnings({}, [0, 5, 5, 5, 5, 5, 5, 9]),
    /Half of the values of column 0 are equal.*Give bins as a number/,
  );
  assert.match(await warnings({}, [...x, 1e8]), /asks for .* bins.*Remove outliers/);
});

test('saved and loaded it is the same', async () => {
  const model = await fitted({}, plane);
  const folder = join(home, 'saved');
  await model.save(folder);
  const loaded = await load(folder, canSample);
  assert.ok('logProb' in loaded && typeof loaded.logProb === 'function');
  const points = { data: x.slice(0, 20), shape: [10, 2] };
  assert.deepEqual(await loaded.logProb(points), await model.logProb(points));
  assert.deepEqual((await loaded.sample(9, { seed: 2 })).data, (await model.sample(9, { seed: 2 })).data);
});

test('errors say what to do', async () => {
  for (const bins of [0, -3, 2.5])
    assert.throws(
      () => histogram({ bins }),
      (error) => error instanceof ConfigError && /whole number from 1/.test(error.message),
    );
  assert.throws(() => histogram({ range: [[1, 1]] }), /low < high/);
  await assert.rejects(fitted({ bins: [2, 2] }), /bins has 2 numbers, but the rows have 1 columns/);
  await assert.rejects(
    fitted({
      range: [
        [0, 1],
        [0, 1],
      ],
    }),
    /range has 2 pairs/,
  );
  await assert.rejects(fitted({ range: [[50, 60]] }), /no row is within the range/);
  await assert.rejects(fitted({ bins: 100 }, fromArrays({ x, shape: [5] })), /1\.00e\+10 bins.*kernel-density/);
  await assert.rejects(
    fitted({}, fromArrays({ x: random(0).uniform(50 * 64), shape: [64] })),
    /64 columns need too many bins/,
  );
  const model = await fitted();
  await assert.rejects(model.logProb({ data: new Float32Array(2), shape: [1, 2] }), ShapeError);
  await assert.rejects(model.logProb({ data: Float32Array.of(Number.NaN), shape: [1, 1] }), ConfigError);
  await assert.rejects(model.sample(-1), ConfigError);
  await assert.rejects(histogram().sample(1), NotFittedError);
  const one = await fitted({}, fromArrays({ x: Float32Array.of(3), shape: [1] }));
  assert.deepEqual([...(await one.logProb({ data: Float32Array.of(3), shape: [1, 1] }))], [0]);
});
