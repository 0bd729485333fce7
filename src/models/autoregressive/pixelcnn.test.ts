import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { openRuntime } from '../../runtime/node/open.js';
import { random } from '../../runtime/random.js';
import type { Values } from '../../runtime/runtime.js';
import { lowerProgram } from '../../tensor/program.js';
import { valuesFromSafetensors } from '../../training/state-file.js';
import type { Samples } from '../contract.js';
import { weightInputs } from './pixelcnn/architecture.js';
import { uniformFor } from './pixelcnn/draw-images.js';
import { drawNaively, passProgram } from './pixelcnn/draw-naively.js';
import { architectureOf } from './pixelcnn/options.js';
import { type PixelCnn, pixelcnn } from './pixelcnn.js';

const tiny = { layers: 2, filters: 6, firstKernel: 3, headSize: 8, ema: 0 } as const;
const open: PixelCnn[] = [];
after(async () => {
  for (const model of open) await model.dispose();
});

type Options = NonNullable<Parameters<typeof pixelcnn>[0]>;

/** A model fitted for a few steps, so that its weights are those of no special point. */
async function fitted(options: Options, shape: readonly number[], levels = 2, labelled = false): Promise<PixelCnn> {
  const model = pixelcnn({ ...tiny, learningRate: 0.03, ...options });
  open.push(model);
  const size = shape.reduce((a, b) => a * b, 1);
  const x = Float32Array.from(random(1).uniform(64 * size), (u) => Math.floor(u * u * levels) / (levels - 1));
  const labels = Array.from({ length: 64 }, (_, i) => i % 2);
  const data = fromArrays({
    x,
    shape: [...shape],
    ...(labelled ? { labels, classes: ['even', 'odd'] } : {}),
    name: 'noise',
  });
  await model.fit(data, { steps: 30, batchSize: 16, seed: 0, threads: 1 });
  return model;
}

/** What `sample` draws, by a pass over the image for every number. */
async function naively(model: PixelCnn, shape: readonly number[], count: number, seed: number): Promise<Float32Array> {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-pixelcnn-'));
  const runtime = await openRuntime({ threads: 1 });
  try {
    await model.save(folder);
    const { values } = valuesFromSafetensors(await readFile(join(folder, 'weights.safetensors')), folder);
    const architecture = architectureOf(model.config, shape, []);
    const program = await runtime.compile(
      lowerProgram(passProgram(architecture, model.output, weightInputs(architecture))),
    );
    const run = (feeds: Values) => program.run({ ...values, ...feeds });
    return await drawNaively(
      architecture,
      model.output,
      run,
      uniformFor(architecture, model.output, seed, 0, count),
      count,
    );
  } finally {
    await runtime.dispose();
    await rm(folder, { recursive: true });
  }
}

/** All binary images of a shape. */
function allImages(shape: readonly number[]): Samples {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: 2 ** size * size }, (_, i) => (Math.floor(i / size) >> (i % size)) & 1);
  return { data, shape: [2 ** size, ...shape] };
}

const total = (logProb: Float64Array): number => logProb.reduce((sum, value) => sum + Math.exp(value), 0);

test('the probabilities of all 512 binary 3x3 images sum to 1', async () => {
  const model = await fitted({ output: 'binary' }, [3, 3, 1]);
  const probabilities = await model.logProb(allImages([3, 3, 1]));
  assert.ok(Math.abs(total(probabilities) - 1) < 1e-5);
  assert.ok(Math.max(...probabilities) - Math.min(...probabilities) > 1, 'the model has learnt nothing');
});

test('so do those of every output, of several channels in any order, and of every class', async () => {
  const all: readonly Options[] = [
    { output: 'categorical', levels: 2 },
    { output: 'logistic-mixture', levels: 2, components: 2 },
    { output: 'binary', channelOrder: [1, 0] },
  ];
  for (const options of all) {
    const model = await fitted(options, [2, 2, 2]);
    assert.ok(Math.abs(total(await model.logProb(allImages([2, 2, 2]))) - 1) < 1e-5, options.output);
  }
  const conditional = await fitted({ output: 'binary', conditional: true }, [2, 3, 1], 2, true);
  const { values, classes } = await conditional.jointLogProb(allImages([2, 3, 1]));
  for (const [number] of classes.entries())
    assert.ok(Math.abs(total(values.filter((_, i) => i % 2 === number)) - 0.5) < 1e-5);
});

