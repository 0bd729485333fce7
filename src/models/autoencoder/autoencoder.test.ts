import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import type { Samples } from '../contract.js';
import { load } from '../node/load.js';
import { pca } from '../subspace/pca.js';
import { canSample } from '../tools/abilities.js';
import { autoencoder } from './autoencoder.js';
import type { AutoencoderOptions } from './autoencoder-options.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-autoencoder-'));
after(() => rm(home, { recursive: true }));

async function rowsOf(data: Dataset): Promise<Samples> {
  const { x } = await data.gather(Array.from({ length: data.length }, (_, i) => i));
  return { data: x, shape: [data.length, ...data.exampleShape] };
}

/** 500 rows of 5 numbers that vary along two directions, with a little noise around them. */
function plane(seed: number, count = 500): Dataset {
  const stream = random(seed);
  const directions = random(99).normal(10);
  const z = stream.split('z').normal(count * 2);
  const x = stream
    .split('noise')
    .normal(count * 5, 0, 0.1)
    .map((value, i) => {
      const [row, column] = [Math.floor(i / 5), i % 5];
      return (
        value + (z[2 * row] ?? 0) * (directions[column] ?? 0) + (z[2 * row + 1] ?? 0) * (directions[5 + column] ?? 0)
      );
    });
  return fromArrays({ x, shape: [5], name: 'plane' });
}

const meanSquare = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => (value - (b[i] ?? Number.NaN)) ** 2).reduce((sum, value) => sum + value, 0) / a.length;

const small: AutoencoderOptions = { latentSize: 2, hiddenLayers: [16], learningRate: 0.01 };
const short = { epochs: 40, batchSize: 50, seed: 0, threads: 1 };

test('linear networks with squared error lose what is outside the principal components, and no less', async () => {
  const data = plane(1);
  const rows = await rowsOf(data);
  const linear = autoencoder({ latentSize: 2, hiddenLayers: [], learningRate: 0.02 });
  // All rows in every step, so that the gradient has no noise.
  await linear.fit(data, { ...short, epochs: 800, batchSize: 500 });
  const components = pca({ components: 2 });
  await components.fit(data);
  const best = meanSquare((await components.reconstruct(rows)).data, rows.data);
  const reached = meanSquare((await linear.reconstruct(rows)).data, rows.data);
  assert.ok(reached >= best * 0.9999 && reached < best * 1.05, `${reached}, ${best} by principal components`);
  await linear.dispose();
  await components.dispose();
});

test('codes of new rows come from Gaussians fitted to the codes, or from a standard normal, which lies elsewhere', async () => {
  // Two clusters, so that codes are far from normal.
  const x = random(1)
    .normal(800, 0, 0.1)
    .map((value, i) => value + (Math.floor(i / 2) % 2 === 0 ? 1.5 : -1.5));
  const data = fromArrays({ x, shape: [2], name: 'clusters' });
  const strays = async (options: AutoencoderOptions): Promise<number> => {
    const model = autoencoder({ ...small, latentSize: 1, ...options });
    await model.fit(data, short);
    const { data: drawn } = await model.sample(400, { seed: 1 });
    assert.deepEqual(await model.sample(400, { seed: 1 }), { data: drawn, shape: [400, 2] });
    await model.dispose();
    const isStray = (row: number) => Math.abs(Math.abs(drawn[2 * row] ?? 0) - 1.5) > 0.6;
    return Array.from({ length: 400 }, (_, row) => Number(isStray(row))).reduce((a, b) => a + b, 0) / 400;
  };
  const [standard, mixture] = [
    await strays({ prior: 'standard-normal' }),
    await strays({ prior: 'mixture', priorComponents: 2 }),
  ];
  assert.ok(mixture < 0.05, `${mixture}`);
  assert.ok(standard > mixture + 0.1, `${standard} of the rows are strays, ${mixture} with the mixture`);
});

test('a denoising autoencoder takes noise away, and fills in what is missing', async () => {
  // Points of a circle of radius 1.
  const circle = (seed: number): Float32Array => {
    const angles = random(seed).uniform(500, 0, 2 * Math.PI);
    return Float32Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? Math.cos : Math.sin)(angles[i >> 1] ?? 0));
  };
  const onCircle = circle(2);
  const noise = random(3).normal(1000, 0, 0.3);
  const noisy = { data: onCircle.map((value, i) => value + (noise[i] ?? 0)), shape: [500, 2] };
  const error = async (options: AutoencoderOptions): Promise<number> => {
    const model = autoencoder({ ...small, hiddenLayers: [32], ...options });
    await model.fit(fromArrays({ x: circle(1), shape: [2] }), { ...short, epochs: 100 });
    const back = await model.reconstruct(noisy);
    await model.dispose();
    return meanSquare(back.data, onCircle);
  };
  // The noise has the variance 0.09, of which half is across the circle.
  const [plain, denoising] = [await error({}), await error({ corruption: 'gaussian', corruptionLevel: 0.3 })];
  assert.ok(denoising < 0.065 && denoising < 0.8 * plain, `${denoising}, ${plain} without corruption`);
  const clean = await rowsOf(plane(2));
  // A masked number is found again from the others.
  const masked = { data: clean.data.map((value, i) => (i % 5 === 0 ? 0 : value)), shape: clean.shape };
  const model = autoencoder({ ...small, latentSize: 5, corruption: 'masking' });
  await model.fit(plane(1), short);
  const filled = meanSquare((await model.reconstruct(masked)).data, clean.data);
  assert.ok(filled < 0.5 * meanSquare(masked.data, clean.data), `${filled}`);
  await model.dispose();
});

