import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { interpolateCodes } from './interpolate-codes.js';

test('a quarter circle is gone along in equal angles', () => {
  const { data, shape } = interpolateCodes(
    { data: Float32Array.of(1, 0), shape: [1, 2] },
    { data: Float32Array.of(0, 1), shape: [1, 2] },
    4,
  );
  assert.deepEqual(shape, [4, 2]);
  for (let step = 0; step < 4; step++) {
    const angle = (step * Math.PI) / 6;
    assert.ok(Math.abs((data[2 * step] ?? 9) - Math.cos(angle)) < 1e-6);
    assert.ok(Math.abs((data[2 * step + 1] ?? 9) - Math.sin(angle)) < 1e-6);
  }
});

test('where norms differ, directions still turn evenly, and norms change evenly', () => {
  const { data } = interpolateCodes(
    { data: Float32Array.of(1, 0), shape: [1, 2] },
    { data: Float32Array.of(0, 4), shape: [1, 2] },
    4,
  );
  for (let step = 0; step < 4; step++) {
    const [norm, angle] = [1 + step, (step * Math.PI) / 6];
    assert.ok(Math.abs((data[2 * step] ?? 9) - norm * Math.cos(angle)) < 1e-6);
    assert.ok(Math.abs((data[2 * step + 1] ?? 9) - norm * Math.sin(angle)) < 1e-6);
  }
});

test('ways begin and end at the codes, and keep to the shell where codes are drawn', () => {
  const [a, b] = [1, 2].map((seed) => ({ data: random(seed).normal(3 * 100), shape: [3, 100] }));
  assert.ok(a && b);
  const { data } = interpolateCodes(a, b, 5);
  const code = (from: Float32Array, row: number): Float32Array => from.subarray(row * 100, (row + 1) * 100);
  for (let way = 0; way < 3; way++) {
    for (const [end, step] of [
      [a, 0],
      [b, 4],
    ] as const)
      for (const [i, value] of code(data, 5 * way + step).entries())
        assert.ok(Math.abs(value - (code(end.data, way)[i] ?? 9)) < 1e-5);
    // Norms near 10; a straight line's middle would have about 7.
    const middle = Math.hypot(...code(data, 5 * way + 2));
    assert.ok(middle > 8.5 && middle < 11.5, `${middle}`);
  }
});

test('equal, opposite and zero codes give numbers', () => {
  const code = (...values: number[]) => ({ data: Float32Array.from(values), shape: [1, 2] });
  assert.deepEqual([...interpolateCodes(code(1, 2), code(1, 2), 3).data], [1, 2, 1, 2, 1, 2]);
  assert.deepEqual([...interpolateCodes(code(1, 2), code(-1, -2), 3).data], [1, 2, 0, 0, -1, -2]);
  assert.deepEqual([...interpolateCodes(code(0, 0), code(2, 2), 3).data], [0, 0, 1, 1, 2, 2]);
});

test('codes of different shapes and a single step are refused', () => {
  const a = { data: new Float32Array(4), shape: [2, 2] };
  assert.throws(() => interpolateCodes(a, { data: new Float32Array(2), shape: [1, 2] }, 3), ShapeError);
  for (const steps of [1, 0, 2.5]) assert.throws(() => interpolateCodes(a, a, steps), ConfigError);
});
