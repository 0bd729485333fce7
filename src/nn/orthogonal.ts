// Random orthonormal vectors: normal numbers made orthogonal by Gram and Schmidt's process in float64. Each vector is projected
// twice, which keeps the result orthogonal to machine precision ("twice is enough", Giraud et al. 2005). The process has a
// positive diagonal in its triangular factor, so the result is uniform over all orthonormal systems (Mezzadri 2007).
import type { Random } from '../runtime/random.js';

/** `count` orthonormal vectors of `length` numbers, count <= length. */
export function orthogonalColumns(stream: Random, length: number, count: number): Float64Array[] {
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from(stream.normal(length));
    for (let pass = 0; pass < 2; pass++)
      for (const other of vectors) addScaled(vector, other, -innerProduct(vector, other));
    const norm = Math.sqrt(innerProduct(vector, vector));
    // A vector within rounding of the others' span is drawn anew.
    if (norm > 1e-6) vectors.push(vector.map((value) => value / norm));
  }
  return vectors;
}

function innerProduct(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

function addScaled(target: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (other[i] ?? 0);
}
