import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { type Dataset, fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { load } from '../node/load.js';
import { canSample } from '../tools/abilities.js';
import { generatorNetwork } from './generator-network.js';
import type { GeneratorNetworkOptions } from './generator-options.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-generator-'));
after(() => rm(home, { recursive: true }));

/** Images of 8x8 with one bright row or column, 16 different ones, each several times. */
function lines(copies: number): Dataset {
  const x = Float32Array.from({ length: copies * 16 * 64 }, (_, i) => {
    const [line, place] = [Math.floor(i / 64) % 16, i % 64];
    return Number(line < 8 ? Math.floor(place / 8) === line : place % 8 === line - 8);
  });
  return fromArrays({ x, shape: [8, 8, 1], name: 'lines' });
}

const small: GeneratorNetworkOptions = { latentSize: 8, network: 'dense', hiddenLayers: [64], learningRate: 0.01 };
const short = { batchSize: 16, seed: 0, threads: 1 };

const errorOf = async (options: GeneratorNetworkOptions, data: Dataset, epochs: number): Promise<number> => {
  const model = generatorNetwork({ ...small, ...options });
  const { history, warnings } = await model.fit(data, { ...short, epochs });
  assert.deepEqual(warnings, []);
  await model.dispose();
  return history.at(-1)?.metrics.loss ?? Number.NaN;
};

test('a few rows are learnt by heart, from fixed vectors as from learnt ones', async () => {
  // The average row has the squared error 64 (mean square - square mean) = 8 - 64 / 8^2 = 7.
  for (const learnCodes of [false, true]) {
    const error = await errorOf({ learnCodes, codeLearningRate: 0.05 }, lines(1), 400);
    assert.ok(error < 0.5, `${error} with learnCodes ${learnCodes}`);
  }
});

test('learnt codes arrange many rows where fixed ones can only average', async () => {
  // 512 fixed vectors of 8 numbers leave the network nothing to tell the lines apart by but learning them one by one.
  const [fixed, learnt] = [
    await errorOf({}, lines(32), 20),
    await errorOf({ learnCodes: true, codeLearningRate: 0.05 }, lines(32), 20),
  ];
  assert.ok(fixed > 4 && learnt < 0.7 * fixed, `${fixed} fixed, ${learnt} learnt`);
});

test('learnt codes stay in the unit ball, and decode to their rows', async () => {
  const data = lines(2);
  const model = generatorNetwork({ ...small, learnCodes: true, codeLearningRate: 0.05 });
  await model.fit(data, { ...short, epochs: 300 });
  const { codes } = model;
  assert.deepEqual(codes.shape, [32, 8]);
  for (let row = 0; row < 32; row++) {
    const norm = Math.hypot(...codes.data.subarray(8 * row, 8 * row + 8));
    assert.ok(norm <= 1 + 1e-6, `${norm}`);
  }
  const { data: made } = await model.decode(codes);
  const { x } = await data.gather(Array.from({ length: 32 }, (_, row) => row));
  const error = x.reduce((sum, value, i) => sum + (value - (made[i] ?? 0)) ** 2, 0) / 32;
  assert.ok(error < 1, `${error}`);
  // What is drawn comes from where the codes are, and is the same once saved.
  const drawn = await model.sample(4, { seed: 1 });
  await model.save(join(home, 'model'));
  const again = await load(join(home, 'model'), canSample);
  assert.deepEqual(await again.sample(4, { seed: 1 }), drawn);
  await model.dispose();
  await again.dispose();
});

test('fixed vectors are those of the seed, whatever is learnt', async () => {
  const model = generatorNetwork(small);
  await model.fit(lines(1), { ...short, epochs: 1 });
  const before = model.codes.data;
  await model.fit(lines(1), { ...short, epochs: 5 });
  assert.deepEqual(model.codes.data, before);
  await model.fit(lines(1), { ...short, epochs: 1, seed: 1 });
  assert.notDeepEqual(model.codes.data, before);
  await model.dispose();
});

test('transposed convolutions make images of any size from 8; dense layers rows of any shape', async () => {
  for (const [network, shape] of [
    ['convolutional', [9, 12, 3]],
    ['dense', [5]],
  ] as const) {
    const size = shape.reduce<number>((a, b) => a * b, 1);
    const model = generatorNetwork({ network, latentSize: 3, hiddenLayers: [8], channels: 2, learnCodes: true });
    await model.fit(fromArrays({ x: random(1).uniform(20 * size), shape: [...shape] }), { ...short, steps: 3 });
    assert.deepEqual((await model.sample(2, { seed: 1 })).shape, [2, ...shape]);
    await model.dispose();
  }
});

test('what cannot be learnt from is refused', async () => {
  const points = fromArrays({ x: random(1).normal(40), shape: [2] });
  await assert.rejects(
    generatorNetwork().fit(points, { steps: 1, batchSize: 5 }),
    (error) => error instanceof ShapeError && /make images.*Use network: 'dense'/.test(error.message),
  );
  await assert.rejects(
    generatorNetwork(small).fit(lines(1), { steps: 1, batchSize: 5, validation: lines(1) }),
    (error) => error instanceof ConfigError && /train it without validation rows/.test(error.message),
  );
  await assert.rejects(
    generatorNetwork({ ...small, latentSize: 10_000_000 }).fit(lines(1), { steps: 1 }),
    (error) => error instanceof ConfigError && /at most 6 rows can be learnt/.test(error.message),
  );
});
