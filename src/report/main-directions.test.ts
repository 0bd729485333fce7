import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../runtime/random.js';
import { mainDirections } from './main-directions.js';

/** Rows (a, 1000 a + noise, b, 7): columns of any unit, of which the first two say the same. */
function rowsOf(count: number, seed: number): { data: Float32Array; shape: number[] } {
  const [a, b, noise] = ['a', 'b', 'noise'].map((name) => random(seed).split(name).normal(count));
  const at = (values: Float32Array | undefined, row: number): number => values?.[row] ?? 0;
  const data = Float32Array.from({ length: 4 * count }, (_, i) => {
    const row = Math.floor(i / 4);
    return [at(a, row), 1000 * at(a, row) + 100 * at(noise, row), at(b, row), 7][i % 4] ?? 0;
  });
  return { data, shape: [count, 4] };
}

test('the first direction is what columns have in common, the second what is left', () => {
  const real = rowsOf(2000, 1);
  const view = mainDirections(real);
  const { data, shape } = view?.(real) ?? { data: new Float32Array(), shape: [] };
  assert.deepEqual(shape, [2000, 2]);
  const correlation = (axis: number, column: number): number => {
    const [p, q] = [
      Array.from({ length: 2000 }, (_, row) => data[2 * row + axis] ?? 0),
      Array.from({ length: 2000 }, (_, row) => real.data[4 * row + column] ?? 0),
    ];
    const centred = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.map((value) => value - mean);
    };
    const product = (u: number[], v: number[]) => u.reduce((sum, value, i) => sum + value * (v[i] ?? 0), 0);
    const [u, v] = [centred(p), centred(q)];
    return product(u, v) / Math.sqrt(product(u, u) * product(v, v));
  };
  assert.ok(Math.abs(correlation(0, 0)) > 0.99 && Math.abs(correlation(0, 1)) > 0.99);
  assert.ok(Math.abs(correlation(1, 2)) > 0.99);
  // Others are seen from the same side.
  assert.deepEqual(view?.({ data: real.data.slice(0, 8), shape: [2, 4] }).data, data.slice(0, 4));
});

test('images, points, a single column that varies and very wide rows are not seen so', () => {
  const of = (shape: number[]) => mainDirections({ data: new Float32Array(shape.reduce((a, b) => a * b, 1)), shape });
  for (const shape of [
    [10, 4, 4, 1],
    [10, 2],
    [10, 300],
    [2, 5],
    [10, 5],
  ])
    assert.equal(of(shape), undefined);
});
