// Changing the type of values, and keeping gradients from flowing.
import { onnxType } from '../onnx/messages.js';
import { defineOperator } from '../operator.js';
import type { DType, Tensor } from '../tensor.js';
import type { NoAttributes } from './define-elementwise.js';

const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

const castOperator = defineOperator<readonly [Tensor], { readonly dtype: DType }>({
  name: 'cast',
  infer: ([x], { dtype }) => ({ shape: x.shape, dtype }),
  gradient: ({ inputs: [x], attributes: { dtype } }, dy) => [
    isFloat(x.dtype) && isFloat(dtype) ? cast(dy, x.dtype) : undefined,
  ],
  lower: (graph, [x], { attributes }) => graph.node('Cast', [x], { to: onnxType[attributes.dtype] }),
  evaluate: ([x], { dtype }) => {
    if (dtype === 'bool') return x.data.map((value) => Number(value !== 0));
    if (dtype === 'uint8') return Float64Array.from(Uint8Array.from(x.data));
    return dtype === 'int64' ? x.data.map(Math.trunc) : x.data;
  },
});

/** The same values as another type: to int64 and uint8 the fraction is dropped, to bool all but 0 is true. Gradients flow between floats. */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : castOperator([x], { dtype });
}

const stopGradientOperator = defineOperator<readonly [Tensor], NoAttributes>({
  name: 'stopGradient',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  // Removed by the simplification before lowering; a program that skips it copies.
  lower: (graph, [x]) => graph.node('Identity', [x]),
  evaluate: ([x]) => x.data,
});

/** x itself, through which no gradient flows. @example subtract(x, stopGradient(mean(x))) */
export function stopGradient(x: Tensor): Tensor {
  return stopGradientOperator([x], {});
}
