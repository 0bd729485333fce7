// Whether a device multiplies bytes by signed bytes without rounding: then products of bytes take half the time (byte-product.ts).
import type { Runtime } from '../runtime/runtime.js';
import { byteProduct } from '../tensor/operators/byte-product.js';
import { input } from '../tensor/operators/source.js';
import { lowerProgram } from '../tensor/program.js';

/** Rows, inner length and columns: enough for the kernel that large products take. */
const size = 64;

/** Tries it on the largest and smallest bytes there are, in long runs: whoever adds products up in 16 bits gets these wrong. */
export async function multipliesSignedBytes(runtime: Runtime): Promise<boolean> {
  const product = byteProduct(input('a', [size, size], 'uint8'), input('b', [size, size], 'uint8'), { signed: true });
  const a = new Uint8Array(size * size).fill(255);
  // Columns of 255, of 0, and of both in turns.
  const b = Uint8Array.from(a, (_, i) => [255, 0, i % (2 * size) < size ? 255 : 0][i % 3] ?? 0);
  const value = (data: Uint8Array) => ({ dtype: 'uint8', shape: [size, size], data }) as const;
  const program = await runtime.compile(lowerProgram({ name: 'signed-bytes', results: { product } }));
  try {
    const found = (await program.run({ a: value(a), b: value(b) })).product?.data;
    return Array.from({ length: size }, (_, column) => column).every((column) => {
      let wanted = 0;
      for (let k = 0; k < size; k++) wanted += 255 * (b[k * size + column] ?? 0);
      return found?.[column] === wanted && found[(size - 1) * size + column] === wanted;
    });
  } finally {
    await program.dispose();
  }
}
