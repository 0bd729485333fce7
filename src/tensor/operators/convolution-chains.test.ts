// Convolutions of channels in blocks that follow one another: images between them stay in blocks.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { openRuntime } from '../../runtime/node/open.js';
import type { Runtime } from '../../runtime/runtime.js';
import * as t from '../index.js';
import { ModelProtoSchema } from '../onnx/onnx_pb.js';
import { runProgram, varied } from './checks.test.js';
import { relativeError } from './convolution-forms.test.js';

let runtime: Runtime;
let channelBlock: number | undefined;
before(async () => {
  runtime = await openRuntime({ threads: 2 });
  channelBlock = await runtime.channelBlock();
});
after(() => runtime.dispose());

const feeds = {
  x: varied([2, 8, 6, 16]),
  v: varied([3, 3, 16, 32], 0.2),
  w: varied([3, 3, 32, 16], 0.2),
  b: varied([32]),
};
const [x, v, w, b] = [
  t.input('x', [2, 8, 6, 16]),
  t.input('v', [3, 3, 16, 32]),
  t.input('w', [3, 3, 32, 16]),
  t.input('b', [32]),
] as const;
const first = t.add(t.conv2d(x, v, { padding: 1 }), b);
const second = (images: t.Tensor): t.Tensor => t.conv2d(images, w, { padding: 1 });
const rectified = t.relu(first);
const leaky = t.leakyRelu(first, 0.3);

/** What is computed; how many nodes put images into blocks, out of them, and rectify in order; how many convolutions rectify. */
type Case = [name: string, results: Record<string, t.Tensor>, counts: readonly [number, number, number, number]];

// Filters are brought into blocks by the same operator: one node for each of them.
const filters = 2;
const cases: readonly Case[] = [
  ['as they are', { y: second(first) }, [filters + 1, 1, 0, 0]],
  ['as they are, others take them too', { y: second(first), z: t.exp(first) }, [filters + 1, 2, 0, 0]],
  ['rectified', { y: second(rectified) }, [filters + 1, 1, 0, 1]],
  ['rectified with a slope', { y: second(leaky) }, [filters + 1, 1, 0, 1]],
  ['rectified, others take that too', { y: second(rectified), z: t.exp(rectified) }, [filters + 1, 2, 0, 1]],
  ['others take what is not rectified', { y: second(rectified), z: t.exp(first) }, [filters + 2, 2, 1, 0]],
  ['what is rectified is a result', { y: second(rectified), z: rectified }, [filters + 2, 2, 1, 0]],
  ['another function between', { y: second(t.tanh(first)) }, [filters + 2, 2, 0, 0]],
  ['images of another shape', { y: second(t.reshape(rectified, [2, 6, 8, 32])) }, [filters + 2, 2, 1, 0]],
  [
    'the gradient of all',
    { y: t.gradients(t.sum(t.square(second(leaky))), [v])[0] ?? x },
    // Into blocks also what comes back to the second, and its filters turned around; in order also the slope, for what was rectified.
    [filters + 3, 3, 0, 1],
  ],
];

describe('images between convolutions of channels in blocks', () => {
  for (const [name, results, [into, outOf, inOrder, inConvolution]] of cases)
    test(name, async (context) => {
      if (channelBlock === undefined) return context.skip('the processor has no convolution of channels in blocks');
      const { model } = t.lowerProgram({ name: 'p', results }, { channelBlock });
      const nodes = fromBinary(ModelProtoSchema, model).graph?.node ?? [];
      const count = (types: readonly string[]): number => nodes.filter(({ opType }) => types.includes(opType)).length;
      // Whatever does it has the name of the operator for it.
      const ordering = nodes.filter(({ name }) => /ReorderOutput(_\d+)?$/.test(name));
      const rectifying = nodes.filter(({ attribute }) => attribute.some((one) => one.name === 'activation'));
      assert.deepEqual(
        [count(['ReorderInput']), ordering.length, count(['Relu', 'LeakyRelu']), rectifying.length],
        [into, outOf, inOrder, inConvolution],
      );
      const values = await runProgram(runtime, results, feeds, { channelBlock });
      const reference = t.evaluate(Object.values(results), feeds);
      for (const [i, result] of Object.keys(results).entries()) {
        assert.deepEqual(values[result]?.shape, reference[i]?.shape);
        const error = relativeError(values[result]?.data ?? [], reference[i]?.data ?? [1]);
        assert.ok(error < 1e-6, `${result}: ${error}`);
      }
    });
});
