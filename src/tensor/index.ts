// Symbolic tensors: expressions, gradients and programs.
export { evaluate } from './evaluate.js';
export { gradients, vectorJacobianProduct } from './gradient.js';
export { broadcastTo, sumTo } from './operators/broadcast.js';
export {
  type ConvolutionOptions,
  conv2d,
  conv2dTranspose,
  type TransposedConvolutionOptions,
} from './operators/convolution.js';
export {
  abs,
  add,
  and,
  atan,
  cast,
  clip,
  cos,
  divide,
  elu,
  equal,
  erf,
  exp,
  expm1,
  floor,
  gelu,
  greater,
  greaterEqual,
  leakyRelu,
  less,
  lessEqual,
  log,
  log1p,
  maximum,
  minimum,
  multiply,
  negative,
  not,
  or,
  power,
  reciprocal,
  relu,
  sigmoid,
  sign,
  silu,
  sin,
  softplus,
  sqrt,
  square,
  step,
  stopGradient,
  subtract,
  tan,
  tanh,
  where,
} from './operators/elementwise.js';
export { cumulativeSum, full, gather, oneHot, range, scatterAdd } from './operators/gather.js';
export { einsum, type MatmulOptions, matmul } from './operators/matmul.js';
export { argMax, logSumExp, max, mean, min, type ReduceOptions, sum, variance } from './operators/reduce.js';
export { expandAxis, flatten, reshape, squeeze } from './operators/reshape.js';
export { concat, flip, pad, padAxes, padReflect, slice, split, stack } from './operators/slice.js';
export { constant, input, inputName, scalar } from './operators/source.js';
export { transpose } from './operators/transpose.js';
export {
  batchInput,
  type LoweredProgram,
  type LoweredStepProgram,
  lowerLoop,
  lowerProgram,
  lowerStep,
  type Program,
  type ProgramInput,
  type StepProgram,
  type Variable,
} from './program.js';
export { batch, type Dim, formatShape, type Shape, SymbolicDim } from './shape.js';
export { simplify } from './simplify.js';
export { type DType, labelled, type NdArray, Tensor, type TensorLike } from './tensor.js';
