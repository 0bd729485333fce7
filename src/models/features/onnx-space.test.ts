import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, DatasetError, FileFormatError, ShapeError, UnknownNameError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import {
  batch,
  cast,
  type Dim,
  input,
  lowerProgram,
  max,
  mean,
  reshape,
  SymbolicDim,
  slice,
  sum,
  type Tensor,
} from '../../tensor/index.js';
import { type OnnxSpaceOptions, onnxSpace } from './node/onnx-space.js';
import { openFeatureSpace } from './node/open-feature-space.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-onnx-'));
after(() => rm(home, { recursive: true }));

/** Writes a model of one input and gives its path. */
async function model(
  name: string,
  shape: readonly Dim[],
  results: (x: Tensor) => Readonly<Record<string, Tensor>>,
): Promise<string> {
  const { model: bytes } = lowerProgram({ name, results: results(input('image', shape)) });
  const file = join(home, `${name}.onnx`);
  await writeFile(file, bytes);
  return file;
}

/** What the space gives of rows. */
async function extracted(
  file: string,
  exampleShape: readonly number[],
  data: Float32Array,
  options: OnnxSpaceOptions = {},
) {
  const space = await onnxSpace(file, exampleShape, { threads: 1, ...options });
  const size = exampleShape.reduce((product, length) => product * length, 1);
  try {
    return { name: space.name, ...(await space.extract({ data, shape: [data.length / size, ...exampleShape] })) };
  } finally {
    await space.dispose();
  }
}

const colours = random(1).uniform(5 * 4 * 4 * 3);
/** The mean of each channel of each image [4, 4, 3]. */
const channelMeans = Float32Array.from({ length: 15 }, (_, i) => {
  let total = 0;
  for (let pixel = 0; pixel < 16; pixel++) total += colours[Math.floor(i / 3) * 48 + pixel * 3 + (i % 3)] ?? 0;
  return total / 16;
});

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) assert.ok(Math.abs((actual[i] ?? 0) - (expected[i] ?? 1)) < 1e-5);
}

test('the layout is told by where the channels are; scales are what they say', async () => {
  const nchw = await model('nchw', [batch, 3, 4, 4], (x) => ({ y: mean(x, { axes: [2, 3] }) }));
  const nhwc = await model('nhwc', [batch, 4, 4, 3], (x) => ({ y: mean(x, { axes: [1, 2] }) }));
  const { data, rows, width, name } = await extracted(nchw, [4, 4, 3], colours);
  assert.deepEqual([rows, width, name], [5, 3, 'onnx:nchw.onnx']);
  assertNear(data, channelMeans);
  assertNear((await extracted(nhwc, [4, 4, 3], colours)).data, channelMeans);
  const signed = await extracted(nhwc, [4, 4, 3], colours, { scale: 'signed' });
  assert.equal(signed.name, 'onnx:nhwc.onnx of signed pixels');
  assertNear(
    signed.data,
    channelMeans.map((value) => 2 * value - 1),
  );
  const bytes = await extracted(nhwc, [4, 4, 3], colours, { scale: 'bytes' });
  assertNear(
    bytes.data.map((value) => value / 255),
    channelMeans,
  );
  const imagenet = await extracted(nchw, [4, 4, 3], colours, { scale: 'imagenet' });
  const [mean0, deviation0] = [0.485, 0.229];
  assert.ok(Math.abs((imagenet.data[0] ?? 0) - ((channelMeans[0] ?? 0) - mean0) / deviation0) < 1e-5);
});

test('images are resized, grey ones given to models of colours; the output is flattened', async () => {
  const grey = random(2).uniform(2 * 4 * 4);
  const file = await model('large', [batch, 3, 8, 8], (x) => ({
    y: mean(reshape(x, [x.dim(0), 3, 8, 2, 4]), { axes: [4] }),
  }));
  const { width, data } = await extracted(file, [4, 4, 1], grey);
  assert.equal(width, 48);
  // Every channel is the same image, whose mean bilinear enlargement by two keeps but for its border.
  assert.deepEqual(data.slice(0, 16), data.slice(16, 32));
  const flat = await extracted(file, [4, 4, 1], new Float32Array(32).fill(0.25));
  assertNear(flat.data, new Float32Array(96).fill(0.25));
  // Shrinking averages: two by two pixels, seen with the weights of a triangle, of a constant image are that constant.
  const small = await model('small', [batch, 2, 2, 1], (x) => ({ y: reshape(x, [x.dim(0), 4]) }));
  assertNear((await extracted(small, [4, 4, 1], new Float32Array(32).fill(0.5))).data, new Float32Array(8).fill(0.5));
});