test('penalties make codes sparse', async () => {
  const rows = await rowsOf(plane(1));
  const codesOf = async (options: AutoencoderOptions): Promise<Float32Array> => {
    const model = autoencoder({ ...small, latentSize: 6, ...options });
    await model.fit(plane(1), short);
    const { data } = await model.encode(rows);
    await model.dispose();
    return data;
  };
  const size = (codes: Float32Array) => codes.reduce((sum, value) => sum + Math.abs(value), 0) / codes.length;
  assert.ok(size(await codesOf({ sparsity: 'l1', sparsityWeight: 1 })) < 0.3 * size(await codesOf({})));
  const kl = await codesOf({ sparsity: 'kl', sparsityWeight: 10, sparsityTarget: 0.1 });
  assert.ok(kl.every((value) => value > 0 && value < 1));
  assert.ok(Math.abs(size(kl) - 0.1) < 0.05, `mean ${size(kl)}`);
});

test('images are taken by convolutions, judged by cross-entropy, and stay in [0, 1]', async () => {
  const images = fromArrays({ x: random(1).uniform(40 * 90), shape: [9, 10, 1], name: 'images' });
  for (const loss of ['squared-error', 'cross-entropy'] as const) {
    const model = autoencoder({ network: 'convolutional', channels: 2, hiddenLayers: [8], latentSize: 3, loss });
    await model.fit(images, { steps: 4, batchSize: 10, threads: 1 });
    const { data, shape } = await model.sample(5, { seed: 1 });
    assert.deepEqual(shape, [5, 9, 10, 1]);
    assert.ok(data.every((value) => value >= 0 && value <= 1));
    await model.dispose();
  }
});

test('cross-entropy of a constant row is its entropy at best', async () => {
  // Every row is 0.2, 0.7: sum of the entropies 0.5004 + 0.6109 = 1.1113 nats.
  const data = fromArrays({ x: Float32Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0.2 : 0.7)), shape: [2] });
  const model = autoencoder({ ...small, loss: 'cross-entropy' });
  const { history, warnings } = await model.fit(data, { ...short, batchSize: 20 });
  assert.ok(Math.abs((history.at(-1)?.metrics.loss ?? 0) - 1.1113) < 0.005);
  assert.match(warnings[0] ?? '', /The code is the same for all rows/);
  await model.dispose();
});

test('validation rows choose the weights, and what was saved decodes alike', async () => {
  const model = autoencoder({ ...small, corruption: 'gaussian' });
  const { history } = await model.fit(plane(1), { ...short, epochs: 3, validation: plane(2) });
  assert.ok(history.some(({ metrics }) => (metrics.validationLoss ?? 0) > 0));
  await model.save(join(home, 'model'));
  const again = await load(join(home, 'model'), canSample);
  assert.deepEqual(await again.sample(6, { seed: 1 }), await model.sample(6, { seed: 1 }));
  await model.dispose();
  await again.dispose();
});

test('what cannot be learnt from is refused', async () => {
  const negative = fromArrays({ x: random(1).normal(100), shape: [5], name: 'negative' });
  const refused: readonly (readonly [AutoencoderOptions, RegExp])[] = [
    [{ loss: 'cross-entropy' }, /negative holds numbers from -.*takes them as probabilities/],
    [{ prior: 'mixture', priorComponents: 21 }, /21 components needs at least as many rows; negative has 20/],
  ];
  for (const [options, message] of refused)
    await assert.rejects(
      autoencoder({ ...small, ...options }).fit(negative, { steps: 1, batchSize: 5 }),
      (error) => error instanceof ConfigError && message.test(error.message),
    );
  await assert.rejects(
    autoencoder({ network: 'convolutional' }).fit(negative, { steps: 1, batchSize: 5 }),
    (error) => error instanceof ShapeError && /convolutions need images/.test(error.message),
  );
  assert.throws(() => autoencoder({ latentSize: 0 }), /option "latentSize" is 0/);
});
