import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fromArrays } from '../../data/index.js';
import { openRuntime } from '../../runtime/node/open.js';
import { random } from '../../runtime/random.js';
import { orthonormalise } from './orthonormal.js';
import { randomisedSpectrum } from './randomised-spectrum.js';
import { summarizeScatter } from './scatter.js';
import { spectrumOfFewRows, spectrumOfScatter } from './spectrum.js';
import { largestEigenpairs } from './symmetric-eigen.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

/** A matrix with these eigenvalues and random eigenvectors. */
function matrixOf(spectrum: readonly number[]): { matrix: Float64Array; vectors: Float64Array } {
  const size = spectrum.length;
  const vectors = Float64Array.from(random(1).normal(size * size));
  orthonormalise(vectors, size, size, random(2));
  const matrix = new Float64Array(size * size);
  for (let k = 0; k < size; k++)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        matrix[i * size + j] = matrix[i * size + j]! + spectrum[k]! * vectors[k * size + i]! * vectors[k * size + j]!;
  return { matrix, vectors };
}

const spectra: Readonly<Record<string, readonly number[]>> = {
  'a slow decay': Array.from({ length: 220 }, (_, i) => 1 / (i + 1)),
  'a fast decay': Array.from({ length: 220 }, (_, i) => 0.7 ** i),
  'equal eigenvalues': Array.from({ length: 220 }, (_, i) => (i < 8 ? 5 : i < 30 ? 2 : 0.1)),
  'few dimensions': Array.from({ length: 220 }, (_, i) => (i < 6 ? 6 - i : 0)),
  'no gap at all': new Array(220).fill(3),
  'a giant': Array.from({ length: 220 }, (_, i) => (i === 0 ? 1e12 : 1 / (i + 1))),
};

for (const [name, spectrum] of Object.entries(spectra))
  for (const count of [3, 12])
    test(`the ${count} largest eigenpairs of a large matrix: ${name}`, async () => {
      const size = spectrum.length;
      const { matrix } = matrixOf(spectrum);
      const { values, vectors } = await largestEigenpairs(runtime, matrix, size, count);
      // The matrix itself is only known to 1e-16 of its largest eigenvalue, for each of its entries.
      const tolerance = 1e-9;
      for (const [i, value] of values.entries()) {
        assert.ok(Math.abs(value - spectrum[i]!) <= 1e-10 * spectrum[i]! + 1e-14 * spectrum[0]!, `${i}: ${value}`);
        const vector = vectors.subarray(i * size, (i + 1) * size);
        for (let j = 0; j <= i; j++) {
          let overlap = 0;
          for (let k = 0; k < size; k++) overlap += vector[k]! * vectors[j * size + k]!;
          assert.ok(Math.abs(overlap - Number(i === j)) < tolerance);
        }
        let residual = 0;
        for (let row = 0; row < size; row++) {
          let product = 0;
          for (let k = 0; k < size; k++) product += matrix[row * size + k]! * vector[k]!;
          residual += (product - value * vector[row]!) ** 2;
        }
        assert.ok(
          Math.sqrt(residual) <= tolerance * spectrum[i]! + 1e-13 * spectrum[0]!,
          `residual ${Math.sqrt(residual)}`,
        );
      }
    });

test('orthonormal rows, where some depend on others', () => {
  const rows = Float64Array.of(1, 0, 0, 2, 0, 0, 0, 0, 0);
  orthonormalise(rows, 3, 3, random(0));
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const overlap = [0, 1, 2].reduce((sum, k) => sum + rows[i * 3 + k]! * rows[j * 3 + k]!, 0);
      assert.ok(Math.abs(overlap - Number(i === j)) < 1e-14);
    }
});

const columns = 40;
const x = Float32Array.from(random(3).normal(300 * columns), (value, i) => value * 0.8 ** (i % columns) + 5);
const data = fromArrays({ x, shape: [columns] });

test('the randomised solver finds the components of the exact one, streamed or held', async () => {
  const exact = await spectrumOfScatter(runtime, await summarizeScatter(runtime, data), 5);
  const found = await randomisedSpectrum(runtime, data, {
    components: 5,
    oversamples: 10,
    powerIterations: 7,
    seed: 1,
  });
  // The error of a subspace iteration shrinks as the ratio of the last kept and the first omitted variance: 0.64^(10 * 2 * 7).
  for (const [i, value] of exact.variances.entries()) assert.ok(Math.abs(found.variances[i]! / value - 1) < 1e-10);
  for (const [i, value] of exact.components.entries()) assert.ok(Math.abs(found.components[i]! - value) < 1e-6);
  assert.ok(Math.abs(found.totalVariance / exact.totalVariance - 1) < 1e-12);
  const other = await randomisedSpectrum(runtime, data, { components: 5, oversamples: 0, powerIterations: 0, seed: 1 });
  assert.ok(other.variances[0]! < 0.99 * exact.variances[0]!, 'without iterations it is only a projection');
});

test('inner products of few rows give the components of the covariance', async () => {
  const few = fromArrays({ x: x.slice(0, 12 * columns), shape: [columns] });
  const exact = await spectrumOfScatter(runtime, await summarizeScatter(runtime, few), 11);
  // The twelfth direction has no variance left: any orthogonal one will do.
  const found = await spectrumOfFewRows(runtime, few, 12);
  assert.ok(found.variances[11]! < 1e-12);
  for (const [i, value] of exact.variances.entries()) assert.ok(Math.abs(found.variances[i]! / value - 1) < 1e-9);
  for (const [i, value] of exact.components.entries()) assert.ok(Math.abs(found.components[i]! - value) < 1e-6);
  for (let i = 0; i < 12; i++) {
    let overlap = 0;
    for (let k = 0; k < columns; k++)
      overlap += found.components[11 * columns + k]! * found.components[i * columns + k]!;
    assert.ok(Math.abs(overlap - Number(i === 11)) < 1e-12);
  }
});
