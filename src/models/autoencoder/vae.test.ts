import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, DivergedError, ShapeError } from '../../core/errors.js';
import { type Dataset, fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import type { Samples } from '../contract.js';
import { load } from '../node/load.js';
import { anomalyScore } from '../tools/anomaly-score.js';
import { vae } from './vae.js';
import { Vae } from './vae-model.js';
import type { VaeOptions } from './vae-options.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-vae-'));
after(() => rm(home, { recursive: true }));

/** 600 rows of 16 zeros and ones: two halves, each all ones or all zeros, with one number in twenty turned round. */
function halves(seed: number, count = 600): Dataset {
  const stream = random(seed);
  const sides = stream.split('sides').uniform(count * 2);
  const flips = stream.split('flips').uniform(count * 16);
  const x = Float32Array.from({ length: count * 16 }, (_, i) => {
    const side = sides[2 * Math.floor(i / 16) + Number(i % 16 >= 8)] ?? 0;
    return Number(side < 0.5 !== (flips[i] ?? 0) < 0.05);
  });
  return fromArrays({ x, shape: [4, 4, 1], name: 'halves' });
}

async function rowsOf(data: Dataset): Promise<Samples> {
  const { x } = await data.gather(Array.from({ length: data.length }, (_, i) => i));
  return { data: x, shape: [data.length, ...data.exampleShape] };
}

const meanOf = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

const small: VaeOptions = { latentSize: 2, hiddenLayers: [16], learningRate: 0.01 };
const short = { epochs: 20, batchSize: 50, seed: 0, threads: 1 } as const;

test('the bound on held-out rows beats independent pixels, and lies below the true density', async () => {
  const model = vae(small);
  const { warnings } = await model.fit(halves(1), short);
  assert.deepEqual(warnings, []);
  const { values, kind } = await model.logProbBound(await rowsOf(halves(2)), { samples: 50 });
  assert.equal(kind, 'importance');
  // Independent pixels are ones half of the time: 16 log 2 = 11.09 nats. The entropy of the rows is about
  // 2 log 2 + 16 H(0.05) = 1.39 + 16 * 0.1985 = 4.56 nats.
  const bound = meanOf(values);
  assert.ok(bound > -6.5 && bound < -4.4, `${bound} nats`);
  // The posterior mean of a row decodes to that row's side of each half.
  const rows = await rowsOf(halves(2, 100));
  const back = await model.reconstruct(rows);
  const agree = back.data.filter((value, i) => Math.round(value) === rows.data[i]).length / back.data.length;
  assert.ok(agree > 0.9, `${agree} of the pixels come back`);
  await model.dispose();
});

test('the importance bound rises with the number of samples, from the evidence lower bound on', async () => {
  const model = vae(small);
  await model.fit(halves(1), { ...short, epochs: 6 });
  const rows = await rowsOf(halves(2, 400));
  const bounds: number[] = [];
  for (const samples of [1, 2, 5, 25, 125]) {
    const { values, kind } = await model.logProbBound(rows, { samples, seed: 1 });
    assert.equal(kind, samples === 1 ? 'elbo' : 'importance');
    bounds.push(meanOf(values));
  }
  for (const [i, bound] of bounds.entries())
    assert.ok(i === 0 || bound > (bounds[i - 1] ?? 0), `bounds ${bounds.map((value) => value.toFixed(3)).join(', ')}`);
  await model.dispose();
});

test("a row's bound depends on the seed and its number, not on the rows it is computed with", async () => {
  const model = vae(small);
  await model.fit(halves(1), { ...short, epochs: 2 });
  const rows = await rowsOf(halves(2, 40));
  // 30011 codes do not fit into one batch.
  for (const samples of [1, 7, 30_011]) {
    const count = samples > 1000 ? 3 : 40;
    const all = await model.logProbBound(
      { data: rows.data.slice(0, count * 16), shape: [count, 4, 4, 1] },
      { samples },
    );
    const few = await model.logProbBound({ data: rows.data.slice(0, 2 * 16), shape: [2, 4, 4, 1] }, { samples });
    for (const [row, value] of few.values.entries())
      assert.ok(Math.abs(value - (all.values[row] ?? 0)) < 1e-5, `${samples} samples, row ${row}`);
    const other = await model.logProbBound({ data: rows.data.slice(0, 32), shape: [2, 4, 4, 1] }, { samples, seed: 1 });
    assert.notDeepEqual(other.values, few.values);
  }
  await assert.rejects(model.logProbBound(rows, { samples: 0 }), /samples is 0/);
  await assert.rejects(model.logProbBound({ data: rows.data, shape: [80, 8] }), ShapeError);
  await model.dispose();
});

test('with a huge beta the posterior collapses, and the report says so', async () => {
  const model = vae({ ...small, beta: 1000, klWarmUp: 0 });
  const { warnings } = await model.fit(halves(1), { ...short, epochs: 8 });
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0] ?? '',
    /none of the 2 numbers of the code depends on the row.*lower beta.*klWarmUp.*freeBits/,
  );
  const { active, variances } = await model.activeUnits(await rowsOf(halves(2)));
  assert.equal(active, 0);
  assert.ok(variances.every((variance) => variance < 0.01));
  await model.dispose();
});

