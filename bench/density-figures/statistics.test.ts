// The correction by a quantity that is known for all rows: the same mean, far less spread.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../src/runtime/random.js';
import { corrected, estimateOf } from './statistics.js';

test('a mean and its standard error', () => {
  const { value, standardError } = estimateOf(Float64Array.of(1, 2, 3, 4));
  assert.equal(value, 2.5);
  // Sample variance 5/3, of the mean of four 5/12.
  assert.ok(Math.abs(standardError - Math.sqrt(5 / 12)) < 1e-12);
});

test('a constant gap is found exactly from any rows', () => {
  const similar = Float64Array.from(random(1).normal(1000));
  const drawn = [3, 500, 7];
  const some = Float64Array.from(drawn, (row) => (similar[row] ?? 0) - 5);
  assert.ok(Math.abs(corrected(some, similar, drawn).value - (estimateOf(similar).value - 5)) < 1e-12);
});

test('the standard error is that of all rows and of the gap together', () => {
  const rows = 4000;
  const similar = Float64Array.from(random(2).normal(rows), (z) => 100 + 20 * z);
  const gaps = random(3).normal(rows);
  const drawn = Uint32Array.from({ length: 400 }, (_, i) => 10 * i);
  const some = Float64Array.from(drawn, (row) => (similar[row] ?? 0) - 3 + (gaps[row] ?? 0));
  const { value, standardError } = corrected(some, similar, drawn);
  // 20 / sqrt(4000) = 0.316 and 1 / sqrt(400) = 0.05: 0.32 together, within a tenth of it.
  assert.ok(Math.abs(standardError - 0.32) < 0.032);
  assert.ok(Math.abs(value - (estimateOf(similar).value - 3)) < 4 * 0.05);
});
