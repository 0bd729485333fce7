// Instance noise: how its deviation falls, and that it is added as it comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assertGradients, assertNear, numbers } from '../../../nn/numeric.test.support.js';
import { square } from '../../../tensor/index.js';
import { sum } from '../../../tensor/operators/reduce.js';
import { input } from '../../../tensor/operators/source.js';
import { instanceNoise, instanceNoiseDeviation } from './instance-noise.js';

const options = { deviation: 0.2, decaySteps: 100 };
const step = input('step', []);

test('the deviation falls on a line to 0 and stays there', () => {
  const deviation = instanceNoiseDeviation(step, options);
  const at = [0, 25, 100, 1000].flatMap((steps) => numbers(deviation, { step: array([], [steps]) }));
  assertNear(at, [0.2, 0.15, 0, 0], 1e-12);
});

test('rows get the noise times the deviation, and gradients pass', () => {
  const x = input('x', [2, 2]);
  const noisy = instanceNoise(x, input('noise', [2, 2]), step, options);
  const feeds = {
    x: array([2, 2], [1, 2, 3, 4]),
    noise: array([2, 2], [1, -1, 0.5, 2]),
    step: array([], [50]),
  };
  assertNear(numbers(noisy, feeds), [1.1, 1.9, 3.05, 4.2], 1e-12);
  assertGradients(sum(square(noisy)), [x], feeds);
});

test('numbers out of range are refused', () => {
  assert.throws(() => instanceNoiseDeviation(step, { deviation: -1, decaySteps: 1 }), /deviation is -1/);
  assert.throws(() => instanceNoiseDeviation(step, { deviation: 1, decaySteps: 0.5 }), /decaySteps is 0.5/);
});
