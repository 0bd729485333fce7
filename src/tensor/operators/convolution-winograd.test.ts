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
before(async () => {
  runtime = await openRuntime({ threads: 1 });
});
after(() => runtime.dispose());

const usesTiles = (results: Record<string, t.Tensor>): boolean =>
  Buffer.from(t.lowerProgram({ name: 'p', results }).model).includes('MatMul');

const shapes: [readonly [number, number], readonly number[], t.ConvolutionOptions][] = [
  [[8, 8], [3, 3, 64, 64], { padding: 1 }],
  [[7, 8], [3, 3, 64, 64], { padding: 1 }],
  [[10, 6], [3, 3, 64, 64], {}],
  [[8, 8], [2, 3, 128, 128], { padding: [1, 0, 1, 1] }],
  [[8, 8], [3, 3, 64, 48], { padding: [2, 0, 0, 2] }],
];

for (const [size, w, options] of shapes)
  test(`minimal filtering of ${size.join('x')} by ${w.join('x')} ${JSON.stringify(options)}: float64 values, and no more than seven times the rounding of windows`, async () => {
    const feeds = feedsOf(1, size, w);
    const tiles = forms(1, size, w, options);
    const windows = forms(t.batch, size, w, options);
    assert.deepEqual([usesTiles(tiles), usesTiles(windows)], [true, false]);
    const [byTiles, byWindows] = [await runProgram(runtime, tiles, feeds), await runProgram(runtime, windows, feeds)];
    const reference = t.evaluate(Object.values(tiles), feeds);
    for (const [i, name] of Object.keys(tiles).entries()) {
      const expected = reference[i]?.data ?? [];
      assert.deepEqual(byTiles[name]?.shape, reference[i]?.shape);
      const error = relativeError(byTiles[name]?.data ?? [], expected);
      const plain = relativeError(byWindows[name]?.data ?? [], expected);
      assert.ok(error < 2e-6 && error < 7 * plain, `${name}: ${error}, windows ${plain}`);
    }
  });

test('a bias begins in the product that gives responses', () => {
  const { y } = forms(2, [8, 8], [3, 3, 64, 64], { padding: 1 });
  const nodes = fromBinary(ModelProtoSchema, t.lowerProgram({ name: 'p', results: { y } }).model).graph?.node ?? [];
  assert.deepEqual(
    [nodes.some(({ opType }) => opType === 'Add'), nodes.some(({ opType }) => opType === 'MatMul')],
    [false, true],
  );
});

const batches: [string, number, readonly [number, number], readonly number[], t.ConvolutionOptions][] = [
  ['tiles', 20, [16, 16], [3, 3, 64, 64], { padding: 1 }],
  ['windows', 23, [32, 32], [3, 3, 16, 8], { padding: 1 }],
  ['windows of stride 2', 49, [16, 16], [4, 4, 32, 16], { stride: 2, padding: 1 }],
];

/** Whether a batch is multiplied in more pieces than a single image. */
function isCut(...programs: readonly [batch: t.LoweredProgram, single: t.LoweredProgram]): boolean {
  const [many = 0, few = 0] = programs.map(({ model }) => {
    const nodes = fromBinary(ModelProtoSchema, model).graph?.node ?? [];
    return nodes.filter(({ opType }) => opType === 'MatMul' || opType === 'Gemm').length;
  });
  return many > few;
}

for (const [name, images, size, w, options] of batches)
  test(`a batch that goes through in parts gives what it gives in one piece: ${name}`, async () => {
    const feeds = feedsOf(images, size, w);
    const [parts, single] = [forms(images, size, w, options), forms(1, size, w, options)];
    assert.ok(isCut(t.lowerProgram({ name: 'p', results: parts }), t.lowerProgram({ name: 'p', results: single })));
    const values = await runProgram(runtime, parts, feeds);
    const whole = await runProgram(runtime, forms(t.batch, size, w, options), feeds);
    for (const result of Object.keys(parts)) {
      assert.deepEqual(values[result]?.shape, whole[result]?.shape);
      const error = relativeError(values[result]?.data ?? [], whole[result]?.data ?? [1]);
      assert.ok(error < 3e-6, `${result}: ${error}`);
    }
  });

test('for graphics processors a batch stays in one piece', () => {
  const w = t.input('w', [3, 3, 64, 64]);
  const lowered = (images: number, options?: t.LoweringOptions): t.LoweredProgram => {
    const y = t.conv2d(t.input('x', [images, 16, 16, 64]), w, { padding: 1 });
    const [dw = w] = t.gradients(t.sum(t.square(y)), [w]);
    return t.lowerStep({ name: 'step', variables: { w: { current: w, next: dw } }, metrics: {} }, options);
  };
  const gpu = { processor: 'gpu' } as const;
  assert.ok(isCut(lowered(20), lowered(1)));
  assert.ok(!isCut(lowered(20, gpu), lowered(1, gpu)));
  assert.ok(!Buffer.from(lowered(20, gpu).model).includes('MatMul'));
});
