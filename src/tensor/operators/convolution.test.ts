import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openRuntime } from '../../runtime/node/open.js';
import type { Runtime } from '../../runtime/runtime.js';
import * as t from '../index.js';
import { difference, runProgram, varied } from './checks.test.js';

let runtime: Runtime;
before(async () => {
  runtime = await openRuntime({ threads: 1 });
});
after(() => runtime.dispose());

/** Windows of many kinds: each lowering has its own ways for some of them. */
const geometries: {
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly options: t.ConvolutionOptions;
}[] = [
  { size: [6, 6], kernel: [4, 4], options: { stride: 2, padding: 1 } },
  { size: [6, 4], kernel: [4, 2], options: { stride: 2, padding: [2, 1, 0, 1] } },
  { size: [7, 6], kernel: [3, 3], options: { stride: 2, padding: 1 } },
  { size: [6, 5], kernel: [3, 3], options: { padding: 1 } },
  { size: [6, 6], kernel: [5, 5], options: { stride: 3, padding: 2 } },
  { size: [6, 6], kernel: [6, 3], options: { stride: 3, padding: [3, 0, 1, 0] } },
  { size: [4, 4], kernel: [2, 2], options: { stride: 2 } },
  { size: [4, 5], kernel: [1, 1], options: {} },
  { size: [4, 6], kernel: [1, 2], options: { stride: [2, 3] } },
  { size: [7, 7], kernel: [3, 2], options: { dilation: [2, 3] } },
  { size: [5, 4], kernel: [5, 4], options: {} },
  { size: [2, 2], kernel: [4, 4], options: { stride: 2, padding: [1, 2, 2, 1] } },
];

for (const channels of [1, 3, 8])
  for (const images of [2, t.batch])
    test(`convolutions of ${channels} channels with ${images} images agree with evaluate(), and so do their gradients`, async () => {
      const results: Record<string, t.Tensor> = {};
      const feeds: Record<string, ReturnType<typeof varied>> = {};
      for (const [i, { size, kernel, options }] of geometries.entries()) {
        const name = `${size.join('x')} by ${kernel.join('x')} ${JSON.stringify(options)}`;
        const [x, w] = [t.input(`x${i}`, [images, ...size, channels]), t.input(`w${i}`, [...kernel, channels, 2])];
        feeds[`x${i}`] = varied([2, ...size, channels]);
        feeds[`w${i}`] = varied([...kernel, channels, 2]);
        const y = t.conv2d(x, w, options);
        const back = t.conv2dTranspose(t.tanh(y), w, { ...options, outputSize: size });
        const [dx, dw] = t.gradients(t.sum(t.multiply(t.square(y), t.sum(back))), [x, w]);
        Object.assign(results, {
          [`${name}: conv2d`]: y,
          [`${name}: conv2dTranspose`]: back,
          [`${name}: image gradient`]: dx,
          [`${name}: filter gradient`]: dw,
        });
      }
      const values = await runProgram(runtime, results, feeds);
      const references = t.evaluate(Object.values(results), feeds);
      const problems = Object.keys(results).flatMap((name, i) => [
        ...(String(values[name]?.shape) === String(references[i]?.shape)
          ? []
          : [`${name}: shape ${values[name]?.shape}`]),
        // Sums of at most 5 * 5 * 8 products, twice over.
        ...difference(name, values[name]?.data, references[i]?.data, 1e-5),
      ]);
      assert.deepEqual(problems, []);
    });

test('pooling of large images does not exhaust the stack while index lists are made', () => {
  const x = t.input('x', [1, 512, 512, 1]);
  const [dx] = t.gradients(t.sum(t.square(t.maxPool(x, 2))), [x]);
  assert.ok(t.lowerProgram({ name: 'large', results: { dx: dx ?? x } }).model.length > 0);
});
