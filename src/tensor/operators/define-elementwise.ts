// How element-wise operators are described: a table entry holds the value of one number, the gradient and the ONNX lowering.
// Operands of different shapes broadcast by NumPy's rule; plain numbers may stand for tensors.
import { ConfigError, ShapeError } from '../../core/errors.js';
import type { GraphBuilder } from '../onnx/graph-builder.js';
import { type Application, type BlockedDefinition, defineOperator } from '../operator.js';
import { broadcastShapes, elementCount } from '../shape.js';
import type { BlockedImage, DType, LaidOut, Layouts, Made, Tensor, TensorLike } from '../tensor.js';
import { blockedBinary, inBlocks, type Operand, operandOf, orderedOperands, passOperators } from './blocked-images.js';
import { broadcastArray, broadcastTo, sumTo } from './broadcast.js';
import { collapsedBinary } from './collapse.js';
import { toTensor } from './source.js';

/** The attributes of an operator that has none. */
export type NoAttributes = Record<never, never>;

/** Emits the nodes for operands of one type and returns the name of the result. */
export type Lowering = (graph: GraphBuilder, x: string, dtype: DType) => string;

/** The types that a family of operators takes. */
const families: Readonly<Record<'float' | 'number' | 'bool' | 'any', readonly DType[]>> = {
  float: ['float32', 'float64'],
  number: ['float32', 'float64', 'int64'],
  bool: ['bool'],
  any: ['float32', 'float64', 'int64', 'bool'],
};

/** Checks that an operator takes a type. @throws ShapeError naming those it takes */
export function checkType(name: string, family: keyof typeof families, dtype: DType): void {
  const accepted = families[family];
  if (!accepted.includes(dtype))
    throw new ShapeError(`${name}: the type ${dtype} is not taken, only ${accepted.join(', ')}; cast it first.`);
}

/** The error for an operator that runtimes have in float32 only. */
export function float32Only(name: string): never {
  throw new ConfigError(
    `${name}: compiled programs have it in float32 only, not in float64; cast its operand to float32.`,
  );
}

/** One operand. */
export interface Unary {
  readonly value: (x: number) => number;
  /** The gradient of x given x, the result y and the gradient of y; left out where it is zero everywhere. */
  readonly gradient?: (x: Tensor, y: Tensor, dy: Tensor) => Tensor;
  /** The ONNX operator, or the nodes to emit. */
  readonly onnx: string | Lowering;
  /** What is emitted for float64 where runtimes lack a kernel; `unsupported` refuses. */
  readonly float64?: Lowering | 'unsupported';
  /** The types taken. Default float. */
  readonly family?: keyof typeof families;
  /** The result's type. Default: the operand's. */
  readonly dtype?: DType;
}

/** Makes an element-wise function of one tensor. */
export function defineUnary(
  name: string,
  { value, gradient, onnx, float64, family = 'float', dtype }: Unary,
): (x: Tensor) => Tensor {
  const lower = (graph: GraphBuilder, [x]: readonly [string], { inputs }: Application<readonly [Tensor], object>) => {
    const lowering = inputs[0].dtype === 'float64' ? (float64 ?? onnx) : onnx;
    if (lowering === 'unsupported') return float32Only(name);
    return typeof lowering === 'string' ? graph.node(lowering, [x]) : lowering(graph, x, inputs[0].dtype);
  };
  const operator = defineOperator<readonly [Tensor], NoAttributes>({
    name,
    infer: ([x]) => {
      checkType(name, family, x.dtype);
      return { shape: x.shape, dtype: dtype ?? x.dtype };
    },
    gradient: ({ inputs: [x], result }, dy) => [gradient?.(x, result, dy)],
    lower,
    blocked: blockedUnary(lower),
    evaluate: ([x]) => x.data.map(value),
    flops: ({ result }) => elementCount(result.shape),
  });
  return (x) => operator([x], {});
}

/** How an element-wise operator of one tensor goes through images in blocks: number by number, as through others. */
export function blockedUnary<Attributes extends object>(
  lower: (
    graph: GraphBuilder,
    inputs: readonly [string],
    application: Application<readonly [Tensor], Attributes>,
  ) => string,
): BlockedDefinition<readonly [Tensor], Attributes> {
  return {
    layouts: () => ({ inputs: ['joined'], result: 'joined' }),
    lower: (graph, [x], application, image) =>
      image && { blocked: lower(graph, [inBlocks(graph, x, image)], application) },
  };
}

