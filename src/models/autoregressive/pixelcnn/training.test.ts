import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrays } from '../../../data/index.js';
import { openRuntime } from '../../../runtime/node/open.js';
import { float32, type Values } from '../../../runtime/runtime.js';
import { lowerProgram } from '../../../tensor/program.js';
import { PixelCnn, pixelcnn } from '../pixelcnn.js';
import { architectureOf } from './options.js';
import { partLengths } from './training.js';

/** What `fit` would train; describeTraining is for subclasses. */
class Described extends PixelCnn {
  training(data: Parameters<PixelCnn['fit']>[0], batchSize: number) {
    return this.describeTraining(data, batchSize, 0);
  }
}

const { config } = pixelcnn({ output: 'binary', conditional: true, layers: 1, filters: 64, ema: 0 });
const shape = [32, 32, 1];

test('a batch goes through the network in parts of as many images as caches hold, all of them once', () => {
  const architecture = architectureOf(config, shape, ['even', 'odd']);
  // Windows of 2 x 3 x 64 numbers, 1.6 MB for an image.
  assert.deepEqual(partLengths(architecture, 7), [3, 3, 1]);
  assert.deepEqual(partLengths(architecture, 3), [3]);
  assert.deepEqual(partLengths(architecture, 64), [16, 16, 16, 16]);
  assert.deepEqual(partLengths(architecture, 1), [1]);
});

test('the loss of a batch in parts is the mean of the losses that its images have by themselves', async () => {
  const [count, size] = [7, 1024];
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const x = Float32Array.from({ length: count * size }, (_, i) => Number(Math.sin(i * i) > 0.4));
  const model = new Described(config);
  const runtime = await openRuntime({ threads: 1 });
  try {
    const data = fromArrays({ x, shape, labels, classes: ['even', 'odd'] });
    const { program } = await model.training(data, count);
    assert.ok(program.evaluation !== undefined);
    const int64 = { dtype: 'int64', shape: [count], data: BigInt64Array.from(labels, BigInt) } as const;
    const feeds: Values = { ...program.initial, x: float32(x, [count, ...shape]), labels: int64 };
    const pick = (names: readonly { readonly name: string }[]): Values =>
      Object.fromEntries(names.flatMap(({ name }) => (feeds[name] === undefined ? [] : [[name, feeds[name]]])));
    const { negativeLogLikelihood: nats } = program.step.metrics;
    assert.ok(nats !== undefined);
    const whole = await runtime.compile(lowerProgram({ name: 'in-parts', results: { nats } }));
    const single = await runtime.compile(lowerProgram(program.evaluation.program));
    const [inParts, alone] = [await whole.run(pick(whole.inputs)), await single.run(pick(single.inputs))];
    const losses = Array.from(alone.loss?.data ?? [], Number);
    assert.equal(losses.length, count);
    const mean = losses.reduce((a, b) => a + b, 0) / count;
    // Sums of a thousand float32 numbers.
    assert.ok(Math.abs(Number(inParts.nats?.data[0]) - mean) < 1e-4 * mean, `${inParts.nats?.data[0]}, not ${mean}`);
  } finally {
    await runtime.dispose();
    await model.dispose();
  }
});
