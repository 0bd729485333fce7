// Transposed convolution layer: every pixel paints a filter, so images grow by the stride.
import { ShapeError } from '../../core/errors.js';
import { add } from '../../tensor/index.js';
import { conv2dTranspose } from '../../tensor/operators/convolution.js';
import { input } from '../../tensor/operators/source.js';
import { formatShape, staticShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkNumber } from '../check.js';
import { type Fans, type Initialiser, initialisers } from '../initialisers.js';
import { type Layer, weight } from '../layer.js';
import { imageChannels } from './conv.js';
import { pairOf, type WindowLayerOptions, windowOptions } from './window-padding.js';

/** Options of a transposed convolution layer. */
export interface TransposedConvOptions extends WindowLayerOptions {
  /** The number of channels of the result. */
  readonly filters: number;
  /** Channels are split into this many groups, each with filters of its own. Default 1. */
  readonly groups?: number;
  /** Whether to add a bias. Default true; leave it out before a batch norm, which takes any constant away. */
  readonly bias?: boolean;
  /** Default Glorot uniform. */
  readonly weightInitialiser?: Initialiser;
  /** Default zeros. */
  readonly biasInitialiser?: Initialiser;
}

/**
 * A transposed convolution of images: [H, W, C] -> [H', W', filters]; with padding `same` H' is H times the stride. Parameters:
 * weight [kernel height, kernel width, filters / groups, C], that of the convolution it is the adjoint of; bias [filters].
 *
 * @throws ConfigError for numbers that are not whole and positive; ShapeError where filters do not fit on images
 * @example transposedConv({ filters: 64, kernel: 4, stride: 2 })   // [7, 7, 128] -> [14, 14, 64]
 */
export function transposedConv(options: TransposedConvOptions): Layer {
  const { filters, kernel, stride = 1, padding = 'same', groups = 1, bias = true } = options;
  const { weightInitialiser = initialisers.glorotUniform(), biasInitialiser = initialisers.zeros() } = options;
  checkNumber('transposedConv', 'filters', filters, 'positiveInteger');
  checkNumber('transposedConv', 'groups', groups, 'positiveInteger');
  for (const length of pairOf(kernel)) checkNumber('transposedConv', 'kernel', length, 'positiveInteger');
  for (const length of pairOf(stride)) checkNumber('transposedConv', 'stride', length, 'positiveInteger');
  const strides = pairOf(stride);
  const filterShape = (inputShape: readonly number[]): number[] => {
    const channels = imageChannels('transposedConv', inputShape);
    if (channels % groups !== 0 || filters % groups !== 0)
      throw new ShapeError(
        `transposedConv: received ${formatShape(inputShape)}; ${channels} channels and ${filters} filters have to be ` +
          `multiples of the ${groups} groups.`,
      );
    return [...pairOf(kernel), filters / groups, channels];
  };
  const spread = (x: Tensor, w: Tensor): Tensor => {
    const size = [Number(x.dim(1)) * strides[0], Number(x.dim(2)) * strides[1]] as const;
    const outputSize = padding === 'same' ? { outputSize: size } : {};
    return conv2dTranspose(x, w, { ...windowOptions(options, size), ...outputSize, groups });
  };
  return {
    kind: 'transposedConv',
    outputShape: (inputShape) => {
      const w = input('weight', filterShape(inputShape));
      return staticShape(spread(input('x', [1, ...inputShape]), w).shape.slice(1), 'A length of an image');
    },
    parameters: (inputShape) => {
      const shape = filterShape(inputShape);
      return {
        weight: weight(shape, weightInitialiser, fans(shape, strides, groups)),
        ...(bias ? { bias: weight([filters], biasInitialiser) } : {}),
      };
    },
    apply: (x, scope) => {
      const result = spread(x, scope.parameter('weight'));
      return bias ? add(result, scope.parameter('bias')) : result;
    },
  };
}

/** Of the places of a filter only one in stride^2 reaches a given pixel of the result. */
function fans(
  [height = 1, width = 1, filters = 1, channels = 1]: readonly number[],
  strides: readonly [number, number],
  groups: number,
): Fans {
  const places = height * width;
  return { fanIn: (places * channels) / groups / (strides[0] * strides[1]), fanOut: places * filters };
}