test('free bits keep numbers of the code in use where the divergence costs too much', async () => {
  const kl = async (freeBits: number): Promise<number> => {
    const model = vae({ ...small, beta: 20, freeBits, klWarmUp: 0 });
    const { history } = await model.fit(halves(1), { ...short, epochs: 15, logEvery: 12 });
    await model.dispose();
    return history.at(-1)?.metrics.kl ?? Number.NaN;
  };
  assert.ok((await kl(0)) < 0.05);
  // Each of the two numbers has half a nat for nothing.
  assert.ok(Math.abs((await kl(0.5)) - 1) < 0.3);
});

test('beta rises in as many steps or epochs as klWarmUp says', async () => {
  for (const klWarmUp of [{ steps: 24 }, 2]) {
    // Without a step size to speak of nothing changes but beta: loss = beta KL + reconstruction.
    const model = vae({ ...small, klWarmUp, beta: 3, learningRate: 1e-30 });
    const { history } = await model.fit(halves(1), { ...short, epochs: 3, logEvery: 1 });
    for (const { step, metrics } of history) {
      const { loss = 0, kl = 0, reconstruction = 0 } = metrics;
      const beta = 3 * Math.min(1, step / 24);
      assert.ok(Math.abs(loss - beta * kl - reconstruction) < 1e-3 * Math.max(1, loss), `step ${step}`);
    }
    await model.dispose();
  }
});

test('training with more codes per row tightens the bound that it is for', async () => {
  const fitted = async (importanceSamples: number): Promise<number> => {
    const model = vae({ ...small, latentSize: 1, importanceSamples });
    const { history } = await model.fit(halves(1), { ...short, logEvery: 12 });
    await model.dispose();
    return history.at(-1)?.metrics.loss ?? Number.NaN;
  };
  assert.ok((await fitted(10)) < (await fitted(1)));
});

test('validation keeps the weights that are best on held-out rows', async () => {
  for (const importanceSamples of [1, 3]) {
    const model = vae({ ...small, importanceSamples, ema: 0.9 });
    const { history, stoppedBecause } = await model.fit(halves(1, 100), {
      ...short,
      epochs: 4,
      validation: halves(2, 100),
      validateEvery: 2,
    });
    const looks = history.flatMap(({ metrics }) => metrics.validationLoss ?? []);
    assert.equal(looks.length, 4);
    assert.equal(stoppedBecause, 'finished');
    // What was kept is as good as the best look, up to the noise of one code per row.
    const bound = await model.logProbBound(await rowsOf(halves(2, 100)), { samples: importanceSamples });
    assert.ok(Math.abs(meanOf(bound.values) + Math.min(...looks)) < 0.5);
    await model.dispose();
  }
});

test('gaussian decoders learn the noise around points; discretised ones take pixels of 256 levels', async () => {
  // Points on a line, x2 = -x1, with noise of variance 0.01 around it.
  const [along, noise] = [random(1).normal(800), random(2).normal(1600, 0, 0.1)];
  const x = noise.map((value, i) => value + (along[i >> 1] ?? 0) * (i % 2 === 0 ? 1 : -1));
  const points = fromArrays({ x, shape: [2], name: 'line' });
  const model = vae({ ...small, decoder: 'gaussian' });
  await model.fit(points, { ...short, epochs: 40 });
  const logProb = meanOf((await model.logProbBound(await rowsOf(points), { samples: 100 })).values);
  // The entropy of N(0, [[1.01, -1], [-1, 1.01]]): log(2 pi e) + log(det = 0.0201) / 2 = 2.838 - 1.954 = 0.884 nats.
  assert.ok(Math.abs(logProb + 0.884) < 0.2, `${logProb} nats`);
  // Draws have the noise, too.
  const { data } = await model.sample(2000, { seed: 1 });
  const across = meanOf(
    Float64Array.from({ length: 2000 }, (_, i) => ((data[2 * i] ?? 0) + (data[2 * i + 1] ?? 0)) ** 2),
  );
  assert.ok(across > 0.01 && across < 0.06, `variance ${across} across the line; 0.02 in the data`);
  await model.dispose();

  const grey = fromArrays({
    x: random(3)
      .uniform(64 * 16)
      .map((value) => Math.round(value * 40) / 255),
    shape: [4, 4, 1],
  });
  const pixels = vae({ ...small, decoder: 'discretised-logistic', sampling: 'draws' });
  await pixels.fit(grey, { ...short, epochs: 60, batchSize: 32 });
  const rows = await rowsOf(grey);
  const nats = meanOf((await pixels.logProbBound(rows, { samples: 20 })).values);
  // Uniform over 256 levels is 16 log 256 = 88.7 nats, over the 41 that occur 59.4.
  assert.ok(nats > -75 && nats < -59, `${nats} nats`);
  const drawn = await pixels.sample(20, { seed: 1 });
  assert.ok(
    drawn.data.every((value) => value >= 0 && value <= 1 && Math.abs(value * 255 - Math.round(value * 255)) < 1e-3),
  );
  await pixels.dispose();
});

