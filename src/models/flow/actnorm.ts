// Every number scaled and shifted by parameters of its own, or of its channel: set once from the data so that the flow begins with
// numbers of mean 0 and deviation 1, whatever their units (Kingma and Dhariwal 2018 set theirs from the first batch).
//
//   z = (x - shift) exp(-logScale),   log det = -places sum logScale
import { initialisers } from '../../nn/initialisers.js';
import { statistic } from '../../nn/layer.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { add, exp, multiply, negative, subtract, sum, type Tensor } from '../../tensor/index.js';
import type { Bijection } from './bijection.js';

/** Scaling and shifting of the last axis, of `width` numbers at each of `places` places. */
export function standardising(name: string, width: number, places: number): Bijection {
  const find = (weights: Readonly<Record<string, Tensor>>, part: string, x: Tensor): Tensor =>
    weights[`${name}/${part}`] ?? x;
  return {
    parameters: {
      [`${name}/shift`]: statistic([width], initialisers.zeros()),
      [`${name}/logScale`]: statistic([width], initialisers.zeros()),
    },
    forward(x, weights) {
      const logScale = find(weights, 'logScale', x);
      const value = multiply(subtract(x, find(weights, 'shift', x)), exp(negative(logScale)));
      // One number, the same for every row: made a vector by adding it to zeros.
      const zeros = multiply(sum(x, { axes: Array.from({ length: x.rank - 1 }, (_, axis) => axis + 1) }), 0);
      return { value, logDeterminant: subtract(zeros, multiply(sum(logScale), places)) };
    },
    inverse: (z, weights) => add(multiply(z, exp(find(weights, 'logScale', z))), find(weights, 'shift', z)),
  };
}

/** The parameters' values from means and deviations. */
export function standardisingValues(name: string, means: Float64Array, deviations: Float64Array): Values {
  return {
    [`${name}/shift`]: float32(Float32Array.from(means), [means.length]),
    [`${name}/logScale`]: float32(Float32Array.from(deviations, Math.log), [means.length]),
  };
}
