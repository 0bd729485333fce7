// Images that stay with their channels in blocks through normalisations: values, gradients, and what is put in order on the way.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { openRuntime } from '../runtime/node/open.js';
import type { Runtime } from '../runtime/runtime.js';
import * as t from './index.js';
import { ModelProtoSchema } from './onnx/onnx_pb.js';
import { runProgram, varied } from './operators/checks.test.js';
import { relativeError } from './operators/convolution-forms.test.js';

let runtime: Runtime;
let channelBlock: number | undefined;
before(async () => {
  runtime = await openRuntime({ threads: 2 });
  channelBlock = await runtime.channelBlock();
});
after(() => runtime.dispose());

const feeds = {
  x: varied([16, 8, 6, 32]),
  v: varied([4, 4, 32, 64], 0.1),
  w: varied([4, 4, 32, 64], 0.1),
  a: varied([64]),
  b: varied([64]),
  one: varied([1, 1, 1, 64]),
  each: varied([16, 1, 1, 1]),
  d: varied([768, 2]),
  e: varied([16, 100]),
  p: varied([100, 768], 0.1),
  q: varied([3, 768]),
};
const input = (name: keyof typeof feeds): t.Tensor => t.input(name, feeds[name].shape);
const half = { stride: 2, padding: 1 };
const [x, v, w, a, b, each, d] = [
  input('x'),
  input('v'),
  input('w'),
  input('a'),
  input('b'),
  input('each'),
  input('d'),
];
/** Images [16, 4, 3, 64] that a convolution gives. */
const y = t.conv2d(x, v, half);
/** Others. */
const z = t.conv2d(t.tanh(x), v, half);
/** The transposed convolution of such. */
const spread = (images: t.Tensor): t.Tensor => t.conv2dTranspose(images, w, half);
const normalized = t.batchNormalize(y, a, b, 1e-3).output;
const flat = (images: t.Tensor): t.Tensor => t.reshape(images, [16, 768]);
const rows = (values: t.Tensor): t.Tensor => t.reshape(values, [16, 4, 3, 64]);
const scaled = t.multiply(y, a);

/** The sum of tanh of each, so that all gradients differ, differentiated once. */
function gradients(result: t.Tensor, names: readonly t.Tensor[]): Record<string, t.Tensor> {
  const all = t.gradients(t.sum(t.tanh(result)), names);
  return Object.fromEntries(all.map((gradient, index) => [`d${index}`, gradient]));
}

/** What a gradient penalty learns from a critic with layer normalisation. */
function criticPenalty(): Record<string, t.Tensor> {
  const layer = t.add(t.multiply(t.standardize(y, [1, 2, 3], 1e-3), a), b);
  const [dx = x] = t.gradients(t.sum(t.matmul(flat(t.leakyRelu(layer, 0.2)), d)), [x]);
  return gradients(t.multiply(t.norm(dx, { axes: [1, 2, 3] }), 0.01), [v, a, d]);
}

/** What is computed; how often images and filters are put into blocks; how often images are put in order; how many passes go over channels by themselves. */
type Case = [
  name: string,
  results: Record<string, t.Tensor>,
  counts: readonly [into: number, out: number, passes: number],
];

