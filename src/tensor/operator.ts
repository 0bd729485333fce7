// How an operator is described: once, with its shape rule, gradient, value and ONNX lowering side by side.
import { ShapeError } from '../core/errors.js';
import type { GraphBuilder } from './onnx/graph-builder.js';
import type { Shape } from './shape.js';
import {
  type BlockedImage,
  type DType,
  type LaidOut,
  type Layouts,
  type Made,
  type NdArray,
  Tensor,
} from './tensor.js';

type ArraysOf<Inputs extends readonly unknown[]> = { readonly [K in keyof Inputs]: NdArray };
type NamesOf<Inputs extends readonly unknown[]> = { readonly [K in keyof Inputs]: string };
type LaidOutOf<Inputs extends readonly unknown[]> = { readonly [K in keyof Inputs]: LaidOut };

/** One application, as the parts of a definition see it. */
export interface Application<Inputs extends readonly Tensor[], Attributes> {
  readonly inputs: Inputs;
  readonly attributes: Attributes;
  readonly result: Tensor;
}

/** How an operator deals with images whose channels lie in blocks; see {@link BlockedOperation}. */
export interface BlockedDefinition<Inputs extends readonly Tensor[], Attributes extends object> {
  layouts(graph: GraphBuilder, application: Application<Inputs, Attributes>): Layouts;
  lower(
    graph: GraphBuilder,
    inputs: LaidOutOf<Inputs>,
    application: Application<Inputs, Attributes>,
    image: BlockedImage | undefined,
  ): Made | undefined;
}

/** The description of an operator over a tuple of inputs and some attributes. */
export interface OperatorDefinition<Inputs extends readonly Tensor[], Attributes extends object> {
  readonly name: string;
  /** The result's shape and type. @throws ShapeError for inputs that do not fit. */
  infer(inputs: Inputs, attributes: Attributes): { shape: Shape; dtype: DType };
  /** The inputs' gradients; undefined where none flows. Left out: not differentiable in any input. */
  gradient?(application: Application<Inputs, Attributes>, gradient: Tensor): readonly (Tensor | undefined)[];
  /** Emits ONNX nodes and returns the name of the result. */
  lower(graph: GraphBuilder, inputs: NamesOf<Inputs>, application: Application<Inputs, Attributes>): string;
  /** Left out: it takes and gives all images with their channels last. */
  readonly blocked?: BlockedDefinition<Inputs, Attributes>;
  /** The value in float64, row-major, for constant folding and as the reference that tests compare with. */
  evaluate(inputs: ArraysOf<Inputs>, attributes: Attributes, shape: readonly number[]): Float64Array;
  /** Floating-point operations; left out: none (data movement). */
  flops?(application: Application<Inputs, Attributes>): number;
}

/** An operator that can be applied: `apply([x, y], attributes)`. */
export type Operator<Inputs extends readonly Tensor[], Attributes extends object> = (
  inputs: Inputs,
  attributes: Attributes,
) => Tensor;

/** Makes an operator from its description. */
export function defineOperator<const Inputs extends readonly Tensor[], Attributes extends object>(
  definition: OperatorDefinition<Inputs, Attributes>,
): Operator<Inputs, Attributes> {
  const apply = (inputs: Inputs, attributes: Attributes): Tensor => {
    const { shape, dtype } = definition.infer(inputs, attributes);
    const application = (result: Tensor) => ({ inputs, attributes, result });
    const { blocked } = definition;
    return new Tensor(
      {
        operator: definition.name,
        inputs,
        attributes,
        rebuild: (others) => apply(sameLength<Inputs>(others, inputs.length), attributes),
        gradient: (result, gradient) =>
          definition.gradient?.(application(result), gradient) ?? inputs.map(() => undefined),
        lower: (graph, names, result) =>
          definition.lower(graph, sameLength<NamesOf<Inputs>>(names, inputs.length), application(result)),
        blocked: blocked && {
          layouts: (graph, result) => blocked.layouts(graph, application(result)),
          lower: (graph, values, result, image) =>
            blocked.lower(graph, sameLength<LaidOutOf<Inputs>>(values, inputs.length), application(result), image),
        },
        evaluate: (values, concrete) =>
          definition.evaluate(sameLength<ArraysOf<Inputs>>(values, inputs.length), attributes, concrete),
        flops: (result) => definition.flops?.(application(result)) ?? 0,
      },
      shape,
      dtype,
    );
  };
  return apply;
}

/**
 * The passes hand lists to operators that expect tuples: the length is checked here, once, which is all that the type adds.
 */
function sameLength<Tuple extends readonly unknown[]>(list: readonly Tuple[number][], length: number): Tuple {
  if (list.length !== length) throw new ShapeError(`An operator of ${length} inputs was given ${list.length}.`);
  return list as readonly unknown[] as Tuple;
}
