import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { openRuntime } from '../../runtime/node/open.js';
import type { Runtime } from '../../runtime/runtime.js';
import * as t from '../index.js';
import { ModelProtoSchema } from '../onnx/onnx_pb.js';
import { runProgram } from './checks.test.js';
import { feedsOf, forms, relativeError } from './convolution-forms.test.js';

let runtime: Runtime;
let channelBlock: number | undefined;
before(async () => {
  runtime = await openRuntime({ threads: 2 });
  channelBlock = await runtime.channelBlock();
});
after(() => runtime.dispose());

/** The operators of a program, in their order. */
function operators(results: Record<string, t.Tensor>, target: t.LoweringOptions): string[] {
  const { model } = t.lowerProgram({ name: 'p', results }, target);
  return fromBinary(ModelProtoSchema, model).graph?.node.map(({ opType }) => opType) ?? [];
}

test('the block of a processor is as wide as its vectors', { skip: process.arch !== 'x64' && 'not x64' }, () => {
  assert.ok(channelBlock === 8 || channelBlock === 16, String(channelBlock));
});

test('devices that are not asked have none', async () => {
  const wasm = await openRuntime({ device: 'wasm', threads: 1 });
  assert.equal(await wasm.channelBlock(), undefined);
  await wasm.dispose();
});

/** With how many convolutions in blocks a convolution is lowered, and the transposed one that is its gradient; 0 are windows. */
type Counts = readonly [respond: number, spread: number];

const shapes: [string, readonly [number, number], readonly number[], t.ConvolutionOptions, Counts][] = [
  ['stride 1', [7, 6], [3, 3, 16, 32], { padding: 1 }, [1, 1]],
  ['stride 1 without padding', [6, 5], [3, 2, 32, 16], {}, [1, 1]],
  ['one place', [5, 5], [1, 1, 48, 16], {}, [0, 0]],
  ['one place, pixels left out', [6, 6], [1, 1, 48, 16], { stride: 2 }, [1, 0]],
  ['stride 2', [8, 10], [4, 4, 32, 48], { stride: 2, padding: 1 }, [2, 4]],
  ['stride 2 that leaves pixels over', [9, 7], [3, 3, 16, 16], { stride: 2, padding: 1 }, [1, 0]],
  ['stride 3, filters of 5', [9, 9], [5, 5, 16, 32], { stride: 3, padding: 1 }, [1, 9]],
  ['sides that differ', [6, 12], [2, 4, 32, 16], { stride: [1, 2], padding: [1, 0, 1, 1] }, [2, 2]],
  ['gaps in the filter', [9, 9], [3, 3, 16, 16], { dilation: 2, padding: 2 }, [1, 0]],
  ['more padding than a filter reaches', [6, 6], [2, 2, 16, 16], { padding: 2 }, [0, 0]],
  ['colours at stride 1', [7, 6], [3, 3, 3, 32], { padding: 1 }, [1, 0]],
  ['colours, unequal sides and gaps', [8, 6], [3, 4, 3, 16], { padding: [0, 2, 1, 3], dilation: [2, 1] }, [1, 0]],
  ['colours of few places', [7, 6], [2, 3, 3, 32], { padding: 1 }, [0, 0]],
  ['colours, more zeros than a filter reaches', [7, 6], [3, 3, 3, 16], { padding: 3 }, [0, 0]],
  ['groups', [6, 6], [3, 3, 16, 32], { padding: 1, groups: 2 }, [2, 2]],
];

for (const [name, size, [height = 1, width = 1, channels = 1, filters = 1], options, counts] of shapes)
  test(`what is lowered to convolutions in blocks, and to how many: ${name}`, () => {
    const x = t.input('x', [3, ...size, channels * (options.groups ?? 1)]);
    const y = t.conv2d(x, t.input('w', [height, width, channels, filters]), options);
    const [dx = x] = t.gradients(t.sum(t.multiply(y, t.input('dy', y.shape))), [x]);
    const used = [y, dx].map((result) => operators({ result }, { channelBlock: 16 }));
    assert.deepEqual(
      used.map((names) => names.filter((one) => one === 'Conv').length),
      counts,
    );
  });

for (const [name, size, w, options] of shapes)
  test(`channels in blocks: float64 values of all forms and gradients, and the rounding of windows: ${name}`, async (context) => {
    if (channelBlock === undefined) return context.skip('the processor has no convolution of channels in blocks');
    const inputs = [w[0], w[1], (w[2] ?? 1) * (options.groups ?? 1), w[3]].map(Number);
    const feeds = { ...feedsOf(3, size, inputs), w: feedsOf(3, size, w).w! };
    const results = forms(3, size, w, options, inputs[2]);
    const blocks = await runProgram(runtime, results, feeds, { channelBlock });
    const windows = await runProgram(runtime, results, feeds);
    const reference = t.evaluate(Object.values(results), feeds);
    for (const [i, result] of Object.keys(results).entries()) {
      const expected = reference[i]?.data ?? [];
      assert.deepEqual(blocks[result]?.shape, reference[i]?.shape);
      const error = relativeError(blocks[result]?.data ?? [], expected);
      const plain = relativeError(windows[result]?.data ?? [], expected);
      assert.ok(error < 1e-6 && error < 3 * plain, `${result}: ${error}, windows ${plain}`);
    }
  });

