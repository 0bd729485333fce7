// Scores of rows for all classes at once, as matrix products on the device: worth the way there for many rows.
import { float32, type Value, type Values } from '../../runtime/runtime.js';
import {
  add,
  batchInput,
  cast,
  divide,
  input,
  matmul,
  type Program,
  square,
  subtract,
  type Tensor,
} from '../../tensor/index.js';
import type { SampleBytes } from '../contract.js';
import { float64, float64Data } from './float64.js';

/** The device of a model, as scoring uses it. */
export interface ScoringDevice {
  /** Runs a program, compiled when first used under its name. */
  readonly run: (name: string, define: () => Program, feeds: Values) => Promise<Values>;
  /** Whether products in float64 are fast there. */
  readonly isFast: () => Promise<boolean>;
}

/** Multiplications from which on products on the device are faster, the way there and back included. */
const leastProducts = 2 ** 22;

/** Whether to score rows on the device. */
export async function suitsDevice(device: ScoringDevice, multiplications: number): Promise<boolean> {
  return multiplications >= leastProducts && (await device.isFast());
}

/** Rows [count, D] as numbers, or as the bytes that they are kept as. */
export type ScoredRows = { readonly x: Float32Array } | SampleBytes;

/** Weights of a score that is linear in functions of a row; [classes, D] each. */
export interface LinearWeights {
  readonly weights: Float64Array;
  readonly classes: number;
  readonly size: number;
}

/**
 * sum_i p_yi (x_i - c_i)^2 - 2 w_yi (x_i - c_i) of rows x [count, D], given as numbers or bytes, as [count, classes]: with w = p (mean - c) and the sum of
 * p (mean - c)^2 added, squared distances from the means.
 */
export async function quadraticScores(
  { run }: ScoringDevice,
  rows: ScoredRows,
  {
    precisions,
    weights,
    classes,
    size,
    centre,
  }: LinearWeights & { readonly precisions: Float64Array; readonly centre: Float64Array },
): Promise<Float64Array> {
  const divisor = 'divisor' in rows ? rows.divisor : undefined;
  const define = (): Program => {
    const numbers =
      divisor === undefined
        ? batchInput('x', [size])
        : divide(cast(batchInput('x', [size], 'uint8'), 'float32'), divisor);
    const deviation = subtract(cast(numbers, 'float64'), input('centre', [size], 'float64'));
    const squares = scored(square(deviation), 'precisions', classes, size);
    return {
      name: 'quadratic-scores',
      results: { scores: add(squares, scored(deviation, 'slopes', classes, size)) },
    };
  };
  const values = await run(`quadratic-scores-${classes}-${divisor}`, define, {
    x: 'divisor' in rows ? bytesOf(rows.bytes, size) : rowsOf(rows.x, size),
    centre: float64(centre, [size]),
    precisions: float64(precisions, [classes, size]),
    slopes: float64(
      weights.map((weight) => -2 * weight),
      [classes, size],
    ),
  });
  return float64Data(values, 'scores');
}

/** Rows as a value of their own: of a view all the memory behind it would be sent. */
export function rowsOf(x: Float32Array, size: number): Value {
  return float32(x.slice(), [x.length / size, size]);
}

function bytesOf(bytes: Uint8Array, size: number): Value {
  return { dtype: 'uint8', shape: [bytes.length / size, size], data: bytes.slice() };
}

function scored(rows: Tensor, name: string, classes: number, size: number): Tensor {
  return matmul(rows, input(name, [classes, size], 'float64'), { transposeB: true });
}
