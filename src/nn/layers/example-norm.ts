// What layer, instance and group norm have in common around standardising each example: options, scale and bias.
import { ShapeError } from '../../core/errors.js';
import { add, multiply } from '../../tensor/index.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { initialisers } from '../initialisers.js';
import { type LayerScope, type ParameterSpecs, weight } from '../layer.js';

/** Options of the norms that look at each example by itself. */
export interface ExampleNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** Whether to learn a factor. Default true. */
  readonly scale?: boolean;
  /** Whether to learn an offset. Default true. */
  readonly bias?: boolean;
}

/** The learnt factor and offset of a norm. */
export function affineParameters(
  shape: readonly number[],
  { scale = true, bias = true }: ExampleNormOptions,
): ParameterSpecs {
  return {
    ...(scale ? { scale: weight(shape, initialisers.ones()) } : {}),
    ...(bias ? { bias: weight(shape, initialisers.zeros()) } : {}),
  };
}

/** x times the learnt factor plus the learnt offset. */
export function affine(x: Tensor, scope: LayerScope, { scale = true, bias = true }: ExampleNormOptions): Tensor {
  const scaled = scale ? multiply(x, scope.parameter('scale')) : x;
  return bias ? add(scaled, scope.parameter('bias')) : scaled;
}

/** The channels of examples [..., C] with at least one axis before them. @throws ShapeError for anything else */
export function channelsOf(layer: string, inputShape: readonly number[]): number {
  const channels = inputShape.at(-1);
  if (inputShape.length < 2 || channels === undefined)
    throw new ShapeError(
      `${layer}: received examples of ${formatShape(inputShape)}; expected [..., channels] with places to normalise over.`,
    );
  return channels;
}
