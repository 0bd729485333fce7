import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../tensor/gradient.js';
import { square } from '../../tensor/index.js';
import { sum } from '../../tensor/operators/reduce.js';
import { input } from '../../tensor/operators/source.js';
import { array, assertGradients, assertNear, numbers } from '../numeric.test.support.js';
import { adam } from './adam.js';
import { rmsProp } from './rms-prop.js';
import { differentiableRoot } from './root.js';

const x = input('x', [3]);

test('it is the square root, and has its derivative', () => {
  const feeds = { x: array([3], [0.25, 4, 1e-8]) };
  assertNear(numbers(differentiableRoot(x), feeds), [0.5, 2, 1e-4], 1e-15);
  assertGradients(sum(differentiableRoot(x)), [x], { x: array([3], [0.25, 4, 9]) });
});

test('the root of a square has a derivative of 0 at 0, where that of the plain one is no number', () => {
  const [slope = x] = gradients(sum(differentiableRoot(square(x))), [x]);
  assert.deepEqual(numbers(slope, { x: array([3], [0, 2, -2]) }), [0, 1, -1]);
});

for (const optimiser of [adam({ learningRate: 0.1 }), rmsProp({ learningRate: 0.1 })])
  test(`a step of ${optimiser.kind} can be differentiated where there has been no gradient yet`, () => {
    const gradient = input('gradient', [3]);
    const step = input('step', []);
    const { next } = optimiser.update({ prefix: 'o', parameters: { x }, gradients: { x: gradient }, step });
    const zeros = array([3], [0, 0, 0]);
    const state = { 'o/x/firstMoment': zeros, 'o/x/secondMoment': zeros, 'o/x/squares': zeros };
    const feeds = { x: array([3], [1, 1, 1]), gradient: array([3], [0, 1e-3, -2]), step: array([], [1]), ...state };
    const [slope = x] = gradients(sum(next.x ?? x), [gradient]);
    assert.ok(numbers(slope, feeds).every(Number.isFinite));
  });
