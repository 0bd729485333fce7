// Symbolic tensors: what to compute, not the numbers. A tensor is the result of one operator applied to other tensors; nothing is
// computed until a program made of tensors is compiled and run.
import type { GraphBuilder } from './onnx/graph-builder.js';
import { type Dim, formatShape, type Shape } from './shape.js';

/**
 * The types of values. Models compute in float32; float64 is for what needs the digits, int64 for classes and positions, uint8 for
 * pixels as files hold them, which are cast before anything else is done with them.
 */
export type DType = 'float32' | 'float64' | 'int64' | 'bool' | 'uint8';

/** A concrete array for evaluation in plain TypeScript: values in row-major order; booleans are 0 and 1. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The numbers that a constant holds, in row-major order. */
export type ConstantData = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/** The size of images [N, H, W, C], or of those whose numbers are rows [N, H * W * C], that may be kept with their channels in blocks. */
export interface BlockedImage {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A value that is kept in blocks, in either order: asking for the one in which it was not made adds what makes that of it. */
export interface KeptInBlocks {
  readonly image: BlockedImage;
  /** Channels in blocks, [N, C / b, H * W, b], as rows [N, H * W * C]. */
  readonly blocked: string;
  /** Row-major, channels last. */
  readonly ordered: string;
}

/** A value as operators are given it: in its own order, or kept in blocks. */
export type LaidOut = KeptInBlocks | { readonly image: undefined; readonly ordered: string };

/** A value as an operator made it. */
export type Made = { readonly ordered: string } | { readonly blocked: string };

/**
 * The order in which an operator takes or gives images: channels last, channels in blocks, either at no cost, or the same as everything else
 * that it joins.
 */
export type Layout = 'ordered' | 'blocked' | 'either' | 'joined';

/** The orders of an operator's inputs and result. */
export interface Layouts {
  readonly inputs: readonly Layout[];
  readonly result: Layout;
  /** Whether it is done in fewer passes over memory where channels lie in blocks. */
  readonly savesPasses?: boolean;
}

/** How an operator deals with images whose channels lie in blocks. */
export interface BlockedOperation {
  layouts(graph: GraphBuilder, result: Tensor): Layouts;
  /**
   * Emits nodes, where the result is kept in blocks, of the size `image`, or an input is. Either order may be returned; undefined where it is
   * done with channels last.
   */
  lower(
    graph: GraphBuilder,
    inputs: readonly LaidOut[],
    result: Tensor,
    image: BlockedImage | undefined,
  ): Made | undefined;
}

/** One operator applied: everything that differentiation, evaluation and lowering ask of it. */
export interface Operation {
  /** The operator's name, such as `matmul`. */
  readonly operator: string;
  readonly inputs: readonly Tensor[];
  /** What distinguishes this application from others of the same operator and inputs. */
  readonly attributes: object;
  /** The same operation on other inputs of the same shapes. */
  rebuild(inputs: readonly Tensor[]): Tensor;
  /** The inputs' gradients given the result's; undefined where none flows. */
  gradient(result: Tensor, gradient: Tensor): readonly (Tensor | undefined)[];
  /** Emits ONNX nodes and returns the name of the result. */
  lower(graph: GraphBuilder, inputs: readonly string[], result: Tensor): string;
  /** Left out: it takes and gives all images with their channels last. */
  readonly blocked?: BlockedOperation | undefined;
  /** The value in float64; `shape` is the result's, symbolic lengths replaced by those of this evaluation. */
  evaluate(inputs: readonly NdArray[], shape: readonly number[]): Float64Array;
  /** Floating-point operations, counting a multiply-add as two; 0 for data movement. */
  flops(result: Tensor): number;
}

/** A symbolic tensor of known type and shape. */
export class Tensor {
  readonly operation: Operation;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Where in the model this stands, `generator/up1`; set once by {@link labelled} and used for names in the graph. */
  scope: string | undefined;

  constructor(operation: Operation, shape: Shape, dtype: DType) {
    this.operation = operation;
    this.shape = shape;
    this.dtype = dtype;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** The length of one axis; negative axes count from the back. */
  dim(axis: number): Dim {
    return this.shape.at(axis) ?? 1;
  }

  toString(): string {
    return `${this.operation.operator} ${this.dtype}${formatShape(this.shape)}`;
  }
}

/** Numbers may stand wherever a tensor of one element is meant. */
export type TensorLike = Tensor | number;

/** All tensors that `roots` depend on, themselves included, every one after its inputs. */
export function inTopologicalOrder(roots: readonly Tensor[], stopAt?: (tensor: Tensor) => boolean): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const stack: { tensor: Tensor; next: number }[] = [];
  const visit = (tensor: Tensor): void => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    stack.push({ tensor, next: 0 });
  };
  for (const root of roots) {
    visit(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = stopAt?.(top.tensor) ? undefined : top.tensor.operation.inputs[top.next];
      top.next += 1;
      if (input !== undefined) visit(input);
      else {
        order.push(top.tensor);
        stack.pop();
      }
    }
  }
  return order;
}

/** Gives `result`, and everything it was made from that has no place yet, the place `scope`. Returns `result`. */
export function labelled(scope: string, result: Tensor): Tensor {
  for (const tensor of inTopologicalOrder([result], (candidate) => candidate.scope !== undefined))
    tensor.scope ??= scope;
  return result;
}
