import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { gan } from './gan.js';

const small = { latentSize: 2, generatorLayers: [16, 16], discriminatorLayers: [16, 16] };

test('a small game learns where points lie', async () => {
  // 600 points of N((2, -1), 0.3^2).
  const x = random(1)
    .normal(1200, 0, 0.3)
    .map((value, i) => value + (i % 2 === 0 ? 2 : -1));
  const model = gan({ ...small, learningRate: 0.002, ema: 0.99 });
  await model.fit(fromArrays({ x, shape: [2] }), { steps: 600, seed: 0, threads: 1 });
  const { data } = await model.sample(1000, { seed: 1 });
  const mean = (axis: number) => data.filter((_, i) => i % 2 === axis).reduce((sum, value) => sum + value, 0) / 1000;
  // At the start the samples lie around (0, 0), at a distance of 2.2.
  assert.ok(Math.hypot(mean(0) - 2, mean(1) + 1) < 0.5, `mean (${mean(0)}, ${mean(1)})`);
  await model.dispose();
});

test('rows of any shape can be learnt: points, tables, images, grids', async () => {
  for (const shape of [[1], [13], [5, 7, 2], [3, 4], [2, 2, 2, 2]]) {
    const size = shape.reduce((a, b) => a * b, 1);
    const model = gan(small);
    await model.fit(fromArrays({ x: random(1).uniform(20 * size), shape }), { steps: 2, batchSize: 5, threads: 1 });
    assert.deepEqual((await model.sample(3)).shape, [3, ...shape]);
    await model.dispose();
  }
});

test('codes of another size are refused', async () => {
  const model = gan(small);
  await model.fit(fromArrays({ x: random(1).normal(40), shape: [2] }), { steps: 1, batchSize: 5, threads: 1 });
  const wrong: readonly (readonly [readonly number[], number])[] = [
    [[3, 3], 9],
    [[6], 6],
    [[3, 2], 5],
    [[0, 2], 0],
    [[1, 1, 2], 2],
  ];
  for (const [shape, length] of wrong)
    await assert.rejects(model.decode({ data: new Float32Array(length), shape }), (error) => {
      assert.ok(error instanceof ShapeError);
      assert.match(
        error.message,
        new RegExp(`codes have to be \\[N, 2\\]; received \\[${shape.join(', ')}\\] with ${length} numbers`),
      );
      return true;
    });
  await model.dispose();
});

test('more rows than memory holds are refused', async () => {
  const model = gan(small);
  await model.fit(fromArrays({ x: random(1).normal(40), shape: [2] }), { steps: 1, batchSize: 5, threads: 1 });
  await assert.rejects(model.sample(1e12), /do not fit in memory at once; draw at most \d+ at a time/);
  await model.dispose();
});

test("a step's rows have to be there, k batches of them", async () => {
  const data = fromArrays({ x: random(1).normal(40), shape: [2] });
  await assert.rejects(gan({ ...small, discriminatorSteps: 3 }).fit(data, { steps: 1, batchSize: 8 }), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /24 rows \(3 discriminator steps of 8\).*only 20.*at most 6/);
    return true;
  });
});

test('layers are lists of whole numbers; none at all makes a linear player', async () => {
  assert.throws(() => gan({ generatorLayers: [0] }), /"generatorLayers.0" is 0/);
  const model = gan({ latentSize: 2, generatorLayers: [], discriminatorLayers: [] });
  await model.fit(fromArrays({ x: random(1).normal(40), shape: [2] }), { steps: 1, batchSize: 5, threads: 1 });
  await model.dispose();
});

test('samples come from the averaged weights where ema is set', async () => {
  const data = fromArrays({ x: random(1).normal(400), shape: [2] });
  const samplesWith = async (ema: number) => {
    const model = gan({ ...small, ema, learningRate: 0.01 });
    await model.fit(data, { steps: 30, batchSize: 20, threads: 1 });
    const { data: rows } = await model.sample(50, { seed: 1 });
    await model.dispose();
    return rows;
  };
  assert.notDeepEqual(await samplesWith(0.99), await samplesWith(0));
});

test('the discriminator may have a learning rate of its own', async () => {
  const data = fromArrays({ x: random(1).normal(400), shape: [2] });
  const lossWith = async (options: object) => {
    const model = gan({ ...small, ...options });
    const { history } = await model.fit(data, { steps: 40, batchSize: 20, threads: 1 });
    await model.dispose();
    return history.at(-1)?.metrics.discriminatorLoss;
  };
  const plain = await lossWith({ learningRate: 0.001 });
  assert.equal(await lossWith({ learningRate: 0.001, discriminatorLearningRate: 0.001 }), plain);
  assert.ok(Number(await lossWith({ learningRate: 0.001, discriminatorLearningRate: 0.01 })) < Number(plain));
});
