// Codes of rows, found by descent: for rows that the generator made they are known to exist.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRuntime } from '#runtime';
import { ConfigError, NotFittedError, ShapeError } from '../../../core/errors.js';
import { fromArrays } from '../../../data/index.js';
import { random } from '../../../runtime/random.js';
import { float32 } from '../../../runtime/runtime.js';
import { add, matmul } from '../../../tensor/index.js';
import { input } from '../../../tensor/operators/source.js';
import type { Samples } from '../../contract.js';
import { interpolateCodes } from '../../tools/interpolate-codes.js';
import type { AdversarialModel } from '../adversarial-model.js';
import { cgan } from '../cgan.js';
import { dcgan } from '../dcgan.js';
import { gan } from '../gan.js';
import { infogan } from '../infogan.js';
import { type InvertibleGenerator, invertRows } from './invert.js';

async function tinyGan(): Promise<AdversarialModel> {
  const model = gan({ latentSize: 3, generatorLayers: [24], discriminatorLayers: [8], ema: 0.5 });
  const data = fromArrays({ x: random(1).normal(6 * 100), shape: [6] });
  await model.fit(data, { steps: 40, batchSize: 20, threads: 1 });
  return model;
}

const rowsOf = ({ data, shape: [count = 1, ...rest] }: Samples, from: number, to: number): Samples => {
  const size = data.length / count;
  return { data: data.slice(from * size, to * size), shape: [to - from, ...rest] };
};

const meanSquare = (values: Float32Array): number => values.reduce((sum, value) => sum + value ** 2, 0) / values.length;

test('rows that the generator made are found again, and the error is that of the rows it makes of the codes', async () => {
  const model = await tinyGan();
  const x = await model.sample(40, { seed: 2 });
  const { codes, reconstructions, errors } = await model.invert(x, { priorWeight: 0 });
  assert.deepEqual([codes.shape, reconstructions.shape, errors.length], [[40, 3], [40, 6], 40]);
  // The rows' own mean square is the scale; nearly all are found to four digits.
  const scale = meanSquare(x.data);
  const found = errors.filter((error) => error < 1e-6 * scale).length;
  assert.ok(found >= 38, `${found} of 40 rows found`);
  const { data } = await model.decode(codes);
  for (const [row, error] of errors.entries()) {
    const off = rowsOf({ data, shape: [40, 6] }, row, row + 1).data.map((value, i) => value - x.data[6 * row + i]!);
    assert.ok(Math.abs(error - meanSquare(off)) < 1e-9);
  }
  assert.deepEqual((await model.reconstruct(x, { priorWeight: 0 })).data, reconstructions.data);
  assert.deepEqual((await model.encode(x, { priorWeight: 0 })).data, codes.data);
  await model.dispose();
});

test('of a linear generator of a known class, the code is that of ridge regression', async () => {
  // G(z, y) = W z + y, W = [[1, 0], [2, 0], [0, 3]]; x - y = (1, 2, 3) minimises |W z - (1, 2, 3)|^2 + 5 |z|^2 at
  // z1 = (1 + 4) / (5 + 5), z2 = 9 / (9 + 5).
  const offsets = [
    [0, 0, 0],
    [100, 0, 0],
  ];
  const conditionsOf = ({ labels = new Int32Array() }: Pick<Samples, 'labels'>) => ({
    y: float32(Float32Array.from(Array.from(labels, (label) => offsets[label] ?? []).flat()), [labels.length, 3]),
  });
  const runtime = await openRuntime({ threads: 1 });
  const generator: InvertibleGenerator = {
    ...{ kind: 'linear', latentSize: 2, exampleShape: [3], conditionsOf },
    weights: { weight: float32(Float32Array.of(1, 2, 0, 0, 0, 3), [2, 3]) },
    generate: (z) => add(matmul(z, input('weight', [2, 3])), input('y', [z.dim(0), 3])),
    async decode({ data, shape: [count = 0], labels = new Int32Array() }) {
      const rows = Array.from(labels, (label, row) => {
        const [z1 = 0, z2 = 0] = data.subarray(2 * row);
        return [z1 + (offsets[label]?.[0] ?? 0), 2 * z1, 3 * z2];
      });
      return { data: Float32Array.from(rows.flat()), shape: [count, 3] };
    },
    runtime: async () => runtime,
  };
  const x = { data: Float32Array.of(101, 2, 3, 1, 2, 3, 101, 2, 3), shape: [3, 3], labels: Int32Array.of(1, 0, 1) };
  const { codes, errors } = await invertRows(generator, x, { priorWeight: 5 });
  for (let row = 0; row < 3; row++) {
    assert.ok(Math.abs((codes.data[2 * row] ?? 9) - 0.5) < 1e-4, String(codes.data));
    assert.ok(Math.abs((codes.data[2 * row + 1] ?? 9) - 9 / 14) < 1e-4);
    // (0.5^2 + 1^2 + (3 - 27/14)^2) / 3
    assert.ok(Math.abs((errors[row] ?? 9) - (1.25 + (15 / 14) ** 2) / 3) < 1e-3);
  }
  assert.deepEqual(codes.labels, x.labels);
  await runtime.dispose();
});

