// How a feature model of somebody else wants its rows: read off the shape of its input, and made of rows by a program of ours.
import { ConfigError, ShapeError } from '../../core/errors.js';
import { exampleSize, isImageShape } from '../../data/dataset.js';
import {
  concat,
  constant,
  divide,
  flatten,
  multiply,
  resizeBilinear,
  subtract,
  transpose,
} from '../../tensor/index.js';
import { batchInput, type Program } from '../../tensor/program.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The range that a feature model wants pixels in. */
export const pixelScales = {
  /** [0, 1], as they are. */
  unit: (x) => x,
  /** [-1, 1] */
  signed: (x) => subtract(multiply(x, 2), 1),
  /** [0, 255] */
  bytes: (x) => multiply(x, 255),
  /** (x - mean) / deviation of the colours of ImageNet, as torchvision's models want. */
  imagenet: (x) => divide(subtract(x, colours([0.485, 0.456, 0.406])), colours([0.229, 0.224, 0.225])),
} as const satisfies Readonly<Record<string, (x: Tensor) => Tensor>>;

/** The name of a range of pixels. */
export type PixelScale = keyof typeof pixelScales;

/** How the axes of images are ordered. */
export type ImageLayout = 'NCHW' | 'NHWC';

/** What a feature model is given. */
export interface OnnxInput {
  readonly layout: ImageLayout | 'flat';
  /** The height and width of images; as they are where undefined. */
  readonly size: readonly [number, number] | undefined;
  readonly channels: number;
  /** Rows at a time that the model is made for; any number where undefined. */
  readonly batch: number | undefined;
}

/** What the user says about a model whose input does not. */
export interface InputHints {
  /** Default: where the axis of 1 or 3 channels is. */
  readonly layout?: ImageLayout;
  /** The height and width for models that take any. Default: that of the rows. */
  readonly size?: readonly [number, number];
}

/**
 * What a model with an input of some shape is given of rows of another.
 *
 * @param shape lengths of the input's axes; undefined where the model leaves them open
 * @throws ShapeError where rows cannot be made to fit, ConfigError where the layout cannot be told
 */
export function fitInput(
  name: string,
  shape: readonly (number | undefined)[],
  exampleShape: readonly number[],
  { layout: wanted, size: asked }: InputHints = {},
): OnnxInput {
  const received = `rows of shape [${exampleShape.join(', ')}]`;
  const takes = `${name} takes [${shape.map((length) => length ?? '?').join(', ')}]`;
  const [batch] = shape;
  const numbers = exampleSize(exampleShape);
  if (shape.length === 2 && (shape[1] ?? numbers) === numbers)
    return { layout: 'flat', size: undefined, channels: 1, batch };
  if (shape.length !== 4 || !isImageShape(exampleShape))
    throw new ShapeError(
      `${takes}, which cannot be made of ${received}. A feature model takes images, [N, C, H, W] or [N, H, W, C], or rows of as many ` +
        'numbers as the data have, [N, numbers].',
    );
  const [, second, third, fourth] = shape;
  const layout = wanted ?? layoutOf(second, fourth);
  if (layout === undefined)
    throw new ConfigError(
      `${takes}; which axis holds the channels cannot be told from that. Say it: layout NCHW or NHWC.`,
    );
  const [height, width] = layout === 'NCHW' ? [third, fourth] : [second, third];
  const own = exampleShape[2];
  const channels = (layout === 'NCHW' ? second : fourth) ?? own;
  if (channels !== own && own !== 1)
    throw new ShapeError(
      `${takes}, images of ${channels} channels, which cannot be made of ${received}. Grey images are given to models of colours, not the ` +
        'other way round.',
    );
  const size = [height ?? asked?.[0] ?? exampleShape[0], width ?? asked?.[1] ?? exampleShape[1]] as const;
  if (asked !== undefined && asked.join() !== size.join())
    throw new ConfigError(
      `${takes}, images of ${size.join('x')}, so that the size ${asked.join('x')} cannot be given to it.`,
    );
  return { layout, size, channels, batch };
}

/** The program that makes a model's input of rows [N, ...exampleShape]. */
export function inputProgram(
  { layout, size, channels }: OnnxInput,
  exampleShape: readonly number[],
  scale: PixelScale,
): Program {
  const x = batchInput('x', exampleShape);
  if (layout === 'flat' || size === undefined)
    return { name: 'feature-input', results: { images: pixelScales[scale](flatten(x)) } };
  const resized = resizeBilinear(x, { size });
  const coloured =
    channels === exampleShape[2]
      ? resized
      : concat(
          Array.from({ length: channels }, () => resized),
          -1,
        );
  const scaled = pixelScales[scale](coloured);
  return {
    name: 'feature-input',
    results: { images: layout === 'NCHW' ? transpose(scaled, [0, 3, 1, 2]) : scaled },
  };
}

function layoutOf(second: number | undefined, fourth: number | undefined): ImageLayout | undefined {
  const isFirst = isChannels(second);
  if (isFirst === isChannels(fourth)) return undefined;
  return isFirst ? 'NCHW' : 'NHWC';
}

function isChannels(length: number | undefined): boolean {
  return length === 1 || length === 3;
}

function colours(values: readonly number[]): Tensor {
  return constant(Float32Array.from(values), [values.length], 'float32');
}
