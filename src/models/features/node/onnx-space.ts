// Any ONNX model as a feature space: Inception, so that distances compare with published ones, or a network of the user's own. Its input is
// made of rows by resizing and scaling, its output is flattened.
import { basename } from 'node:path';
import { openRuntime } from '#runtime';
import { digest } from '../../../core/digest.js';
import { ConfigError } from '../../../core/errors.js';
import { lookUp } from '../../../core/nearest.js';
import { exampleSize } from '../../../data/dataset.js';
import type { Samples } from '../../contract.js';
import { extractParts, type FeatureSpace } from '../feature-space.js';
import { fitInput, type InputHints, type PixelScale, pixelScales } from '../onnx-input.js';
import { OnnxFeatures } from './onnx-features.js';
import { readOnnxFile } from './onnx-file.js';

/** How rows are given to a feature model, and what is taken of it. */
export interface OnnxSpaceOptions extends InputHints {
  /** The range of pixels. Default `unit`: [0, 1]. */
  readonly scale?: PixelScale;
  /** The name of the output, for models with several. */
  readonly output?: string;
  readonly threads?: number;
}

/**
 * The space of an ONNX model's output, flattened.
 *
 * @param file an ONNX file with one float32 input, [N, C, H, W], [N, H, W, C] or [N, numbers]
 * @throws DatasetError for a file that cannot be read, FileFormatError for one that is no ONNX model or that the runtime refuses
 * @throws ShapeError for a model whose input cannot be made of the rows, ConfigError for one that needs more to be said about it
 * @example const space = await onnxSpace('inception.onnx', [32, 32, 3], { scale: 'signed' });
 */
export async function onnxSpace(
  file: string,
  exampleShape: readonly number[],
  options: OnnxSpaceOptions = {},
): Promise<FeatureSpace> {
  const { scale = 'unit', output, threads } = options;
  lookUp('scale', pixelScales, scale);
  const name = `onnx:${basename(file)}${scale === 'unit' ? '' : ` of ${scale} pixels`}`;
  const model = await readOnnxFile(file, output);
  const fitted = fitInput(name, model.input.shape ?? [], exampleShape, options);
  if (scale === 'imagenet' && fitted.channels !== 3)
    throw new ConfigError(`${name}: the scale imagenet is for three channels; the model takes ${fitted.channels}.`);
  const open = async () => {
    const runtime = await openRuntime(threads === undefined ? {} : { threads });
    try {
      return { runtime, features: await OnnxFeatures.open({ model, runtime, fitted, exampleShape, scale }) };
    } catch (error) {
      await runtime.dispose();
      throw error;
    }
  };
  // Two rows tell a width, and whether rows are kept apart.
  const zeros = new Float32Array(2 * exampleSize(exampleShape));
  let opened: ReturnType<typeof open> | undefined = open();
  const featuresOf = async (part: Samples): Promise<Float32Array> => {
    opened ??= open();
    return (await opened).features.of(part);
  };
  const dispose = async (): Promise<void> => {
    const closing = opened;
    opened = undefined;
    await (await closing)?.runtime.dispose();
  };
  try {
    const width = (await featuresOf({ data: zeros, shape: [2, ...exampleShape] })).length / 2;
    const space = { name, exampleShape, width };
    return {
      ...space,
      identity: () => digest([JSON.stringify([fitted, exampleShape, scale, model.output]), model.bytes]),
      extract: (rows, extracting) =>
        extractParts(space, rows, async (part) => ({ features: await featuresOf(part) }), extracting),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
