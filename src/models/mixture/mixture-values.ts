// A mixture in numbers, and what the device is fed of it.
import type { Value, Values } from '../../runtime/runtime.js';
import { add, multiply } from '../../tensor/operators/arithmetic.js';
import { cast } from '../../tensor/operators/cast.js';
import type { DType, Tensor } from '../../tensor/tensor.js';
import type { Emission, Parameters, Shapes } from './emission.js';

/** The weights of the components, and what the emission says of them. */
export interface Mixture {
  readonly weights: Float64Array;
  readonly parameters: Parameters;
}

/** log w_k + log p(x | k) of rows that have been transformed, [N, K] in float64. */
export function jointDensities(
  emission: Emission,
  x: Tensor,
  logWeights: Tensor,
  feeds: Readonly<Record<string, Tensor>>,
): Tensor {
  return add(cast(emission.logDensities(x, castAll(feeds, x.dtype)), 'float64'), logWeights);
}

/** What the device is fed for a mixture. */
export function mixtureFeeds(
  emission: Emission,
  weights: Float64Array,
  shift: Float64Array,
  feeds: Parameters,
): Values {
  return {
    shift: value(shift, [shift.length]),
    weights: value(weights.map(logWeight), [weights.length]),
    ...valuesOf(feeds, emission.feedShapes),
  };
}

/** Arrays with their shapes. */
export function valuesOf(arrays: Parameters, shapes: Shapes): Values {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, value(arrays[name] ?? new Float64Array(), shape)]),
  );
}

/** The arrays of values. */
export function arraysOf(values: Values): Parameters {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, { data }]) => (data instanceof Float64Array ? [[name, data] as const] : [])),
  );
}

/** Statistics as float64. */
export function inFloat64(tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return castAll(tensors, 'float64');
}

/** Tensors in another type. */
export function castAll(tensors: Readonly<Record<string, Tensor>>, dtype: DType): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, cast(tensor, dtype)]));
}

/** Feeds or sums of rows that are multiples of a unit: each times the power of it that it holds. */
export function inUnit(
  tensors: Readonly<Record<string, Tensor>>,
  powers: Readonly<Record<string, number>> | undefined,
  unit: number,
): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const power = powers?.[name] ?? 0;
      return [name, power === 0 || unit === 1 ? tensor : multiply(tensor, unit ** power)];
    }),
  );
}

/** A component without rows is as good as impossible, but its logarithm is a number. */
function logWeight(weight: number): number {
  return Math.log(Math.max(weight, Number.MIN_VALUE));
}

function value(data: Float64Array, shape: readonly number[]): Value {
  return { dtype: 'float64', shape, data };
}
