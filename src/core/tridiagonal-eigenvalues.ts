// All eigenvalues of a symmetric tridiagonal matrix: QL steps with implicit shifts by Wilkinson (Golub and Van Loan, Matrix Computations,
// section 8.3.5), from the end where it is smaller: where entries fall by orders of magnitude from one end to the other, that keeps the digits
// of small eigenvalues (Parlett, The Symmetric Eigenvalue Problem, section 8.13).
import { VerisimError } from './errors.js';

/** QL steps for one eigenvalue; two or three are usual. */
const maxSteps = 60;

/** What counts as 0 beside the largest entry: squares of more than that do not vanish. */
const vanishing = 2 ** -500;

/** A symmetric tridiagonal matrix: its diagonal, and what stands beside it: beside[i] joins i and i + 1. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
}

/** The eigenvalues, in no order; both arrays are overwritten. @throws VerisimError where they do not converge */
export function tridiagonalEigenvalues({ diagonal: d, beside: e }: Tridiagonal): Float64Array {
  const size = d.length;
  if (size > 0 && Math.abs(d[0]!) > Math.abs(d[size - 1]!)) {
    d.reverse();
    e.subarray(0, size - 1).reverse();
  }
  const largest = [d, e].reduce((most, part) => part.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
  const least = vanishing * largest;
  for (let first = 0; first < size; first++)
    for (let step = 0; ; step++) {
      let last = first;
      while (
        last < size - 1 &&
        Math.abs(e[last]!) > Math.max(least, Number.EPSILON * (Math.abs(d[last]!) + Math.abs(d[last + 1]!)))
      )
        last++;
      if (last === first) break;
      if (step === maxSteps)
        throw new VerisimError(`Eigenvalue ${first} of ${size} did not converge in ${maxSteps} steps.`);
      implicitStep(d, e, first, last);
    }
  return d;
}
/** One QL step on the unreduced block from `first` to `last`. */
function implicitStep(d: Float64Array, e: Float64Array, first: number, last: number): void {
  // Wilkinson's shift: the eigenvalue of the block's first two rows that is nearer to the first of them.
  let g = (d[first + 1]! - d[first]!) / (2 * e[first]!);
  let r = Math.hypot(g, 1);
  g = d[last]! - d[first]! + e[first]! / (g + (g < 0 ? -r : r));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    r = Math.sqrt(f * f + g * g);
    if (i < last - 1 || r === 0) e[i + 1] = r;
    if (r === 0) {
      // The block falls apart here.
      d[i + 1] = d[i + 1]! - shift;
      e[last] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = d[i + 1]! - shift;
    r = (d[i]! - g) * sine + 2 * cosine * b;
    shift = sine * r;
    d[i + 1] = g + shift;
    g = cosine * r - b;
  }
  d[first] = d[first]! - shift;
  e[first] = g;
  e[last] = 0;
}
