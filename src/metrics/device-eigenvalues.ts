// All eigenvalues of a large symmetric matrix, in float64, with the device's matrix products: the matrix is reduced to a band, panel by panel,
// and the band to a tridiagonal matrix (Bischof, Lang and Sun 2000, A framework for symmetric band reduction). With the vectors V of a panel's
// reflections and the triangle T of their product 1 - V T V' (Schreiber and Van Loan 1989), both sides of what follows the panel become
//
//   A <- A - V W' - W V',   W = Y - V T'(V'Y) / 2,   Y = A V T
//
// which is nearly all the work, and products of matrices.
import { type Panel, reflectPanel } from '../core/householder-panel.js';
import { type SymmetricBand, symmetricBand, tridiagonalOfBand } from '../core/symmetric-band.js';
import { checkSquare, eigenvaluesInTurns, largestEntry } from '../core/symmetric-eigenvalues.js';
import { tridiagonalEigenvalues } from '../core/tridiagonal-eigenvalues.js';
import type { CompiledProgram, Runtime } from '../runtime/runtime.js';
import { concat, input, lowerProgram, matmul, multiply, SymbolicDim, subtract } from '../tensor/index.js';
import type { MetricOptions } from './metric.js';
import { inTurns, pace, stage } from './pace.js';
import { float64Of } from './row-products.js';

/** Columns of a panel: with fewer the device is asked more often, with more the band takes longer. */
const width = 16;
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
  const band = await reduceToBand(runtime, filledUp(matrix, size, unit), stage(options, 0, 0.5));
  const { diagonal, beside } = await inTurns(tridiagonalOfBand(band), pace(stage(options, 0.5, 1)));
  // What fills up the last panel touches nothing else.
  const values = tridiagonalEigenvalues({ diagonal: diagonal.slice(0, size), beside: beside.slice(0, size) });
  return values
    .map((value) => value * unit)
    .sort()
    .reverse();
}

/** A square matrix. */
interface Square {
  readonly data: Float64Array;
  readonly size: number;
}

/** A copy in units of `unit`, with rows and columns of 0 up to whole panels. */
function filledUp(matrix: Float64Array, size: number, unit: number): Square {
  const whole = Math.ceil(size / width) * width;
  const data = new Float64Array(whole * whole);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) data[i * whole + j] = matrix[i * size + j]! / unit;
  return { data, size: whole };
}

/** The band matrix with the same eigenvalues. `matrix` is overwritten. */
async function reduceToBand(
  runtime: Runtime,
  matrix: Square,
  options: Pick<MetricOptions, 'signal' | 'onProgress'>,
): Promise<SymmetricBand> {
  const { size } = matrix;
  const band = symmetricBand(size, width);
  const done = pace(options);
  const program = await runtime.compile(bothSides());
  try {
    let left = matrix;
    for (let first = 0; ; first += width) {
      keepBlock(band, first, left);
      if (left.size === width) return band;
      const panel = reflectPanel(columnsBelow(left), left.size - width, width);
      keepRest(band, first, panel);
      left = await reflected(program, afterPanel(left), panel);
      await done(1 - (1 - first / size) ** 2);
    }
  } finally {
    await program.dispose();
  }
}

/** The program that takes A, V' and T to (1 - V T V')' A (1 - V T V'). */
function bothSides() {
  const rows = new SymbolicDim('rows');
  const a = input('a', [rows, rows], 'float64');
  const v = input('v', [width, rows], 'float64');
  const t = input('t', [width, width], 'float64');
  const y = matmul(matmul(t, v, { transposeA: true }), a);
  const inner = matmul(t, matmul(v, y, { transposeB: true }), { transposeA: true });
  const w = subtract(y, multiply(matmul(inner, v), 0.5));
  const next = subtract(a, matmul(concat([v, w], 0), concat([w, v], 0), { transposeA: true }));
  return lowerProgram({ name: 'reflect-both-sides', results: { next } });
}

async function reflected(
  program: CompiledProgram,
  { data, size }: Square,
  { vectors, triangle }: Panel,
): Promise<Square> {
  const v = { dtype: 'float64', shape: [width, size], data: vectors } as const;
  const t = { dtype: 'float64', shape: [width, width], data: triangle } as const;
  const { next } = await program.runOnce({ a: { dtype: 'float64', shape: [size, size], data }, v, t });
  return { data: float64Of(next), size };
}

/** The columns of the first panel below its diagonal block, column by column. */
function columnsBelow({ data, size }: Square): Float64Array {
  const rows = size - width;
  const columns = new Float64Array(width * rows);
  for (let i = 0; i < rows; i++) for (let k = 0; k < width; k++) columns[k * rows + i] = data[(width + i) * size + k]!;
  return columns;
}

/** What is right of and below the first panel, moved together in the same memory. */
function afterPanel({ data, size }: Square): Square {
  const rest = size - width;
  for (let i = 0; i < rest; i++) {
    const from = (width + i) * size + width;
    data.copyWithin(i * rest, from, from + rest);
  }
  return { data: data.subarray(0, rest * rest), size: rest };
}

/** The diagonal block of the panel that begins at `first`. */
function keepBlock({ data, stride }: SymmetricBand, first: number, left: Square): void {
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) data[(first + i + 1) * stride + first + j] = left.data[i * left.size + j]!;
}

/** R of the panel that begins at `first`, below its diagonal block. */
function keepRest({ data, stride }: SymmetricBand, first: number, { rest }: Panel): void {
  for (let i = 0; i < width; i++)
    for (let j = i; j < width; j++) data[(first + width + i + 1) * stride + first + j] = rest[i * width + j]!;
}
