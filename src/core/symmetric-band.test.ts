import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reflectPanel } from './householder-panel.js';
import { symmetricBand, tridiagonalOfBand } from './symmetric-band.js';
import { symmetricEigenvalues } from './symmetric-eigenvalues.js';
import { tridiagonalEigenvalues } from './tridiagonal-eigenvalues.js';

/** Numbers in [-1, 1) without any pattern that matters here. */
const number = (i: number) => ((i * 7919 + 13) % 1009) / 504.5 - 1;

for (const [size, width] of [
  [2, 1],
  [7, 2],
  [20, 3],
  [23, 8],
  [6, 6],
] as const)
  test(`a band of ${width} in ${size} rows keeps its eigenvalues`, () => {
    const band = symmetricBand(size, width);
    const dense = new Float64Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = Math.max(0, i - width); j <= i; j++) {
        const value = number(i * size + j);
        band.data[i * band.stride + band.stride + j] = value;
        dense[i * size + j] = value;
      }
    const work = tridiagonalOfBand(band);
    let step = work.next();
    while (step.done !== true) step = work.next();
    const found = tridiagonalEigenvalues(step.value).sort().reverse();
    const expected = symmetricEigenvalues(dense, size);
    for (const [i, value] of expected.entries())
      assert.ok(Math.abs(found[i]! - value) < 1e-13, `${found[i]}, ${value}`);
  });

test("a panel is (1 - V T V') R", () => {
  const [rows, count] = [9, 4];
  // The third column depends on the others, the last is 0 below its first number.
  const columns = Float64Array.from({ length: rows * count }, (_, i) => (i > 3 * rows ? 0 : number(i)));
  for (let i = 0; i < rows; i++) columns[2 * rows + i] = columns[i]! - 2 * columns[rows + i]!;
  const { vectors, triangle, rest } = reflectPanel(columns.slice(), rows, count);
  for (let column = 0; column < count; column++) {
    const product = Float64Array.from({ length: rows }, (_, i) => (i < count ? rest[i * count + column]! : 0));
    const overlaps = Array.from({ length: count }, (_, k) =>
      product.reduce((sum, value, i) => sum + value * vectors[k * rows + i]!, 0),
    );
    for (let k = 0; k < count; k++) {
      const weight = overlaps.reduce((sum, value, j) => sum + triangle[k * count + j]! * value, 0);
      for (let i = 0; i < rows; i++) product[i] = product[i]! - weight * vectors[k * rows + i]!;
    }
    for (let i = 0; i < rows; i++) assert.ok(Math.abs(product[i]! - columns[column * rows + i]!) < 1e-14);
  }
});

test('small eigenvalues keep their digits where entries fall by orders of magnitude, either way', () => {
  // D C D with d_i = 10^-i and C of 1, and 1/2 off its diagonal: mpmath.eigsy with 60 digits gives the smallest one.
  const size = 8;
  const scales = Array.from({ length: size }, (_, i) => 10 ** -i);
  const matrix = Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return (i === j ? 1 : 0.5) * scales[i]! * scales[j]!;
  });
  const expected = 5.624103646762648e-15;
  for (const entries of [matrix, matrix.slice().reverse()]) {
    const found = symmetricEigenvalues(entries, size).at(-1)!;
    assert.ok(Math.abs(found / expected - 1) < 1e-12, `${found}`);
  }
});
