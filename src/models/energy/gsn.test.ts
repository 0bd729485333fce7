import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ShapeError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { type Gsn, gsn } from './gsn.js';

const open: Gsn[] = [];
after(async () => {
  for (const model of open) await model.dispose();
});

/** Two patterns of nine pixels, one twice as frequent as the other. */
const patterns = [Float32Array.of(1, 1, 1, 0, 0, 0, 0, 0, 0), Float32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1)] as const;
const data = fromArrays({
  x: Float32Array.from({ length: 300 * 9 }, (_, i) => patterns[Math.floor(i / 9) % 3 === 0 ? 1 : 0][i % 9] ?? 0),
  shape: [3, 3, 1],
  name: 'patterns',
});

async function fitted(options: Parameters<typeof gsn>[0] = {}): Promise<Gsn> {
  const model = gsn({ hiddenLayers: [16], learningRate: 0.02, samplingSteps: 60, ...options });
  open.push(model);
  await model.fit(data, { steps: 400, batchSize: 50, seed: 0, threads: 1 });
  return model;
}

const trained = await fitted();

/** The share of rows that are one of the patterns, and of those the share of the first. */
function shares(rows: Float32Array): readonly [known: number, first: number] {
  const counts = [0, 0];
  const total = rows.length / 9;
  for (let row = 0; row < total; row++)
    for (const [number, pattern] of patterns.entries())
      if (pattern.every((value, i) => Math.round(rows[row * 9 + i] ?? 0) === value))
        counts[number] = (counts[number] ?? 0) + 1;
  const [first = 0, second = 0] = counts;
  return [(first + second) / total, first / (first + second)];
}

test('its chain goes between the patterns of the data, and is more often at the more frequent one', async () => {
  const { data: rows } = await trained.sample(600, { seed: 1 });
  const [known, first] = shares(rows);
  assert.ok(known > 0.9, `${known} of the samples are patterns`);
  // Two thirds, if the pixels of a step were drawn together. They are drawn independently given the corrupted row, which favours what is
  // frequent: of 600 chains a share of one half or of all would be ten standard deviations away.
  assert.ok(first > 0.6 && first < 0.9, `the first pattern is ${first} of them`);
});

test('walking back trains steps that begin away from the data, too', async () => {
  const model = await fitted({ walkBackSteps: 1 });
  const start = random(3)
    .uniform(200 * 9)
    .map(Math.round);
  const from = async (one: Gsn): Promise<number> => {
    const { data: rows } = await one.reconstruct({ data: start, shape: [200, 3, 3, 1] });
    return shares(rows)[0];
  };
  const [walked, plain] = [await from(trained), await from(model)];
  assert.ok(walked >= plain - 0.05, `${walked} against ${plain} of random rows lead to a pattern`);
  assert.ok(walked > 0.5);
});

test('a sample is probabilities, or where asked for a draw', async () => {
  const { data: probabilities } = await trained.sample(4, { seed: 2 });
  assert.ok(probabilities.some((value) => value > 0 && value < 1));
  const drawn = await fitted({ draws: 'binary', hiddenNoise: 0 });
  assert.ok((await drawn.sample(4, { seed: 2 })).data.every((value) => value === 0 || value === 1));
});

test('a damaged pattern is mended', async () => {
  const { data: mended } = await trained.reconstruct({
    data: Float32Array.of(1, 0, 1, 0, 0, 0, 0, 0, 0),
    shape: [1, 3, 3, 1],
  });
  assert.deepEqual([...mended].map(Math.round), [...patterns[0]]);
});

test('numbers that are no probabilities are refused', async () => {
  const points = fromArrays({ x: random(1).normal(40), shape: [2], name: 'points' });
  await assert.rejects(
    gsn().fit(points),
    (error) => error instanceof ShapeError && /points lie in \[-.*vae/.test(error.message),
  );
});