test('convolutional networks take images of any size from 8', async () => {
  for (const shape of [
    [8, 9, 1],
    [13, 8, 3],
  ]) {
    const size = shape.reduce((a, b) => a * b, 1);
    const x = random(1).integers(20 * size, 0, 2);
    const model = vae({ network: 'convolutional', channels: 2, hiddenLayers: [8], latentSize: 3 });
    await model.fit(fromArrays({ x: Float32Array.from(x), shape }), { steps: 3, batchSize: 5, threads: 1 });
    assert.deepEqual((await model.sample(3, { seed: 1 })).shape, [3, ...shape]);
    assert.ok(
      (await model.logProbBound(await model.sample(3, { seed: 1 }), { samples: 3 })).values.every(Number.isFinite),
    );
    await model.dispose();
  }
});

test('what was saved gives the same bounds', async () => {
  const model = vae({ ...small, ema: 0.9 });
  await model.fit(halves(1), { ...short, epochs: 2 });
  const rows = await rowsOf(halves(2, 20));
  const before = await model.logProbBound(rows, { samples: 5 });
  await model.save(join(home, 'model'));
  const again = await load(join(home, 'model'));
  assert.ok(again instanceof Vae);
  assert.deepEqual(await again.logProbBound(rows, { samples: 5 }), before);
  // And the generic tools say what they rest on.
  assert.equal((await anomalyScore(again, rows)).quantity, 'elbo');
  await model.dispose();
  await again.dispose();
});

test('what cannot be learnt from is refused with a remedy', async () => {
  const grey = fromArrays({ x: random(1).uniform(160), shape: [4, 4, 1], name: 'grey' });
  const table = fromArrays({ x: random(1).normal(160, 0, 3), shape: [4], name: 'table' });
  const refused: readonly (readonly [VaeOptions, Dataset, RegExp])[] = [
    [{}, grey, /row 0 of grey holds 0\.\d+ at position 0.*Binarise the data first/],
    [{ pixels: 'probabilities' }, table, /holds numbers from -\d.* to \d.*probabilities of ones.*\[0, 1\]/],
    [{ decoder: 'discretised-logistic' }, table, /they are pixels, so they have to be in \[0, 1\]/],
    [{ decoder: 'gaussian', conditional: true }, table, /table has no labels/],
  ];
  for (const [options, data, message] of refused) {
    const model = vae({ ...small, ...options });
    await assert.rejects(model.fit(data, { steps: 1, batchSize: 5 }), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, message);
      return true;
    });
    await model.dispose();
  }
  await assert.rejects(
    vae({ network: 'convolutional' }).fit(halves(1), { steps: 1 }),
    (error) => error instanceof ShapeError && /of at least 8x8 pixels\. Use network: 'dense'/.test(error.message),
  );
  assert.throws(() => vae({ latentSize: 0 }), /option "latentSize" is 0/);
  assert.throws(() => vae({ importanceSamples: 5, freeBits: 0.1 }), /Leave out freeBits or importanceSamples/);
  assert.throws(() => vae({ beta: 0, reconstructionWeight: 0 }), /nothing would be learnt/);
  assert.throws(() => vae({ decoder: 'gaussian', pixels: 'drawn' }), /about the decoder "bernoulli"/);
  const model = vae(small);
  await model.fit(halves(1), { ...short, epochs: 1 });
  await assert.rejects(model.sample(1, { given: { label: '7' } }), /made without conditional: true/);
  await model.dispose();
});

test('columns of very different sizes are warned of, and are the first remedy where they break the training', async () => {
  const far = (mean: number, deviation: number): Dataset => {
    const x = random(1)
      .normal(200)
      .map((value, i) => (i % 2 === 0 ? value : mean + deviation * value));
    return fromArrays({ x, shape: [2], name: 'raw' });
  };
  const model = vae({ ...small, decoder: 'gaussian' });
  const message = /1 of 2 columns of raw are far from mean 0.*column 2.*standardise\(data\)/;
  const { warnings } = await model.fit(far(20, 5), { steps: 2, batchSize: 10, threads: 1 });
  assert.match(warnings[0] ?? '', message);
  await assert.rejects(model.fit(far(1e5, 3e4), { steps: 20, batchSize: 10, threads: 1 }), (error) => {
    assert.ok(error instanceof DivergedError);
    assert.match(error.message, message);
    return true;
  });
  await model.dispose();
});

test('grey pixels can be probabilities of ones, or be drawn anew in every step', async () => {
  const grey = fromArrays({ x: random(1).uniform(100 * 16), shape: [4, 4, 1] });
  for (const pixels of ['probabilities', 'drawn'] as const) {
    const model = vae({ ...small, pixels });
    const { history } = await model.fit(grey, { ...short, epochs: 2, batchSize: 20 });
    assert.ok(history.every(({ metrics }) => (metrics.reconstruction ?? 0) > 8));
    await model.dispose();
  }
});
