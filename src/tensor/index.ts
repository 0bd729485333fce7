// Symbolic tensors: expressions, gradients and programs.
export { lowerChunkSums } from './chunk-sums.js';
export { evaluate } from './evaluate.js';
export { type ExplainOptions, explain, type Flops, modelFlops } from './explain.js';
export { gradients, vectorJacobianProduct } from './gradient.js';
export {
  absoluteSoftplus,
  elu,
  gelu,
  leakyRelu,
  logSigmoid,
  relu,
  selu,
  sigmoid,
  silu,
  softplus,
  step,
} from './operators/activation.js';
export {
  abs,
  add,
  ceil,
  divide,
  floor,
  maximum,
  minimum,
  multiply,
  negative,
  power,
  reciprocal,
  round,
  sign,
  sqrt,
  square,
  subtract,
} from './operators/arithmetic.js';
export { broadcastTo, sumTo } from './operators/broadcast.js';
export { byteProduct, mostByteTerms } from './operators/byte-product.js';
export { cast, stopGradient } from './operators/cast.js';
export {
  and,
  clip,
  equal,
  greater,
  greaterEqual,
  isFiniteNumber,
  less,
  lessEqual,
  not,
  or,
  where,
} from './operators/comparison.js';
export {
  type ConvolutionOptions,
  conv2d,
  conv2dTranspose,
  type TransposedConvolutionOptions,
} from './operators/convolution.js';
export { customGradient, type GradientRule } from './operators/custom-gradient.js';
export { einsum } from './operators/einsum.js';
export { exp, expm1, log, log1p } from './operators/exponential.js';
export { cumulativeSum, full, gather, oneHot, range, scatterAdd } from './operators/gather.js';
export { type MatmulOptions, matmul } from './operators/matmul.js';
export { type BatchNormalized, batchNormalize, standardize } from './operators/normalization.js';
export { averagePool, maxPool } from './operators/pooling.js';
export { depthToSpace, repeat, spaceToDepth, tile } from './operators/rearrange.js';
export {
  argMax,
  logSumExp,
  max,
  mean,
  meanSquare,
  min,
  norm,
  product,
  type ReduceOptions,
  sum,
  variance,
} from './operators/reduce.js';
export { expandAxis, flatten, reshape, squeeze } from './operators/reshape.js';
export { type ResizeTarget, resizeBilinear, resizeNearest } from './operators/resize.js';
export { concat, flip, pad, padAxes, padReflect, slice, split, stack } from './operators/slice.js';
export { logSoftmax, softmax } from './operators/softmax.js';
export { constant, input, inputName, scalar } from './operators/source.js';
export { transpose } from './operators/transpose.js';
export { acos, asin, atan, cos, cosh, erf, sin, sinh, tan, tanh } from './operators/trigonometry.js';
export type { WindowOptions } from './operators/window.js';
export {
  batchInput,
  type LoweredProgram,
  type LoweredStepProgram,
  type LoweringOptions,
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
export { substitute } from './substitute.js';
export { type DType, labelled, type NdArray, Tensor, type TensorLike } from './tensor.js';