test('of codes with categories and uniform numbers, the category that fits best is taken, and bounds are kept', async () => {
  // G(z) = (z1, 4 z2 + 8 z3, z4): a normal number, one of two categories, a uniform number.
  const weight = Float32Array.of(1, 0, 0, 0, 4, 0, 0, 8, 0, 0, 0, 1);
  const runtime = await openRuntime({ threads: 1 });
  const generator: InvertibleGenerator = {
    ...{ kind: 'linear', latentSize: 4, exampleShape: [3], parts: ['normal', 'category', 'category', 'uniform'] },
    weights: { weight: float32(weight, [4, 3]) },
    drawCodes: (count, stream) =>
      Float32Array.from(Array.from(stream.normal(count), (value, i) => [value, i % 2, 1 - (i % 2), 0]).flat()),
    generate: (z) => matmul(z, input('weight', [4, 3])),
    async decode({ data, shape: [count = 0] }) {
      const rows = Array.from({ length: count }, (_, row) => {
        const [z1 = 0, z2 = 0, z3 = 0, z4 = 0] = data.subarray(4 * row);
        return [z1, 4 * z2 + 8 * z3, z4];
      });
      return { data: Float32Array.from(rows.flat()), shape: [count, 3] };
    },
    runtime: async () => runtime,
  };
  const x = { data: Float32Array.of(1, 4.5, 0.5, -1, 7, 3), shape: [2, 3] };
  const { codes } = await invertRows(generator, x, { priorWeight: 1 });
  // Of the normal number half is left by the prior; the uniform one is as near as it may be, whatever the prior.
  const expected = [0.5, 1, 0, 0.5, -0.5, 0, 1, 1];
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs((codes.data[i] ?? 9) - value) < 1e-3, String(codes.data));
  await runtime.dispose();
});

test('images come back as images', async () => {
  const model = dcgan({ latentSize: 4, channels: 4 });
  const data = fromArrays({ x: random(1).uniform(32 * 64), shape: [8, 8, 1] });
  await model.fit(data, { steps: 10, batchSize: 16, threads: 1 });
  const x = await model.sample(3, { seed: 2 });
  const { reconstructions, errors } = await model.invert(x);
  assert.deepEqual(reconstructions.shape, [3, 8, 8, 1]);
  assert.ok(reconstructions.data.every((value) => value >= 0 && value <= 1));
  assert.ok(
    errors.every((error) => error < 1e-4),
    String(errors),
  );
  await model.dispose();
});

test("a row's code depends on the seed and the row, not on the rows beside it", async () => {
  const model = await tinyGan();
  // More than one batch of the search, of rows that the generator cannot make exactly.
  const x: Samples = { data: random(5).normal(6 * 40), shape: [40, 6] };
  const options = { steps: 30, restarts: 3 };
  const all = await model.invert(x, options);
  for (const row of [0, 7, 39]) {
    const alone = await model.invert(rowsOf(x, row, row + 1), options);
    assert.deepEqual(alone.codes.data, rowsOf(all.codes, row, row + 1).data);
  }
  assert.deepEqual((await model.invert(x, options)).codes.data, all.codes.data);
  assert.notDeepEqual((await model.invert(x, { ...options, seed: 1 })).codes.data, all.codes.data);
  await model.dispose();
});

test('more restarts never end further away; the prior draws codes to zero; a truncation bounds them', async () => {
  const model = await tinyGan();
  const x: Samples = { data: random(5).normal(6 * 20), shape: [20, 6] };
  const free = { priorWeight: 0 };
  const [one, four] = [
    await model.invert(x, { ...free, restarts: 1 }),
    await model.invert(x, { ...free, restarts: 4 }),
  ];
  // The first start is the same.
  for (const [row, error] of four.errors.entries()) assert.ok(error <= (one.errors[row] ?? 0) + 1e-6);
  const near = await model.invert(x, { priorWeight: 100 });
  assert.ok(meanSquare(near.codes.data) < 0.01 * meanSquare(four.codes.data));
  const bounded = await model.invert(x, { ...free, truncation: 0.5 });
  assert.ok(bounded.codes.data.every((value) => Math.abs(value) <= 0.5));
  assert.ok(bounded.codes.data.some((value) => Math.abs(value) === 0.5));
  await model.dispose();
});

test('interpolation goes along the great circle between the codes of both ends', async () => {
  const model = await tinyGan();
  const x = await model.sample(4, { seed: 3 });
  const [a, b] = [rowsOf(x, 0, 2), rowsOf(x, 2, 4)];
  const ways = await model.interpolate(a, b, 5);
  assert.deepEqual(ways.shape, [10, 6]);
  const codes = interpolateCodes(await model.encode(a), await model.encode(b), 5);
  assert.deepEqual(ways.data, (await model.decode(codes)).data);
  await model.dispose();
});