/** Two operands of one type. */
export interface Binary {
  readonly value: (a: number, b: number) => number;
  /** The gradients of a and b given both, the result y and the gradient of y, before they are summed to the operands' shapes. */
  readonly gradient?: (a: Tensor, b: Tensor, y: Tensor, dy: Tensor) => readonly [Tensor, Tensor];
  /** The ONNX operator. */
  readonly onnx: string;
  /** The types taken. Default number. */
  readonly family?: keyof typeof families;
  /** The result's type. Default: the operands'. */
  readonly dtype?: DType;
}

/** Makes an element-wise function of two tensors or numbers. */
export function defineBinary(
  name: string,
  { value, gradient, onnx, family = 'number', dtype }: Binary,
): (a: TensorLike, b: TensorLike) => Tensor {
  // Whole numbers stay whole: division drops the fraction, as in the compiled program.
  const operator = defineOperator<readonly [Tensor, Tensor], { readonly whole?: true }>({
    name,
    infer: ([a, b]) => {
      if (a.dtype !== b.dtype)
        throw new ShapeError(`${name}: the types ${a.dtype} and ${b.dtype} differ; cast one of them.`);
      checkType(name, family, a.dtype);
      return { shape: broadcastShapes(name, a.shape, b.shape), dtype: dtype ?? a.dtype };
    },
    gradient: ({ inputs: [a, b], result }, dy) => {
      if (gradient === undefined) return [];
      const [da, db] = gradient(a, b, result, dy);
      return [sumTo(broadcastTo(da, result.shape), a.shape), sumTo(broadcastTo(db, result.shape), b.shape)];
    },
    lower: (graph, names, { inputs: [a, b], result }) =>
      collapsedBinary(graph, onnx, names, [a.shape, b.shape], result.shape),
    blocked: {
      layouts: (_, { inputs, result }) => binaryLayouts(onnx, inputs, result),
      lower: (graph, values, { inputs, result }, image) =>
        image && lowerBinary(graph, onnx, values, inputs, result, image),
    },
    evaluate: ([a, b], { whole }, shape) => {
      const left = broadcastArray(a, shape);
      const right = broadcastArray(b, shape);
      const result = left.map((x, index) => value(x, right[index] ?? Number.NaN));
      return whole ? result.map(Math.trunc) : result;
    },
    flops: ({ result }) => elementCount(result.shape),
  });
  return (a, b) => {
    const type = typeof a === 'number' ? (typeof b === 'number' ? 'float32' : b.dtype) : a.dtype;
    return operator([toTensor(a, type), toTensor(b, type)], type === 'int64' ? { whole: true } : {});
  };
}

/** Operands of the result's shape are joined with it; numbers for channels can only be taken by what passes over them are made of. */
function binaryLayouts(onnx: string, inputs: readonly [Tensor, Tensor], result: Tensor): Layouts {
  const [left, right] = [operandOf(inputs[0], result), operandOf(inputs[1], result)];
  const isScaled = left === 'channels' || right === 'channels';
  if (left === undefined || right === undefined || (left !== 'image' && right !== 'image')) return orderedOperands;
  if (isScaled && !passOperators.has(onnx)) return orderedOperands;
  return {
    inputs: [left === 'image' ? 'joined' : 'ordered', right === 'image' ? 'joined' : 'ordered'],
    result: 'joined',
    savesPasses: isScaled && onnx === 'Mul',
  };
}

function lowerBinary(
  graph: GraphBuilder,
  onnx: string,
  [a, b]: readonly [LaidOut, LaidOut],
  inputs: readonly [Tensor, Tensor],
  result: Tensor,
  image: BlockedImage,
): Made | undefined {
  if (binaryLayouts(onnx, inputs, result).result !== 'joined') return undefined;
  const [first, second] = [operandOf(inputs[0], result), operandOf(inputs[1], result)];
  const name = (value: LaidOut, { shape, rank }: Tensor, operand: Operand | undefined): string => {
    if (operand === 'image') return inBlocks(graph, value, image);
    const isPlain = operand === 'channels' || rank <= 2;
    return isPlain ? value.ordered : graph.node('Reshape', [value.ordered, graph.reshapeTarget([shape[0] ?? 1, 1])]);
  };
  const names = [name(a, inputs[0], first), name(b, inputs[1], second)] as const;
  return { blocked: blockedBinary(graph, onnx, names, [first, second], image) };
}