test('models that leave lengths open, that are made for some rows at a time, or that take rows of numbers', async () => {
  const size = [new SymbolicDim('height'), new SymbolicDim('width')];
  const open = await model('open', [batch, 3, ...size], (x) => ({ y: max(x, { axes: [2, 3] }) }));
  const largest = await extracted(open, [4, 4, 3], colours);
  assert.equal(largest.width, 3);
  // Enlarged images have no brighter pixels.
  const enlarged = await extracted(open, [4, 4, 3], colours, { size: [9, 7] });
  for (const [i, value] of enlarged.data.entries()) assert.ok(value <= (largest.data[i] ?? 0) + 1e-6);
  const pairs = await model('pairs', [2, 4, 4, 3], (x) => ({ y: mean(x, { axes: [1, 2] }) }));
  assertNear((await extracted(pairs, [4, 4, 3], colours)).data, channelMeans);
  const numbers = await model('numbers', [batch, 48], (x) => ({ y: slice(x, 1, 0, 2) }));
  const { data } = await extracted(numbers, [4, 4, 3], colours);
  assertNear(data.slice(0, 2), colours.slice(0, 2));
});

test('a model that does not fit says why', async () => {
  const shape = [4, 4, 3];
  const good = await model('good', [batch, 3, 4, 4], (x) => ({ y: mean(x, { axes: [2, 3] }) }));
  const fail = async (file: string, message: RegExp, kind: unknown, options: OnnxSpaceOptions = {}, example = shape) =>
    assert.rejects(onnxSpace(file, example, { threads: 1, ...options }), (error) => {
      assert.ok(error instanceof Error && typeof kind === 'function' && error instanceof kind, String(error));
      assert.match(error.message, message);
      return true;
    });
  await fail(join(home, 'nowhere.onnx'), /nowhere\.onnx cannot be read/, DatasetError);
  const text = join(home, 'text.onnx');
  await writeFile(text, 'no model at all');
  await fail(text, /text\.onnx: is no ONNX model/, FileFormatError);
  await fail(good, /takes \[\?, 3, 4, 4\], which cannot be made of rows of shape \[7\]/, ShapeError, {}, [7]);
  const one = await model('one', [batch, 1, 4, 4], (x) => ({ y: mean(x, { axes: [2, 3] }) }));
  await fail(one, /images of 1 channels, which cannot be made of rows of shape \[4, 4, 3\]/, ShapeError);
  const unclear = await model('unclear', [batch, 3, 3, 3], (x) => ({ y: mean(x, { axes: [2, 3] }) }));
  await fail(unclear, /which axis holds the channels cannot be told/, ConfigError);
  await (await onnxSpace(unclear, shape, { layout: 'NHWC', threads: 1 })).dispose();
  const two = await model('two', [batch, 3, 4, 4], (x) => ({
    a: mean(x, { axes: [2, 3] }),
    b: sum(x, { axes: [2, 3] }),
  }));
  await fail(two, /has 2 outputs: a, b\. Say which one/, ConfigError);
  await fail(two, /"c"/, UnknownNameError, { output: 'c' });
  const b = await onnxSpace(two, shape, { output: 'b', threads: 1 });
  assert.equal(b.width, 3);
  await b.dispose();
  const whole = await model('whole', [batch, 3, 4, 4], (x) => ({ y: reshape(sum(x), [1]) }));
  await fail(whole, /its first axis has to be the rows/, ShapeError);
  const integers = await model('integers', [batch, 3, 4, 4], (x) => ({ y: cast(mean(x, { axes: [2, 3] }), 'int64') }));
  await fail(integers, /is of int64 numbers; features are float32/, ConfigError);
  await fail(good, /cannot be given to it/, ConfigError, { size: [5, 5] });
});

test('spaces of files go by names, too', async () => {
  const file = await model('named', [batch, 3, 4, 4], (x) => ({ y: mean(x, { axes: [2, 3] }) }));
  const space = await openFeatureSpace(`onnx:${file}`, fromArrays({ x: colours, shape: [4, 4, 3] }), {
    onnx: { threads: 1 },
  });
  assertNear((await space.extract({ data: colours, shape: [5, 4, 4, 3] })).data, channelMeans);
  await space.dispose();
});

test('extracting after dispose opens the device again', async () => {
  const file = await model('again', [batch, 3, 4, 4], (x) => ({ y: mean(x, { axes: [2, 3] }) }));
  const space = await onnxSpace(file, [4, 4, 3], { threads: 1 });
  const given = { data: colours, shape: [5, 4, 4, 3] };
  const first = await space.extract(given);
  await space.dispose();
  await space.dispose();
  assert.deepEqual(await space.extract(given), first);
  await space.dispose();
});

test('a file that was replaced is another space of the same name', async () => {
  const identities = async (...changes: OnnxSpaceOptions[]): Promise<string[]> => {
    const found: string[] = [];
    for (const options of changes) {
      const space = await onnxSpace(join(home, 'replaced.onnx'), [4, 4, 3], { threads: 1, ...options });
      assert.match(space.name, /^onnx:replaced\.onnx/);
      found.push(await space.identity());
      await space.dispose();
    }
    return found;
  };
  await model('replaced', [batch, 3, 4, 4], (x) => ({ y: mean(x, { axes: [2, 3] }) }));
  const [first, again, bytes] = await identities({}, {}, { scale: 'bytes' });
  assert.equal(again, first);
  await model('replaced', [batch, 3, 4, 4], (x) => ({ y: max(x, { axes: [2, 3] }) }));
  const [second] = await identities({});
  assert.equal(new Set([first, bytes, second]).size, 3);
});
