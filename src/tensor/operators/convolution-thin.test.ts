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
  runtime = await openRuntime({ threads: 2 });
});
after(() => runtime.dispose());

/** Which of a convolution and the transposed one that is its gradient are added up from shifted products. */
function thinOnes(
  size: readonly [number, number],
  [height = 1, width = 1, channels = 1, filters = 1]: readonly number[],
  options: t.ConvolutionOptions,
  target: t.LoweringOptions = {},
): boolean[] {
  const x = t.input('x', [2, ...size, channels]);
  const y = t.conv2d(x, t.input('w', [height, width, channels, filters]), options);
  const [dx = x] = t.gradients(t.sum(t.multiply(y, t.input('dy', y.shape))), [x]);
  return [y, dx].map((result) => {
    const { model } = t.lowerProgram({ name: 'p', results: { result } }, target);
    const { graph } = fromBinary(ModelProtoSchema, model);
    return graph?.node.some(({ opType, attribute }) => opType === 'Gemm' && isTurned(attribute)) === true;
  });
}

/** Whether a product is of both factors transposed, as that of the filter and all pixels is. */
function isTurned(attributes: readonly { readonly name: string; readonly i: bigint }[]): boolean {
  return ['transA', 'transB'].every((name) =>
    attributes.some((attribute) => attribute.name === name && attribute.i === 1n),
  );
}

const shapes: [string, readonly [number, number], readonly number[], t.ConvolutionOptions, readonly boolean[]][] = [
  ['to three channels', [6, 7], [3, 3, 16, 3], { padding: 1 }, [true, false]],
  ['from three channels', [6, 7], [3, 3, 3, 16], { padding: 1 }, [false, true]],
  ['to one channel, without padding', [6, 7], [2, 3, 4, 1], {}, [true, false]],
  ['sides that differ', [5, 6], [3, 2, 12, 2], { padding: [0, 2, 1, 0] }, [true, false]],
  ['gaps in the filter', [7, 8], [3, 3, 12, 2], { padding: 2, dilation: [2, 1] }, [true, false]],
  ['from one channel, gaps in the filter', [7, 8], [3, 3, 1, 8], { padding: 2, dilation: 2 }, [false, true]],
  ['more zeros than a filter reaches', [4, 4], [2, 2, 8, 1], { padding: 3 }, [true, false]],
  ['places of the filter that meet no pixel', [2, 2], [6, 6, 8, 1], { padding: 3 }, [true, false]],
  ['too few channels for that', [6, 7], [3, 3, 8, 3], { padding: 1 }, [false, false]],
  ['one place', [6, 7], [1, 1, 16, 3], {}, [false, false]],
  ['stride 2', [6, 8], [4, 4, 16, 3], { padding: 1, stride: 2 }, [false, false]],
];

for (const [name, size, w, options, expected] of shapes) {
  test(`what is added up from shifted products: ${name}`, () => {
    assert.deepEqual(thinOnes(size, w, options), expected);
  });

  test(`shifted products: float64 values of all forms and gradients: ${name}`, async () => {
    const feeds = feedsOf(3, size, w);
    const results = forms(3, size, w, options);
    const values = await runProgram(runtime, results, feeds);
    const reference = t.evaluate(Object.values(results), feeds);
    for (const [i, result] of Object.keys(results).entries()) {
      assert.deepEqual(values[result]?.shape, reference[i]?.shape);
      const error = relativeError(values[result]?.data ?? [], reference[i]?.data ?? [1]);
      assert.ok(error < 1e-6, `${result}: ${error}`);
    }
  });
}

test('gaps so wide that no place of the filter meets a pixel leave the bias alone', async () => {
  const [size, w] = [[4, 5] as const, [2, 2, 8, 1]];
  const options = { padding: 5, dilation: [10, 1] as const };
  assert.deepEqual(thinOnes(size, w, options), [false, false]);
  const feeds = feedsOf(2, size, w);
  const { y, dx, dw } = await runProgram(runtime, forms(2, size, w, options), feeds);
  const [bias] = feeds.b?.data ?? [];
  assert.deepEqual(new Set(Array.from(y?.data ?? [], Number)), new Set([bias]));
  for (const gradient of [dx, dw]) assert.deepEqual(new Set(Array.from(gradient?.data ?? [], Number)), new Set([0]));
});

test('one program takes batches of any length', async () => {
  const shape = [3, 3, 16, 3];
  const { y } = forms(t.batch, [5, 6], shape, { padding: 1 });
  for (const images of [1, 4]) {
    const feeds = feedsOf(images, [5, 6], shape);
    const values = await runProgram(runtime, { y }, feeds);
    assert.ok(relativeError(values.y?.data ?? [], t.evaluate([y], feeds)[0]?.data ?? [1]) < 1e-6);
  }
});

test('graphics processors get windows, of which few large operators are made', () => {
  assert.deepEqual(thinOnes([6, 7], [3, 3, 16, 3], { padding: 1 }, { processor: 'gpu' }), [false, false]);
});
