// Convolution layer: filters slide over images; y = x * W + b.
import { ShapeError } from '../../core/errors.js';
import { add } from '../../tensor/index.js';
import { conv2d } from '../../tensor/operators/convolution.js';
import { input } from '../../tensor/operators/source.js';
import { formatShape, staticShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { checkNumber } from '../check.js';
import { fansOf, type Initialiser, initialisers } from '../initialisers.js';
import { type Layer, weight } from '../layer.js';
import { pairOf, type WindowLayerOptions, windowOptions } from './window-padding.js';

/** Options of a convolution layer. */
export interface ConvOptions extends WindowLayerOptions {
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
 * A convolution of images: [H, W, C] -> [H', W', filters]. Parameters: weight [kernel height, kernel width, C / groups,
 * filters], bias [filters].
 *
 * @throws ConfigError for numbers that are not whole and positive; ShapeError where filters do not fit on images
 * @example conv({ filters: 64, kernel: 4, stride: 2 })   // [28, 28, 1] -> [14, 14, 64]
 */
export function conv(options: ConvOptions): Layer {
  const { filters, groups = 1, bias = true } = options;
  const { weightInitialiser = initialisers.glorotUniform(), biasInitialiser = initialisers.zeros() } = options;
  checkNumber('conv', 'filters', filters, 'positiveInteger');
  checkNumber('conv', 'groups', groups, 'positiveInteger');
  for (const length of pairOf(options.kernel)) checkNumber('conv', 'kernel', length, 'positiveInteger');
  for (const length of pairOf(options.stride ?? 1)) checkNumber('conv', 'stride', length, 'positiveInteger');
  const filterShape = (inputShape: readonly number[]): number[] => {
    const channels = imageChannels('conv', inputShape);
    if (channels % groups !== 0 || filters % groups !== 0)
      throw new ShapeError(
        `conv: received ${formatShape(inputShape)}; ${channels} channels and ${filters} filters have to be multiples of ` +
          `the ${groups} groups.`,
      );
    return [...pairOf(options.kernel), channels / groups, filters];
  };
  const respond = (x: Tensor, w: Tensor): Tensor =>
    conv2d(x, w, { ...windowOptions(options, x.shape.slice(1, 3).map(Number)), groups });
  return {
    kind: 'conv',
    outputShape: (inputShape) => {
      const w = input('weight', filterShape(inputShape));
      return staticShape(respond(input('x', [1, ...inputShape]), w).shape.slice(1), 'A length of an image');
    },
    parameters: (inputShape) => {
      const shape = filterShape(inputShape);
      const { fanIn, fanOut } = fansOf(shape);
      return {
        weight: weight(shape, weightInitialiser, { fanIn, fanOut: fanOut / groups }),
        ...(bias ? { bias: weight([filters], biasInitialiser) } : {}),
      };
    },
    apply: (x, scope) => {
      const response = respond(x, scope.parameter('weight'));
      return bias ? add(response, scope.parameter('bias')) : response;
    },
  };
}

/** The channels of images [H, W, C]. @throws ShapeError for anything else */
export function imageChannels(layer: string, inputShape: readonly number[]): number {
  const [height, width, channels] = inputShape;
  if (inputShape.length !== 3 || height === undefined || width === undefined || channels === undefined)
    throw new ShapeError(
      `${layer}: received examples of ${formatShape(inputShape)}; expected images [height, width, channels]. ` +
        'A reshape layer makes images of vectors.',
    );
  return channels;
}
