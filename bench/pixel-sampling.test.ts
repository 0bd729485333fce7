import assert from 'node:assert/strict';
import { test } from 'node:test';
import { architectureOf } from '../src/models/autoregressive/pixelcnn/options.js';
import { pixelcnn } from '../src/models/autoregressive/pixelcnn.js';
import { samplingOperations } from './pixel-sampling.js';

test('computing what a new pixel changes takes at least 30 times fewer operations, and as many per image however many are drawn', () => {
  const { config, output } = pixelcnn({ output: 'binary' });
  const architecture = architectureOf(config, [28, 28, 1], []);
  const many = samplingOperations(architecture, output, 64);
  const one = samplingOperations(architecture, output, 1);
  assert.ok(many.naiveGigaflop / many.gigaflop > 30, `${many.naiveGigaflop} against ${many.gigaflop}`);
  assert.ok(Math.abs(many.gigaflop / one.gigaflop - 64) < 1e-9);
  assert.ok(Math.abs(many.naiveGigaflop / one.naiveGigaflop - 64) < 1e-9);
});

test('the operations of a small image are those counted by hand, naively once more for every pixel', () => {
  // A 2 x 2 image: one layer of 1 filter after the first, kernels of 3, 1 unit in the head.
  const { config, output } = pixelcnn({
    ...{ output: 'binary' as const, layers: 1, filters: 1, firstKernel: 3, kernel: 3, headSize: 1 },
  });
  const { gigaflop, naiveGigaflop } = samplingOperations(architectureOf(config, [2, 2, 1], []), output, 1);
  // Multiply-adds per pixel: first layer 1*3*2*2 above, 1*2*2 to the left, 2*2 link, 1 out; second 2*3*1*2, 2*1*2, 2*2, 1; head 1 + 1.
  const perPixel = 12 + 4 + 4 + 1 + 12 + 4 + 4 + 1 + 2;
  assert.equal(Math.round(gigaflop * 1e9), 2 * 4 * perPixel);
  assert.equal(Math.round(naiveGigaflop * 1e9), 4 * 2 * 4 * perPixel);
});
