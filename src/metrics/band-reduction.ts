// A symmetric matrix reduced to a band with the same eigenvalues, panel by panel (Bischof, Lang and Sun 2000, A framework for symmetric band
// reduction). With the vectors V of a panel's reflections and the triangle T of their product 1 - V T V' (Schreiber and Van Loan 1989), both
// sides of what follows the panel become
//
//   A <- A - V W' - W V',   W = Y - V T'(V'Y) / 2,   Y = A V T
//
// which is nearly all the work, and products of matrices. For some panels in a row the device holds A as it was, and what V and W of the panels
// since then take off it is taken off its products (Dongarra, Hammarling and Sorensen 1989, Block reduction of matrices to condensed forms):
// so only one panel at a time has to come and go.
import { free } from '../core/free.js';
import { type Panel, reflectPanel } from '../core/householder-panel.js';
import { type SymmetricBand, symmetricBand } from '../core/symmetric-band.js';
import type { CompiledProgram, Runtime, Value } from '../runtime/runtime.js';
import {
  add,
  concat,
  gather,
  input,
  type LoweredProgram,
  lowerProgram,
  matmul,
  multiply,
  SymbolicDim,
  subtract,
  type Tensor,
  transpose,
} from '../tensor/index.js';
import type { MetricOptions } from './metric.js';
import { pace } from './pace.js';
import { float64Matrix, float64Of } from './row-products.js';

/** Columns of a panel: with fewer the device is asked more often, with more the band takes longer. */
export const panelColumns = 16;
/** Panels for which the device holds A as it was. */
const groupPanels = 8;
/** Their columns. */
const groupColumns = groupPanels * panelColumns;

/** The band matrix with the same eigenvalues. `matrix` [size, size], of whole panels, is handed over. @throws the signal's reason */
export async function reduceToBand(
  runtime: Runtime,
  matrix: Float64Array,
  size: number,
  options: Pick<MetricOptions, 'signal' | 'onProgress'>,
): Promise<SymmetricBand> {
  const band = symmetricBand(size, panelColumns);
  const done = pace(options);
  const programs = { panel: await runtime.compile(panelProgram()), matrix: await runtime.compile(matrixProgram()) };
  try {
    let left = matrix;
    for (let first = 0; first < size; first += groupColumns) {
      left = await reduceGroup(runtime, programs, band, first, left);
      await done(1 - (1 - Math.min(1, (first + groupColumns) / size)) ** 2);
    }
    return band;
  } finally {
    await programs.panel.dispose();
    await programs.matrix.dispose();
  }
}

interface Programs {
  readonly panel: CompiledProgram;
  readonly matrix: CompiledProgram;
}

/** Reduces a group of panels of what is left from `first` on, and gives what is left after them. */
async function reduceGroup(
  runtime: Runtime,
  programs: Programs,
  band: SymmetricBand,
  first: number,
  left: Float64Array,
): Promise<Float64Array> {
  const size = band.size - first;
  // The matrix is symmetric: its first rows are its first columns.
  let columns: Float64Array = left.slice(0, panelColumns * size);
  // V' and W' of the panels before, one below the other under a panel of zeros.
  let vs: Float64Array = new Float64Array(groupColumns * size);
  let ws: Float64Array = new Float64Array(groupColumns * size);
  const held = await runtime.hold({ a: float64Matrix(left, size) });
  try {
    for (let start = 0; ; start += panelColumns) {
      keepBlock(band, first + start, columns, start);
      const end = start + panelColumns;
      if (end === size) return new Float64Array();
      const panel = reflectPanel(rowsBelow(columns, end, size), size - end, panelColumns);
      keepRest(band, first + start, panel);
      const lent = {
        v: float64Matrix(atTheEnd(panel.vectors, size), size),
        vs: float64Matrix(vs.subarray(0, end * size), size),
        ws: float64Matrix(ws.subarray(0, end * size), size),
      };
      const t = float64Matrix(panel.triangle, panelColumns);
      if (end === groupColumns) {
        const { rest } = await programs.matrix.runOnce({ ...lent, t }, held);
        return corner(float64Of(rest), size, end);
      }
      const following = BigInt64Array.from({ length: panelColumns }, (_, k) => BigInt(end + k));
      const next = { dtype: 'int64', shape: [panelColumns], data: following } as const;
      const { results, lent: back } = await programs.panel.runLent(lent, held, { t, next });
      const [v, w] = [float64Of(back.v), float64Of(results.w)];
      [vs, ws] = [wholeOf(back.vs), wholeOf(back.ws)];
      vs.set(v, end * size);
      ws.set(w, end * size);
      free(columns, v, w);
      columns = float64Of(results.columns);
    }
  } finally {
    await held.dispose();
  }
}

