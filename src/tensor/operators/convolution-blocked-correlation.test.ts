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

/** Whether the gradient of filters is a convolution in blocks of 16. */
function isBlocked(
  images: t.Dim,
  size: readonly [number, number],
  [height = 1, width = 1, channels = 1, filters = 1]: readonly number[],
  options: t.ConvolutionOptions = {},
): boolean {
  const x = t.input('x', [images, ...size, channels]);
  const w = t.input('w', [height, width, channels, filters]);
  const y = t.conv2d(x, w, options);
  const [dw = w] = t.gradients(t.sum(t.multiply(y, t.input('dy', y.shape))), [w]);
  const { model } = t.lowerProgram({ name: 'p', results: { dw } }, { channelBlock: 16 });
  return fromBinary(ModelProtoSchema, model).graph?.node.some(({ opType }) => opType === 'Conv') === true;
}

const shapes: [string, readonly [number, number], readonly number[], t.ConvolutionOptions, boolean][] = [
  ['stride 1', [7, 6], [3, 3, 16, 32], { padding: 1 }, true],
  ['stride 1 without padding', [6, 5], [3, 2, 32, 16], {}, true],
  ['stride 2', [8, 10], [4, 4, 32, 48], { stride: 2, padding: 1 }, true],
  ['stride 2 that leaves pixels over', [9, 7], [2, 2, 16, 16], { stride: 2 }, true],
  ['stride 2 that leaves zeros over', [8, 8], [3, 3, 16, 16], { stride: 2, padding: 1 }, true],
  ['zeros on one side, pixels over on the other', [8, 8], [2, 3, 16, 16], { stride: 3, padding: [1, 0, 1, 0] }, true],
  ['stride 3, filters of 5', [9, 9], [5, 5, 16, 32], { stride: 3, padding: 1 }, true],
  ['sides that differ', [6, 12], [2, 4, 32, 16], { stride: [1, 2], padding: [1, 0, 1, 1] }, true],
  ['a filter as large as the image', [4, 4], [4, 4, 16, 16], {}, true],
  ['more zeros than responses span', [2, 2], [4, 4, 16, 16], { padding: 2, stride: 2 }, true],
  ['colours at stride 1', [7, 6], [3, 3, 3, 32], { padding: 1 }, true],
  ['colours at stride 2', [8, 6], [4, 4, 3, 32], { padding: 1, stride: 2 }, false],
  ['one place', [5, 5], [1, 1, 48, 16], {}, false],
  ['gaps in the filter', [9, 9], [3, 3, 16, 16], { dilation: 2, padding: 2 }, false],
];

for (const [name, size, w, options, expected] of shapes) {
  test(`filters' gradients in blocks or by products: ${name}`, () => {
    assert.equal(isBlocked(32, size, w, options), expected);
  });

  test(`filters' gradients in blocks: float64 values, and the rounding of products: ${name}`, async (context) => {
    if (channelBlock === undefined) return context.skip('the processor has no convolution of channels in blocks');
    const feeds = feedsOf(32, size, w);
    const { dw, slope } = forms(32, size, w, options);
    const blocks = await runProgram(runtime, { dw, slope }, feeds, { channelBlock });
    const windows = await runProgram(runtime, { dw, slope }, feeds);
    const reference = t.evaluate([dw, slope], feeds);
    for (const [i, result] of ['dw', 'slope'].entries()) {
      const expectedValues = reference[i]?.data ?? [];
      assert.deepEqual(blocks[result]?.shape, reference[i]?.shape);
      const error = relativeError(blocks[result]?.data ?? [], expectedValues);
      const plain = relativeError(windows[result]?.data ?? [], expectedValues);
      // Products add up to 128 numbers in a row, these all of a block of images: several times as many, with the square root of that in rounding.
      assert.ok(error < 1e-6 && error < 5 * plain, `${result}: ${error}, products ${plain}`);
    }
  });
}

test('batches and channels that fill no blocks, batches of any length and many channels at stride 1 are lowered otherwise', () => {
  assert.ok(isBlocked(16, [8, 8], [3, 3, 16, 16], { padding: 1 }));
  assert.ok(!isBlocked(24, [8, 8], [3, 3, 16, 16], { padding: 1 }));
  assert.ok(!isBlocked(16, [8, 8], [3, 3, 16, 24], { padding: 1 }));
  assert.ok(!isBlocked(16, [8, 8], [3, 3, 3, 16], { padding: 1, stride: 2 }));
  assert.ok(!isBlocked(t.batch, [8, 8], [3, 3, 16, 16], { padding: 1 }));
  // By minimal filtering.
  assert.ok(!isBlocked(16, [8, 8], [3, 3, 128, 128], { padding: 1 }));
});