test('a pixel changes the conditionals of later pixels only, and of every pixel to the left of and above another that of the other', async () => {
  const shape = [5, 6, 1];
  const model = await fitted({ output: 'binary', layers: 4 }, shape);
  const row = random(5).uniform(30).map(Math.round);
  // log p(x) as a function of x_i changes the conditionals of later pixels; those are seen one by one by cutting the image short:
  // the difference between two images that agree up to pixel j is the same whatever comes later.
  const conditionals = await model.conditionals({ data: row, shape: [1, ...shape] });
  for (let changed = 0; changed < 30; changed++) {
    const other = row.slice();
    other[changed] = 1 - (row[changed] ?? 0);
    const after = await model.conditionals({ data: other, shape: [1, ...shape] });
    for (let pixel = 0; pixel < 30; pixel++) {
      const difference = Math.abs((after[pixel] ?? 0) - (conditionals[pixel] ?? 0));
      if (pixel < changed) assert.equal(difference, 0, `pixel ${changed} changed the conditional of pixel ${pixel}`);
      // No blind spot: five layers reach over the whole of so small an image.
      if (pixel > changed) assert.ok(difference > 0, `pixel ${changed} does not reach pixel ${pixel}`);
    }
  }
});

test('drawing pixel by pixel gives what a pass over the whole image for every pixel gives', async () => {
  const all: readonly (readonly [Options, readonly number[], number])[] = [
    [{ output: 'binary', kernel: 5 }, [4, 5, 1], 2],
    [{ output: 'categorical', levels: 4 }, [3, 4, 2], 4],
    [{ output: 'logistic-mixture', levels: 16, components: 3, channelOrder: [2, 0, 1] }, [4, 3, 3], 16],
  ];
  for (const [options, shape, levels] of all) {
    const model = await fitted(options, shape, levels);
    const { data } = await model.sample(5, { seed: 3 });
    assert.deepEqual(data, await naively(model, shape, 5, 3), options.output);
    assert.ok(new Set(data).size > 1);
  }
});

test('samples have the frequencies that the density says', async () => {
  const model = await fitted({ output: 'binary' }, [2, 2, 1]);
  const images = allImages([2, 2, 1]);
  const expected = Float64Array.from(await model.logProb(images), Math.exp);
  const count = 4000;
  const { data } = await model.sample(count, { seed: 8 });
  const counts = new Float64Array(16);
  for (let row = 0; row < count; row++) {
    const number = [0, 1, 2, 3].reduce((sum, i) => sum + (data[4 * row + i] ?? 0) * 2 ** i, 0);
    counts[number] = (counts[number] ?? 0) + 1;
  }
  const chiSquare = expected.reduce((sum, p, i) => sum + ((counts[i] ?? 0) - count * p) ** 2 / (count * p), 0);
  // The 99.9 % quantile with 15 degrees of freedom.
  assert.ok(chiSquare < 37.7, `chi-square ${chiSquare}`);
});

test('a sample of a class is of that class, and what a class looks like is learnt', async () => {
  const labels = Array.from({ length: 64 }, (_, i) => i % 2);
  const x = Float32Array.from({ length: 64 * 4 }, (_, i) => labels[i >> 2] ?? 0);
  const model = pixelcnn({ ...tiny, output: 'binary', conditional: true, learningRate: 0.02 });
  open.push(model);
  await model.fit(fromArrays({ x, shape: [2, 2, 1], labels, classes: ['black', 'white'] }), {
    steps: 150,
    batchSize: 32,
    threads: 1,
  });
  const white = await model.sample(20, { seed: 1, given: { label: 'white' } });
  assert.deepEqual(white.labels, new Int32Array(20).fill(1));
  assert.ok(white.data.reduce((a, b) => a + b) > 72);
  const { values } = await model.jointLogProb({ data: Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0), shape: [2, 2, 2, 1] });
  assert.ok((values[1] ?? 0) > (values[0] ?? 0) + 3 && (values[2] ?? 0) > (values[3] ?? 0) + 3);
});

test('what it cannot take is refused, saying what to do', async () => {
  const points = fromArrays({ x: new Float32Array(64), shape: [2] });
  await assert.rejects(
    pixelcnn(tiny).fit(points),
    (error) => error instanceof ShapeError && /realnvp/.test(error.message),
  );
  const grey = fromArrays({ x: new Float32Array(64 * 4).fill(0.5), shape: [2, 2, 1] });
  await assert.rejects(
    pixelcnn({ ...tiny, output: 'binary' }).fit(grey),
    (error) => error instanceof ConfigError && /holds 0.5 at position 0.*binarise/.test(error.message),
  );
  await assert.rejects(pixelcnn({ ...tiny, conditional: true }).fit(grey), /has no labels/);
  await assert.rejects(pixelcnn({ ...tiny, channelOrder: [0, 1] }).fit(grey), /channelOrder is \[0, 1\]/);
  assert.throws(() => pixelcnn({ kernel: 4 }), /Kernels have to be odd/);
  const model = await fitted({ output: 'binary' }, [2, 2, 1]);
  await assert.rejects(model.logProb({ data: new Float32Array(4).fill(0.3), shape: [1, 2, 2, 1] }), /zeros and ones/);
  await assert.rejects(model.sample(1, { given: { label: '7' } }), /without classes/);
  await assert.rejects(pixelcnn(tiny).fit(grey, { batchSize: 65 }), /64 rows/);
});
