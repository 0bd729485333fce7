import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type NodeProto } from '../../tensor/onnx/onnx_pb.js';
import { channelBlockOf } from '../channel-block.js';
import { float32, type Runtime, type Values } from '../runtime.js';
import { openRuntime } from './open.js';

let runtime: Runtime;
before(async () => {
  runtime = await openRuntime({ threads: 1 });
});
after(() => runtime.dispose());

/** A device whose results are changed on the way; `run` counts from 0. */
function changing(change: (results: Values, feeds: Values, run: number) => Values): Runtime['compile'] {
  let runs = 0;
  return async (lowered) => {
    const program = await runtime.compile(lowered);
    const run: typeof program.run = async (feeds) => change(await program.run(feeds), feeds, runs++);
    return { ...program, run, runOnce: run };
  };
}

test('a device that convolves rightly tells its block, and says what the runtime says', async () => {
  const block = await channelBlockOf(changing((results) => results));
  assert.equal(block, await runtime.channelBlock());
});

test('the trial has passes over channels by themselves, added to and rectified', async (context) => {
  const block = await runtime.channelBlock();
  if (block === undefined) return context.skip('the processor has no convolution of channels in blocks');
  const tried: NodeProto[] = [];
  await channelBlockOf((lowered) => {
    tried.push(...(fromBinary(ModelProtoSchema, lowered.model).graph?.node ?? []));
    return runtime.compile(lowered);
  });
  const passes = tried.filter(({ attribute }) =>
    attribute.some(({ name, i }) => name === 'group' && Number(i) === block),
  );
  assert.deepEqual(
    passes.map(({ input, attribute }) => [input.length, attribute.some(({ name }) => name === 'activation')]),
    [[4, true]],
  );
});

test('a device that leaves images as they are has no blocks', async () => {
  assert.equal(await channelBlockOf(changing((_, { x }) => (x === undefined ? {} : { y: x }))), undefined);
});

test('a device that gets one number of the convolution wrong is not taken', async () => {
  let convolutions = 0;
  const compile = changing((results, _, run) => {
    const y = results.y;
    if (run === 0 || y === undefined) return results;
    convolutions += 1;
    const data = Float32Array.from(y.data, Number);
    data[data.length - 1] = (data.at(-1) ?? 0) + 1;
    return { y: float32(data, y.shape) };
  });
  assert.equal(await channelBlockOf(compile), undefined);
  assert.equal(convolutions, (await runtime.channelBlock()) === undefined ? 0 : 1);
});

test('a device that cannot compile the operators has none', async () => {
  assert.equal(await channelBlockOf(() => Promise.reject(new Error('no such operator'))), undefined);
});
