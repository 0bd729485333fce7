// A code for every row of a data set: which row a batch holds is told by labels that are the rows' numbers.
import type { Dataset } from '../../data/dataset.js';
import { random } from '../../runtime/random.js';
import { divide, maximum, sqrt, square, sum } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The same rows, labelled by their numbers. */
export function numbered(data: Dataset): Dataset {
  const { name, exampleShape, length, source } = data;
  return {
    name,
    exampleShape,
    length,
    source,
    async gather(indices) {
      const { x } = await data.gather(indices);
      return { x, labels: Int32Array.from(indices) };
    },
  };
}

/** Codes from N(0, I), [count, size]; on the unit sphere where they are to be learnt inside it. */
export function firstCodes(seed: number, count: number, size: number, onSphere: boolean): Float32Array<ArrayBuffer> {
  const codes = random(seed)
    .split('row codes')
    .normal(count * size);
  if (onSphere)
    for (let row = 0; row < count; row++) {
      const code = codes.subarray(row * size, (row + 1) * size);
      const norm = Math.sqrt(code.reduce((sum, value) => sum + value ** 2, 0)) || 1;
      for (let i = 0; i < size; i++) code[i] = (code[i] ?? 0) / norm;
    }
  return codes;
}

/** The nearest codes in the unit ball: z / max(1, |z|) of codes [N, size]. */
export function inUnitBall(z: Tensor): Tensor {
  // Kept off 0, where the root has no slope.
  const squares = maximum(sum(square(z), { axes: [1], keepAxes: true }), 1e-12);
  return divide(z, maximum(sqrt(squares), 1));
}

/** The same of numbers, in place: each code scaled by `scale`, then projected. */
export function projected(codes: Float32Array, size: number, scale: number): Float32Array {
  for (let first = 0; first < codes.length; first += size) {
    const code = codes.subarray(first, first + size);
    const norm = Math.sqrt(code.reduce((sum, value) => sum + (scale * value) ** 2, 0));
    for (let i = 0; i < size; i++) code[i] = ((code[i] ?? 0) * scale) / Math.max(norm, 1);
  }
  return codes;
}