const cases: readonly Case[] = [
  ['scaled, shifted and rectified in one pass', { r: spread(t.relu(t.add(scaled, b))) }, [3, 0, 1]],
  ['rectified with a slope', { r: spread(t.leakyRelu(t.add(scaled, b), 0.2)) }, [3, 0, 1]],
  ['shifted down', { r: spread(t.subtract(scaled, b)) }, [3, 0, 1]],
  ['taken from the shift', { r: spread(t.subtract(b, scaled)) }, [3, 0, 1]],
  ['shifted before it is scaled', { r: spread(t.multiply(t.subtract(y, b), a)) }, [3, 0, 2]],
  ['taken from a row before it is scaled', { r: spread(t.multiply(t.subtract(b, y), a)) }, [3, 0, 2]],
  ['a row of four axes', { r: spread(t.add(t.multiply(input('one'), y), b)) }, [3, 0, 1]],
  ['added to others', { r: spread(t.add(z, scaled)) }, [4, 0, 1]],
  ['others added', { r: spread(t.add(scaled, z)) }, [4, 0, 1]],
  ['taken from others, and a row too', { r: spread(t.subtract(t.subtract(z, t.add(scaled, b)), a)) }, [4, 0, 2]],
  ['others taken', { r: spread(t.subtract(scaled, z)) }, [4, 0, 1]],
  ['twice others added', { r: spread(t.add(t.add(scaled, z), t.multiply(z, b))) }, [4, 0, 2]],
  ['all are shifted twice', { r: spread(t.add(t.add(scaled, b), a)) }, [3, 0, 2]],
  ['numbers for all and for each image', { r: spread(t.maximum(t.divide(t.add(scaled, each), 3), -0.1)) }, [3, 0, 1]],
  ['products, quotients and functions of images', { r: spread(t.multiply(t.exp(scaled), t.tanh(y))) }, [3, 0, 1]],
  ['other operators of rows are done in order', { r: spread(t.maximum(scaled, b)) }, [4, 1, 1]],
  [
    'sums over the batch, over images, over all and over channels',
    {
      r: spread(scaled),
      channels: t.sum(scaled, { axes: [0, 1, 2] }),
      images: t.sum(scaled, { axes: [1, 2, 3], keepAxes: true }),
      all: t.sum(scaled),
    },
    [3, 0, 1],
  ],
  ['an image and what it is added to are the same', { r: spread(t.add(y, scaled)) }, [3, 0, 1]],
  ['a number of four axes', { r: spread(t.add(t.reshape(t.sum(a), [1, 1, 1, 1]), scaled)) }, [3, 0, 1]],
  [
    'comparisons are made in order',
    { r: spread(t.multiply(t.tanh(scaled), b)), s: t.where(t.greater(scaled, 0.1), scaled, 0) },
    [3, 1, 2],
  ],
  ['a result that others take too', { r: spread(t.elu(scaled)), tanh: t.tanh(scaled) }, [3, 1, 1]],
  [
    'rows that become images of another size',
    { r: t.conv2d(t.reshape(t.tanh(flat(scaled)), [16, 4, 6, 32]), v, half), s: spread(scaled) },
    [4, 2, 1],
  ],
  ['a sum over pixels takes them in order', { r: spread(scaled), s: t.sum(scaled, { axes: [1, 2] }) }, [3, 1, 1]],
  ['results are in order', { r: spread(scaled), scaled }, [3, 1, 1]],
  [
    'what mostly is taken in order stays so',
    { s: t.cumulativeSum(scaled, 1), u: t.cumulativeSum(t.tanh(scaled), 1) },
    [2, 1, 0],
  ],
  ['without a scale there is nothing to gain', { r: spread(t.tanh(y)) }, [4, 1, 0]],
  ['rows of images times few columns', { r: t.matmul(flat(t.tanh(normalized)), d) }, [2, 0, 2]],
  [
    'rows of images that products give',
    { r: spread(t.multiply(rows(t.matmul(t.tanh(t.slice(input('e'), 1, 0, 2)), d, { transposeB: true })), a)) },
    [1, 0, 1],
  ],
  [
    'rows of images, transposed, on either side',
    {
      left: t.matmul(flat(scaled), t.slice(input('e'), 1, 0, 3), { transposeA: true }),
      right: t.matmul(t.slice(input('e'), 1, 0, 3), flat(scaled), { transposeA: true }),
      inner: t.matmul(t.transpose(d), flat(scaled), { transposeB: true }),
      r: spread(scaled),
    },
    [3, 0, 1],
  ],
  [
    'rows of a length that is not known yet meet rows in order',
    { m: t.matmul(t.input('q', [t.batch, 768]), flat(scaled), { transposeB: true }), r: spread(scaled) },
    [3, 1, 1],
  ],
  [
    'rows of many columns are multiplied in order',
    { r: spread(t.multiply(rows(t.matmul(input('e'), input('p'))), a)) },
    [2, 0, 1],
  ],
  ['batch normalisation', { r: spread(t.relu(normalized)) }, [3, 0, 2]],
  [
    'the gradients of batch normalisation, forth and back',
    gradients(t.matmul(flat(t.leakyRelu(normalized, 0.2)), d), [x, v, a, b, d]),
    [4, 1, 4],
  ],
  [
    'the gradients of batch normalisation between convolutions',
    gradients(spread(t.relu(normalized)), [x, v, a, b, w]),
    [8, 2, 4],
  ],
  ['the second derivatives of layer normalisation', criticPenalty(), [6, 2, 3]],
];

