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

/** The operators that compute or copy numbers in a program of a convolution, its gradients and theirs. */
function operatorsOf(results: Readonly<Record<string, t.Tensor>>, target: t.LoweringOptions = {}): Set<string> {
  const { graph } = fromBinary(ModelProtoSchema, t.lowerProgram({ name: 'p', results }, target).model);
  return new Set(graph?.node.map(({ domain, opType }) => `${domain}${opType}`).filter((name) => name !== 'Reshape'));
}

const products = new Set(['Gemm']);

for (const target of [{}, { channelBlock: 16 }, { processor: 'gpu' }] as const)
  test(`filters of one place are multiplied with pixels where they lie: ${JSON.stringify(target)}`, () => {
    for (const channels of [3, 16, 64]) {
      const x = t.input('x', [4, 5, 6, channels]);
      const w = t.input('w', [1, 1, channels, 32]);
      const y = t.conv2d(x, w, { dilation: 2 });
      const [dx = x, dw = x] = t.gradients(t.sum(t.multiply(y, t.input('dy', y.shape))), [x, w]);
      for (const results of [{ y }, { dx }, { dw }]) assert.deepEqual(operatorsOf(results, target), products);
    }
  });

test('filters that leave pixels out, or go beyond them, are none of these', () => {
  const w = t.input('w', [1, 1, 16, 32]);
  for (const options of [{ stride: 2 }, { padding: 1 }, { stride: [1, 2] as const }])
    assert.notDeepEqual(operatorsOf({ y: t.conv2d(t.input('x', [4, 6, 6, 16]), w, options) }), products);
});

for (const shape of [
  [1, 1, 3, 5],
  [1, 1, 32, 16],
])
  test(`float64 values of all forms and gradients: [${shape}]`, async () => {
    const feeds = feedsOf(3, [4, 5], shape);
    const results = forms(3, [4, 5], shape, {});
    const values = await runProgram(runtime, results, feeds);
    const reference = t.evaluate(Object.values(results), feeds);
    for (const [i, result] of Object.keys(results).entries()) {
      assert.deepEqual(values[result]?.shape, reference[i]?.shape);
      const error = relativeError(values[result]?.data ?? [], reference[i]?.data ?? [1]);
      assert.ok(error < 1e-6, `${result}: ${error}`);
    }
  });

test('one program takes batches of any length', async () => {
  const shape = [1, 1, 8, 4];
  const { y, dx } = forms(t.batch, [5, 6], shape, {});
  for (const images of [1, 4]) {
    const feeds = feedsOf(images, [5, 6], shape);
    const values = await runProgram(runtime, { y, dx }, feeds);
    const reference = t.evaluate([y, dx], feeds);
    for (const [i, result] of ['y', 'dx'].entries())
      assert.ok(relativeError(values[result]?.data ?? [], reference[i]?.data ?? [1]) < 1e-6);
  }
});
