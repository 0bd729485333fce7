// The average against its closed form for weights that change by a jump.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { float32 } from '../runtime/runtime.js';
import { evaluate } from '../tensor/evaluate.js';
import { input } from '../tensor/operators/source.js';
import { ema } from './ema.js';
import { array } from './numeric.test.support.js';

const initial = { 'net/w': float32(Float32Array.of(1, 2), [2]) };
const parameter = input('net/w', [2]);

function averages(decay: number, steps: number, warmUp: boolean): number[] {
  const step = input('step', []);
  const options = { parameters: { 'net/w': parameter }, initial, decay, ...(warmUp ? { step } : {}) };
  const variable = ema(options)['ema/net/w']!;
  let value = array([2], Array.from(variable.initial.data, Number));
  for (let t = 1; t <= steps; t++) {
    const feeds = { 'ema/net/w': value, 'net/w': array([2], [5, -2]), step: array([], [t]) };
    value = evaluate([variable.next], feeds)[0]!;
  }
  return [...value.data];
}

test('starts at the initial weights and approaches the present ones: distance decay^t', () => {
  const [a, b] = averages(0.9, 20, false);
  assert.ok(Math.abs(a! - (5 + (1 - 5) * 0.9 ** 20)) < 1e-13);
  assert.ok(Math.abs(b! - (-2 + (2 + 2) * 0.9 ** 20)) < 1e-13);
});

test('with the step, the decay is at most (1 + t) / (10 + t)', () => {
  const [a] = averages(0.3, 4, true);
  // 2/11, 3/12, 4/13 -> 0.3, 5/14 -> 0.3
  assert.ok(Math.abs(a! - (5 - 4 * (2 / 11) * (3 / 12) * 0.3 * 0.3)) < 1e-13);
});

test('a parameter without an initial value is refused', () => {
  assert.throws(
    () => ema({ parameters: { other: parameter }, initial }),
    /ema: the parameter "other" has no initial value/,
  );
  assert.throws(() => ema({ parameters: { 'net/w': parameter }, initial, decay: 1 }), /ema: decay is 1/);
});
