// All eigenvalues of a large symmetric matrix, in float64: the device reduces the matrix to a band, the band is reduced to a tridiagonal matrix
// here (Bischof, Lang and Sun 2000, A framework for symmetric band reduction).
import { tridiagonalOfBand } from '../core/symmetric-band.js';
import { checkSquare, eigenvaluesInTurns, largestEntry } from '../core/symmetric-eigenvalues.js';
import { tridiagonalEigenvalues } from '../core/tridiagonal-eigenvalues.js';
import type { Runtime } from '../runtime/runtime.js';
import { panelColumns, reduceToBand } from './band-reduction.js';
import type { MetricOptions } from './metric.js';
import { inTurns, pace, stage } from './pace.js';

/** Rows from which on the device is worth asking. */
const leastSize = 256;

/**
 * The eigenvalues of a symmetric `matrix` [size, size], in descending order.
 *
 * @throws the signal's reason; ShapeError or VerisimError for what is no matrix of finite numbers of this size
 */
export async function eigenvaluesOn(
  runtime: Runtime,
  matrix: Float64Array,
  size: number,
  options: Pick<MetricOptions, 'signal' | 'onProgress'> = {},
): Promise<Float64Array> {
  if (size < leastSize) return inTurns(eigenvaluesInTurns(matrix, size), pace(options));
  checkSquare(matrix, size);
  const unit = largestEntry(matrix) || 1;
  const whole = Math.ceil(size / panelColumns) * panelColumns;
  const band = await reduceToBand(runtime, filledUp(matrix, size, whole, unit), whole, stage(options, 0, 0.5));
  const { diagonal, beside } = await inTurns(tridiagonalOfBand(band), pace(stage(options, 0.5, 1)));
  // What fills up the last panel touches nothing else.
  const values = tridiagonalEigenvalues({ diagonal: diagonal.slice(0, size), beside: beside.slice(0, size) });
  return values
    .map((value) => value * unit)
    .sort()
    .reverse();
}

/** A copy in units of `unit`, with rows and columns of 0 up to `whole` of them. */
function filledUp(matrix: Float64Array, size: number, whole: number, unit: number): Float64Array {
  const data = new Float64Array(whole * whole);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) data[i * whole + j] = matrix[i * size + j]! / unit;
  return data;
}