test('a bias is the convolution’s own, also where the sum is used twice', async (context) => {
  if (channelBlock === undefined) return context.skip('the processor has no convolution of channels in blocks');
  const [size, w] = [
    [6, 6],
    [3, 3, 16, 16],
  ] as const;
  const { y } = forms(2, size, w, { padding: 1 });
  const results = { y, twice: t.multiply(y, t.tanh(y)) };
  const used = operators(results, { channelBlock });
  assert.deepEqual([used.filter((name) => name === 'Conv').length, used.includes('Add')], [1, false]);
  const feeds = feedsOf(2, size, w);
  const values = await runProgram(runtime, results, feeds, { channelBlock });
  const reference = t.evaluate(Object.values(results), feeds);
  for (const [i, name] of Object.keys(results).entries())
    assert.ok(relativeError(values[name]?.data ?? [], reference[i]?.data ?? [1]) < 1e-6);
});

test('a transposed convolution begins with its bias, in every phase', async (context) => {
  if (channelBlock === undefined) return context.skip('the processor has no convolution of channels in blocks');
  const w = [4, 4, 16, 32];
  const x = t.input('x', [2, 3, 4, 32]);
  const options = { stride: 2, padding: 1 };
  const y = t.add(t.conv2dTranspose(x, t.input('w', w), options), t.input('b', [16]));
  const used = operators({ y }, { channelBlock });
  assert.deepEqual([used.filter((name) => name === 'Conv').length, used.includes('Add')], [4, false]);
  const feeds = { ...feedsOf(2, [3, 4], [4, 4, 32, 16]), w: feedsOf(1, [3, 4], w).w! };
  const values = await runProgram(runtime, { y }, feeds, { channelBlock });
  assert.ok(relativeError(values.y?.data ?? [], t.evaluate([y], feeds)[0]?.data ?? [1]) < 1e-6);
});

test('a row that is not one number for each channel is added to the result', async (context) => {
  if (channelBlock === undefined) return context.skip('the processor has no convolution of channels in blocks');
  const [size, w] = [
    [4, 4],
    [3, 3, 16, 16],
  ] as const;
  const x = t.input('x', [2, ...size, 16]);
  const flat = t.reshape(t.conv2d(x, t.input('w', [...w]), { padding: 1 }), [2, 256]);
  const results = {
    y: t.add(
      flat,
      t.constant(
        Float32Array.from({ length: 256 }, (_, i) => i / 256),
        [256],
      ),
    ),
  };
  const feeds = feedsOf(2, size, w);
  const values = await runProgram(runtime, results, feeds, { channelBlock });
  assert.ok(relativeError(values.y?.data ?? [], t.evaluate([results.y], feeds)[0]?.data ?? [1]) < 1e-6);
});

test('channels that fill no blocks, batches of any length, float64 and many channels at stride 1 are lowered otherwise', () => {
  const target = { channelBlock: 16 };
  const count = (images: t.Dim, w: readonly number[], options: t.ConvolutionOptions = {}) =>
    operators(forms(images, [8, 8], w, { padding: 1, ...options }), target).filter((name) => name === 'Conv').length;
  assert.ok(count(2, [3, 3, 16, 16]) > 0);
  assert.equal(count(2, [3, 3, 16, 8]), 0);
  assert.equal(count(2, [3, 3, 3, 16], { stride: 2 }), 0);
  assert.equal(count(t.batch, [3, 3, 16, 16]), 0);
  assert.equal(count(2, [3, 3, 128, 128]), 0);
  assert.ok(count(2, [4, 4, 128, 128], { stride: 2 }) > 0);
});

test('a step in blocks equals the step in windows but for rounding, and a Loop of steps equals single ones bit for bit', async (context) => {
  if (channelBlock === undefined) return context.skip('the processor has no convolution of channels in blocks');
  const [size, shape] = [
    [8, 8],
    [4, 4, 16, 32],
  ] as const;
  const w = t.input('w', [...shape]);
  const x = t.input('x', [3, ...size, 16]);
  const y = t.conv2d(x, w, { stride: 2, padding: 1 });
  const image = t.conv2dTranspose(t.tanh(y), w, { stride: 2, padding: 1 });
  const loss = t.mean(t.square(t.subtract(image, x)));
  const [dw = w] = t.gradients(loss, [w]);
  const step = {
    name: 's',
    variables: { w: { current: w, next: t.subtract(w, t.multiply(dw, 0.1)) } },
    metrics: { loss },
  };
  const feeds = feedsOf(3, size, shape);
  const run = async (lowered: t.LoweredStepProgram, runs: readonly number[]) => {
    const compiled = await runtime.compileStep(lowered);
    await compiled.write({ w: { dtype: 'float32', shape, data: Float32Array.from(feeds.w?.data ?? []) } });
    for (const count of runs) {
      const one = Float32Array.from(feeds.x?.data ?? []);
      const many = new Float32Array(count * one.length);
      for (let i = 0; i < count; i++) many.set(one, i * one.length);
      await compiled.run(count, { x: many });
    }
    const { w: learnt } = await compiled.read();
    await compiled.dispose();
    return learnt?.data ?? new Float32Array();
  };
  const loop = await run(t.lowerLoop(step, { channelBlock }), [4]);
  assert.deepEqual(loop, await run(t.lowerStep(step, { channelBlock }), [1, 1, 1, 1]));
  const error = relativeError(loop, await run(t.lowerLoop(step), [4]));
  assert.ok(error > 0 && error < 1e-6, String(error));
});
