import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatasetError, ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { bitsPerDimensions } from './bits-per-dimension.js';
import { computeMetric } from './compute-metric.js';
import { meanLogLikelihoods } from './mean-log-likelihood.js';
import type { Metric, RowLikelihoods } from './metric.js';
import { metricNamed, metricsFor } from './registry.js';

const likelihoods = (values: ArrayLike<number>, more: Partial<RowLikelihoods> = {}): RowLikelihoods => ({
  values: Float64Array.from(values),
  quantity: 'log-density',
  isDiscrete: true,
  dimensions: 4,
  ...more,
});
const compute = (name: string, given: RowLikelihoods) => computeMetric(metricNamed(name), { likelihoods: given });

function near(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

test('by hand: the mean, and its bits for each number', async () => {
  // p = 1/2 and 1/8: log p = -0.693 and -2.079; 1 and 3 bits in rows of 4 numbers.
  const given = likelihoods([Math.log(1 / 2), Math.log(1 / 8)]);
  near((await compute('log-probability', given)).value, -2 * Math.LN2);
  near((await compute('bits-per-dimension', given)).value, (1 / 4 + 3 / 4) / 2);
});

test('a density: the uniform one over 256 levels has 8 bits, the levels of a flow are counted once', async () => {
  // Levels k/255, each 1/255 wide: the density over all 256 of them is 255/256 along each of 4 numbers.
  const uniform = likelihoods(
    [0, 0, 0].map(() => 4 * Math.log(255 / 256)),
    { isDiscrete: false, levels: 256 },
  );
  near((await compute('bits-per-dimension', uniform)).value, 8);
  near((await compute('log-density', uniform)).value, 4 * Math.log(255 / 256));
  const perLevel = likelihoods(
    [0, 0, 0].map(() => -4 * Math.log(256)),
    { levels: 256 },
  );
  near((await compute('bits-per-dimension', perLevel)).value, 8);
  // Twice the density along every number: a bit less.
  const denser = likelihoods([4 * Math.log((2 * 255) / 256)], { isDiscrete: false, levels: 256 });
  near((await compute('bits-per-dimension', denser)).value, 7);
  // Zeros and ones are a whole unit wide: density 1/2 is a bit.
  const binary = likelihoods([-4 * Math.LN2], { isDiscrete: false, levels: 2 });
  near((await compute('bits-per-dimension', binary)).value, 1);
});

test('rounding gives no probability fewer than no bits', async () => {
  const { value, interval, warnings } = await compute('bits-per-dimension', likelihoods([1e-4, 1e-4]));
  assert.deepEqual([value, interval, warnings], [0, [0, 0], undefined]);
});

test('a Gaussian density in bits is what scipy says', async () => {
  // x = np.arange(12).reshape(3, 4) / 11; p = scipy.stats.norm(.5, .25).logpdf(x).sum(1)
  // p.mean(); np.log2(255) - p.mean() / (4 * np.log(2))
  const values = [0, 1, 2].map((row) =>
    [0, 1, 2, 3].reduce((sum, column) => {
      const z = ((row * 4 + column) / 11 - 0.5) / 0.25;
      return sum - z ** 2 / 2 - Math.log(0.25) - Math.log(2 * Math.PI) / 2;
    }, 0),
  );
  const given = likelihoods(values, { isDiscrete: false, levels: 256 });
  near((await compute('log-density', given)).value, -1.28209183985428, 1e-9);
  near((await compute('bits-per-dimension', given)).value, 8.456770321689351, 1e-9);
});

test('the interval is that of the mean, and goes through to bits', async () => {
  const values = random(1).normal(400, -80, 10);
  const given = likelihoods(values);
  const { value, interval } = await compute('log-probability', given);
  const [low = 0, high = 0] = interval ?? [];
  // 1.96 * 10 / sqrt(400) = 0.98
  near(value - low, 0.98, 0.15);
  near(high - value, 0.98, 0.15);
  const bits = await compute('bits-per-dimension', given);
  near(bits.interval?.[0] ?? 0, -high / (4 * Math.LN2), 1e-9);
  near(bits.interval?.[1] ?? 0, -low / (4 * Math.LN2), 1e-9);
});

test('unlike quantities never share a name', async () => {
  const names = new Set<string>();
  for (const quantity of ['log-density', 'elbo', 'importance', 'ais'] as const)
    for (const isDiscrete of [true, false]) {
      const given = likelihoods([-1], { quantity, isDiscrete, levels: 256 });
      const applying = metricsFor({ likelihoods: given });
      assert.deepEqual(
        applying.map(({ unit }) => unit),
        ['nats', 'bits per dimension'],
        `${quantity} ${isDiscrete}`,
      );
      for (const { name } of applying) names.add(name);
      for (const metric of [...meanLogLikelihoods, ...bitsPerDimensions])
        if (!applying.some(({ name }) => name === metric.name))
          await assert.rejects(metric.compute({ likelihoods: given }), DatasetError);
    }
  // Eight means; bits of probabilities and of densities are the same thing: four.
  assert.equal(names.size, 12);
  assert.deepEqual(
    metricsFor({ likelihoods: likelihoods([-1], { quantity: 'exact' }) }).map(({ name }) => name),
    ['log-probability', 'bits-per-dimension'],
  );
});

test('real numbers have no bits', async () => {
  const given = likelihoods([3], { isDiscrete: false });
  assert.deepEqual(
    metricsFor({ likelihoods: given }).map(({ name }) => name),
    ['log-density'],
  );
  await assert.rejects(compute('bits-per-dimension', given), /rows with levels.*Use the mean log-density/);
});

test('impossible rows make the mean infinite, and are told of', async () => {
  const given = likelihoods([-1, Number.NEGATIVE_INFINITY, -3]);
  const mean = await compute('log-probability', given);
  assert.equal(mean.value, Number.NEGATIVE_INFINITY);
  assert.equal(mean.details?.meanOfPossibleRows, -2);
  assert.match(mean.warnings?.[0] ?? '', /1 of 3 rows are impossible/);
  assert.match(metricNamed('log-probability').read(mean), /impossible/);
  const bits = await compute('bits-per-dimension', given);
  assert.equal(bits.value, Number.POSITIVE_INFINITY);
  assert.match(metricNamed('bits-per-dimension').read(bits), /no code of finite length/);
});

test('spikes on the levels are called what they are', async () => {
  const spiky = await compute('bits-per-dimension', likelihoods([100], { isDiscrete: false, levels: 256 }));
  assert.ok(spiky.value < 0);
  assert.match(spiky.warnings?.[0] ?? '', /spikes/);
  assert.match(metricNamed('bits-per-dimension').read(spiky), /says nothing/);
});

test('values that are none are refused', async () => {
  for (const metric of ['log-probability', 'bits-per-dimension']) {
    await assert.rejects(compute(metric, likelihoods([-1, Number.NaN])), /row 1 is NaN.*diverged/);
    await assert.rejects(compute(metric, likelihoods([Number.POSITIVE_INFINITY])), /spike/);
    await assert.rejects(compute(metric, likelihoods([])), /at least 1 row of/);
    await assert.rejects(compute(metric, likelihoods([-1, 2])), /row 1 is 2.*at most 0/);
    await assert.rejects(compute(metric, likelihoods([-1], { dimensions: 0 })), ShapeError);
    await assert.rejects(compute(metric, likelihoods([-1], { levels: 1 })), ShapeError);
  }
});

test('readings tell the value at hand', async () => {
  const read = async (name: string, given: RowLikelihoods) => metricNamed(name).read(await compute(name, given));
  const binary = likelihoods([-81.3], { dimensions: 784, levels: 2 });
  assert.match(await read('log-probability', binary), /81.3 nats, which is 0.15 bits for each of its 784 numbers/);
  assert.match(await read('bits-per-dimension', binary), /0.15 bits .* where 1 would do .*: 15 % of the size/);
  assert.match(
    await read('elbo-log-probability', { ...binary, quantity: 'elbo' }),
    /the model may be better than this, but not worse\.$/,
  );
  assert.match(
    await read('elbo-bits-per-dimension', { ...binary, quantity: 'elbo' }),
    /^The model needs .*: 15 % of the size; the model may be better than this, but not worse\.$/,
  );
  assert.match(
    await read('ais-bits-per-dimension', { ...binary, quantity: 'ais' }),
    /of the size; the model may be worse than this, since the estimate tends to flatter\.$/,
  );
  assert.match(await read('log-density', likelihoods([1200.4], { isDiscrete: false })), /e\^1200.*compare/);
  assert.match(
    await read('bits-per-dimension', likelihoods([-4 * 9 * Math.LN2], { levels: 256 })),
    /needs 9 bits .* no fewer than the 8/,
  );
});

test('better models come first', async () => {
  const stream = random(2);
  const rows = stream.normal(500);
  const gaussian = (mean: number, deviation: number): RowLikelihoods =>
    likelihoods(
      Array.from(rows, (x) => -(((x - mean) / deviation) ** 2) / 2 - Math.log(deviation) - Math.log(2 * Math.PI) / 2),
      { isDiscrete: false, dimensions: 1, levels: 256 },
    );
  const truth = gaussian(0, 1);
  for (const worse of [gaussian(0.5, 1), gaussian(0, 0.5), gaussian(0, 3)]) {
    for (const name of ['log-density', 'bits-per-dimension']) {
      const metric: Metric = metricNamed(name);
      const sign = metric.better === 'higher' ? 1 : -1;
      assert.ok(sign * ((await compute(name, truth)).value - (await compute(name, worse)).value) > 0, name);
    }
  }
});

test('an abort stops it', async () => {
  const reason = new Error('enough');
  const inputs = { likelihoods: likelihoods([-1, -2]) };
  for (const metric of ['log-probability', 'bits-per-dimension'])
    await assert.rejects(computeMetric(metricNamed(metric), inputs, { signal: AbortSignal.abort(reason) }), reason);
});