/** What both programs are fed: A as it was, V' and T of the panel, V' and W' of those before it. */
function panelInputs() {
  const [rows, past] = [new SymbolicDim('rows'), new SymbolicDim('past')];
  return {
    a: input('a', [rows, rows], 'float64'),
    v: input('v', [panelColumns, rows], 'float64'),
    t: input('t', [panelColumns, panelColumns], 'float64'),
    vs: input('vs', [past, rows], 'float64'),
    ws: input('ws', [past, rows], 'float64'),
  };
}

/** W' of a panel. What it has above the panel's reflections is never used. */
function panelW({ a, v, t, vs, ws }: ReturnType<typeof panelInputs>): Tensor {
  const vt = matmul(v, t, { transposeA: true });
  // Past panels' products come from the right: few columns times rows that lie as they are read.
  const taken = add(matmul(vs, matmul(ws, vt), { transposeA: true }), matmul(ws, matmul(vs, vt), { transposeA: true }));
  const y = subtract(matmul(a, vt), taken);
  const inner = matmul(t, matmul(v, y), { transposeA: true });
  return transpose(subtract(y, multiply(matmul(v, inner, { transposeA: true }), 0.5)));
}

/** The program that finds W' of a panel, and the columns of the next one. */
function panelProgram(): LoweredProgram {
  const inputs = panelInputs();
  const { a, v, vs, ws } = inputs;
  const w = panelW(inputs);
  const next = input('next', [panelColumns], 'int64');
  const taken = [
    [vs, ws],
    [ws, vs],
    [v, w],
    [w, v],
  ] as const;
  const columns = taken.reduce(
    (result, [left, right]) => subtract(result, matmul(gather(left, next, 1), right, { transposeA: true })),
    gather(a, next),
  );
  return lowerProgram({ name: 'reflect-panel', results: { w, columns } });
}

/** The program that takes off A all that a group of panels takes off it. */
function matrixProgram(): LoweredProgram {
  const inputs = panelInputs();
  const { a, v, vs, ws } = inputs;
  const w = panelW(inputs);
  const past = subtract(subtract(a, matmul(vs, ws, { transposeA: true })), matmul(ws, vs, { transposeA: true }));
  const rest = subtract(past, matmul(concat([v, w], 0), concat([w, v], 0), { transposeA: true }));
  return lowerProgram({ name: 'reflect-matrix', results: { rest } });
}

/** All of the memory that was lent a part of. */
function wholeOf(value: Value | undefined): Float64Array {
  return new Float64Array(float64Of(value).buffer);
}

/** What each row of `size` numbers has from `start` on. */
function rowsBelow(values: Float64Array, start: number, size: number): Float64Array {
  const length = size - start;
  const result = new Float64Array(panelColumns * length);
  for (let k = 0; k < panelColumns; k++) result.set(values.subarray(k * size + start, (k + 1) * size), k * length);
  return result;
}

/** The same rows behind zeros, which make their lengths `size`. */
function atTheEnd(values: Float64Array, size: number): Float64Array {
  const length = values.length / panelColumns;
  const result = new Float64Array(panelColumns * size);
  for (let k = 0; k < panelColumns; k++)
    result.set(values.subarray(k * length, (k + 1) * length), (k + 1) * size - length);
  return result;
}

/** What a square matrix has right of and below (start, start), moved together in the same memory. */
function corner(matrix: Float64Array, size: number, start: number): Float64Array {
  const rest = size - start;
  for (let i = 0; i < rest; i++) {
    const from = (start + i) * size + start;
    matrix.copyWithin(i * rest, from, from + rest);
  }
  return matrix.subarray(0, rest * rest);
}

/** The diagonal block of the panel that begins at `first`: it begins at `start` of each of the panel's columns. */
function keepBlock({ data, stride }: SymmetricBand, first: number, columns: Float64Array, start: number): void {
  const size = columns.length / panelColumns;
  for (let i = 0; i < panelColumns; i++)
    for (let j = 0; j <= i; j++) data[(first + i + 1) * stride + first + j] = columns[j * size + start + i]!;
}

/** R of the panel that begins at `first`, below its diagonal block. */
function keepRest({ data, stride }: SymmetricBand, first: number, { rest }: Panel): void {
  for (let i = 0; i < panelColumns; i++)
    for (let j = i; j < panelColumns; j++)
      data[(first + panelColumns + i + 1) * stride + first + j] = rest[i * panelColumns + j]!;
}