test('a conditional GAN is told the class of each row, and goes over from one class to the other', async () => {
  const model = cgan({ latentSize: 2, generatorLayers: [16], discriminatorLayers: [8] });
  const labels = Int32Array.from({ length: 100 }, (_, row) => row % 3);
  const data = fromArrays({ x: random(1).normal(300), shape: [3], labels, classes: ['a', 'b', 'c'] });
  await model.fit(data, { steps: 20, batchSize: 20, threads: 1 });
  const x = await model.sample(12, { seed: 2 });
  const { codes, errors } = await model.invert(x, { priorWeight: 0 });
  assert.deepEqual(codes.labels, x.labels);
  assert.ok(errors.filter((error) => error < 1e-6 * meanSquare(x.data)).length >= 10, String(errors));
  await assert.rejects(model.encode({ data: x.data, shape: x.shape }), /12 codes need 12 labels; received none/);
  const end = (from: number) => ({
    ...rowsOf(x, from, from + 2),
    labels: x.labels?.slice(from, from + 2) ?? new Int32Array(),
  });
  const ways = await model.interpolate(end(0), end(2), 3);
  assert.deepEqual(ways.shape, [6, 3]);
  const [first, last] = [await model.reconstruct(end(0)), await model.reconstruct(end(2))];
  for (let i = 0; i < 3; i++) {
    assert.ok(Math.abs((ways.data[i] ?? 9) - (first.data[i] ?? 0)) < 1e-5);
    assert.ok(Math.abs((ways.data[6 + i] ?? 9) - (last.data[i] ?? 0)) < 1e-5);
  }
  await model.dispose();
});

test('codes that an InfoGAN discovers are found with the rest: a category is one of its values', async () => {
  const options = { latentSize: 2, categoricalCodes: [3], continuousCodes: 1 };
  const model = infogan({ ...options, generatorLayers: [16], discriminatorLayers: [8] });
  const data = fromArrays({ x: random(1).normal(500), shape: [5] });
  await model.fit(data, { steps: 20, batchSize: 20, threads: 1 });
  const x = await model.sample(10, { seed: 2, truncation: 1 });
  const { codes } = await model.invert(x);
  assert.deepEqual(codes.shape, [10, 6]);
  for (let row = 0; row < 10; row++) {
    const [, , ...found] = codes.data.subarray(6 * row, 6 * row + 6);
    assert.deepEqual(found.slice(0, 3).sort(), [0, 0, 1]);
    assert.ok(Math.abs(found[3] ?? 9) <= 1);
  }
  await model.dispose();
});

test('it tells how far it is, keeps the labels, and can be stopped', async () => {
  const model = await tinyGan();
  const x: Samples = { ...(await model.sample(20, { seed: 3 })), labels: new Int32Array(20).fill(1) };
  const told: number[][] = [];
  const { codes } = await model.invert(x, { steps: 5, onProgress: (...progress) => void told.push(progress) });
  assert.deepEqual(codes.labels, x.labels);
  // 64 codes at a time, four of each row.
  assert.deepEqual(told, [
    [16, 20],
    [20, 20],
  ]);
  await assert.rejects(model.invert(x, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal((await model.encode(x, { steps: 5 })).shape[0], 20);
  await model.dispose();
});

test('what cannot be searched for is refused, saying what is expected', async () => {
  const model = await tinyGan();
  const x = await model.sample(1, { seed: 3 });
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ steps: 0 }, /gan: steps is 0; it has to be a whole number from 1/],
    [{ learningRate: -1 }, /learningRate is -1/],
    [{ learningRate: Number.POSITIVE_INFINITY }, /learningRate is Infinity/],
    [{ restarts: 65 }, /restarts is 65; it has to be a whole number from 1 to 64/],
    [{ priorWeight: Number.NaN }, /priorWeight is NaN/],
    [{ truncation: 0 }, /truncation is 0/],
    [{ seed: 0.5 }, /seed is 0.5/],
    [{ learningRate: 1e38 }, /left the numbers' range with learningRate 1e\+38/],
  ];
  for (const [options, message] of wrong)
    await assert.rejects(model.invert(x, options), (error) => {
      assert.ok(error instanceof ConfigError, String(error));
      assert.match(error.message, message);
      return true;
    });
  await assert.rejects(model.invert({ data: new Float32Array(5), shape: [1, 5] }), ShapeError);
  await assert.rejects(model.invert({ data: new Float32Array(6).fill(Number.NaN), shape: [1, 6] }), ConfigError);
  await assert.rejects(gan().encode(x), NotFittedError);
  // None of that has spoilt the model.
  assert.equal((await model.invert(x, { steps: 2 })).codes.shape[0], 1);
  await model.dispose();
});
