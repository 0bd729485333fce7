// Values as ONNX Runtime's tensors and back.
import type { Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common';
import { ConfigError } from '../core/errors.js';
import type { Value, ValueData } from './runtime.js';

/** A value as a tensor over the same memory. */
export function toTensor(Tensor: TensorConstructor, { dtype, shape, data }: Value): OrtTensor {
  return new Tensor(dtype, data, shape);
}

/** A tensor in main memory as a value over the same memory. */
export function toValue(tensor: OrtTensor): Value {
  const { type } = tensor;
  if (type !== 'float32' && type !== 'float64' && type !== 'int64' && type !== 'bool' && type !== 'uint8')
    throw new ConfigError(`A result is of type ${type}, which is not supported.`);
  return { dtype: type, shape: [...tensor.dims], data: numbers(tensor) };
}

/** The numbers of a tensor in main memory. */
export function numbers({ data, type }: OrtTensor): ValueData {
  if (
    data instanceof Float32Array ||
    data instanceof Float64Array ||
    data instanceof BigInt64Array ||
    data instanceof Uint8Array
  )
    return data;
  throw new ConfigError(`A result is of type ${type}, which is not supported.`);
}

/** Entry `index` of a value stacked along its first axis of length `count`. */
export function entry({ dtype, shape, data }: Value, index: number, count: number): Value {
  const length = data.length / count;
  return { dtype, shape: shape.slice(1), data: data.subarray(index * length, (index + 1) * length) };
}
