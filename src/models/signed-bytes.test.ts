import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRuntime } from '../runtime/node/open.js';
import { random } from '../runtime/random.js';
import { byteProduct, evaluate, input, lowerProgram } from '../tensor/index.js';
import { multipliesSignedBytes } from './signed-bytes.js';

const [inner, rows, columns] = [3000, 17, 23];
/** Mostly the largest and the smallest byte, which sums in 16 bits get wrong. */
const bytesOf = (label: string, count: number) =>
  Uint8Array.from(random(1).split(label).uniform(count), (u) => (u < 0.4 ? 255 : u < 0.6 ? 0 : u * 255));
const [a, b] = [bytesOf('a', inner * rows), bytesOf('b', inner * columns)];
const wanted = Float64Array.from({ length: rows * columns }, (_, at) => {
  const [i, j] = [Math.floor(at / columns), at % columns];
  let total = 0;
  for (let k = 0; k < inner; k++) total += (a[k * rows + i] ?? 0) * (b[k * columns + j] ?? 0);
  return total;
});

for (const device of ['cpu', 'wasm'] as const)
  test(`products of bytes are exact in the way that suits the ${device}`, async () => {
    const runtime = await openRuntime({ device, threads: 1 });
    try {
      const signed = await multipliesSignedBytes(runtime);
      const [x, y] = [input('x', [inner, rows], 'uint8'), input('y', [inner, columns], 'uint8')];
      const product = byteProduct(x, y, { transposeA: true, signed });
      const program = await runtime.compile(lowerProgram({ name: 'product', results: { product } }));
      const found = await program.run({
        x: { dtype: 'uint8', shape: [inner, rows], data: a },
        y: { dtype: 'uint8', shape: [inner, columns], data: b },
      });
      assert.deepEqual(found.product?.data, wanted);
      const values = {
        x: { shape: [inner, rows], data: Float64Array.from(a) },
        y: { shape: [inner, columns], data: Float64Array.from(b) },
      };
      assert.deepEqual(evaluate([product], values)[0]?.data, wanted);
    } finally {
      await runtime.dispose();
    }
  });