describe('images in blocks through what lies between convolutions', () => {
  for (const [name, results, [into, out, passes]] of cases)
    test(name, async (context) => {
      if (channelBlock === undefined) return context.skip('the processor has no convolution of channels in blocks');
      const { model } = t.lowerProgram({ name: 'p', results }, { channelBlock });
      const nodes = fromBinary(ModelProtoSchema, model).graph?.node ?? [];
      const putIn = nodes.filter(({ opType }) => opType === 'ReorderInput');
      const ordering = nodes.filter(({ name }) => /ReorderOutput(_\d+)?$/.test(name));
      const alone = nodes.filter(({ attribute }) => attribute.some(({ name, i }) => name === 'group' && i === 64n));
      assert.deepEqual([putIn.length, ordering.length, alone.length], [into, out, passes]);
      assert.ok(nodes.every(({ opType }) => opType !== 'Relu' && opType !== 'LeakyRelu'));
      const values = await runProgram(runtime, results, feeds, { channelBlock });
      const plain = await runProgram(runtime, results, feeds);
      const reference = t.evaluate(Object.values(results), feeds);
      for (const [i, result] of Object.keys(results).entries()) {
        assert.deepEqual(values[result]?.shape, reference[i]?.shape);
        const error = relativeError(values[result]?.data ?? [], reference[i]?.data ?? [1]);
        const usual = relativeError(plain[result]?.data ?? [], reference[i]?.data ?? [1]);
        assert.ok(error < 1e-6 || error < 2 * usual, `${result}: ${error}, in order ${usual}`);
      }
    });
});

test('a Loop of steps with batch normalisation in blocks equals single steps bit for bit', async (context) => {
  if (channelBlock === undefined) return context.skip('the processor has no convolution of channels in blocks');
  const loss = t.mean(t.square(spread(t.relu(normalized))));
  const [dv = v] = t.gradients(loss, [v]);
  const variables = { v: { current: v, next: t.subtract(v, t.multiply(dv, 0.1)) } };
  const step = { name: 's', variables, metrics: { loss } };
  const values = Object.entries({ x: feeds.x, w: feeds.w, a: feeds.a, b: feeds.b });
  const run = async (lowered: t.LoweredStepProgram, runs: readonly number[]) => {
    const compiled = await runtime.compileStep(lowered);
    await compiled.write({ v: { dtype: 'float32', shape: feeds.v.shape, data: Float32Array.from(feeds.v.data) } });
    for (const count of runs) {
      const repeated = values.map(([name, { data }]) => [
        name,
        Float32Array.from({ length: count * data.length }, (_, i) => data[i % data.length] ?? 0),
      ]);
      await compiled.run(count, Object.fromEntries(repeated));
    }
    const { v: learnt } = await compiled.read();
    await compiled.dispose();
    return learnt?.data ?? new Float32Array();
  };
  const loop = await run(t.lowerLoop(step, { channelBlock }), [3]);
  assert.deepEqual(loop, await run(t.lowerStep(step, { channelBlock }), [1, 1, 1]));
  const error = relativeError(loop, await run(t.lowerLoop(step), [3]));
  assert.ok(error > 0 && error < 1e-6, String(error));
});
