// Any ONNX model as a feature space: Inception, so that distances compare with published ones, or a network of the user's own. Its input is
// made of rows by resizing and scaling, its output is flattened.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { openRuntime } from '#runtime';
import { ConfigError, DatasetError, FileFormatError, ShapeError, VerisimError } from '../../../core/errors.js';
import { lookUp } from '../../../core/nearest.js';
import { exampleSize, isImageShape } from '../../../data/dataset.js';
import { fromArrays } from '../../../data/from-arrays.js';
import { resizeImages } from '../../../data/image-size.js';
import { type CompiledProgram, float32, type Runtime, type Values } from '../../../runtime/runtime.js';
import { describeModel, type ModelDescription, type ModelValue } from '../../../tensor/onnx/describe-model.js';
import { lowerProgram, type ProgramInput } from '../../../tensor/program.js';
import { batch } from '../../../tensor/shape.js';
import type { Samples } from '../../contract.js';
import { extractParts, type FeatureSpace } from '../feature-space.js';
import {
  fitInput,
  type InputHints,
  inputProgram,
  type OnnxInput,
  type PixelScale,
  pixelScales,
} from '../onnx-input.js';

/** How rows are given to a feature model, and what is taken of it. */
export interface OnnxSpaceOptions extends InputHints {
  /** The range of pixels. Default `unit`: [0, 1]. */
  readonly scale?: PixelScale;
  /** The name of the output, for models with several. */
  readonly output?: string;
  readonly threads?: number;
}

/** Numbers handed to the model at a time, at most. */
const batchNumbers = 2 ** 22;

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
  const bytes = await readModel(file);
  const description = describedModel(file, bytes);
  const taken = onlyInput(file, description);
  const fitted = fitInput(name, taken.shape ?? [], exampleShape, options);
  if (scale === 'imagenet' && fitted.channels !== 3)
    throw new ConfigError(`${name}: the scale imagenet is for three channels; the model takes ${fitted.channels}.`);
  const result = chosenOutput(file, description, output);
  const runtime = await openRuntime(threads === undefined ? {} : { threads });
  try {
    const model = await OnnxFeatures.open({
      file,
      bytes,
      runtime,
      fitted,
      exampleShape,
      scale,
      input: taken.name,
      result,
    });
    // Two rows tell a width, and whether rows are kept apart.
    const zeros = new Float32Array(2 * exampleSize(exampleShape));
    const width = (await model.features({ data: zeros, shape: [2, ...exampleShape] })).length / 2;
    const space = { name, exampleShape, width };
    return {
      ...space,
      extract: (rows, extracting) =>
        extractParts(space, rows, async (part) => ({ features: await model.features(part) }), extracting),
      dispose: () => runtime.dispose(),
    };
  } catch (error) {
    await runtime.dispose();
    throw error;
  }
}

interface OnnxRequest {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly runtime: Runtime;
  readonly fitted: OnnxInput;
  readonly exampleShape: readonly number[];
  readonly scale: PixelScale;
  /** The names of the model's input and output. */
  readonly input: string;
  readonly result: string;
}

/** A model on a device, and the program that makes its input. */
class OnnxFeatures {
  readonly #request: OnnxRequest;
  readonly #prepare: CompiledProgram;
  readonly #model: CompiledProgram;

  private constructor(request: OnnxRequest, prepare: CompiledProgram, model: CompiledProgram) {
    this.#request = request;
    this.#prepare = prepare;
    this.#model = model;
  }

  /** @throws FileFormatError for a model that the runtime refuses */
  static async open(request: OnnxRequest): Promise<OnnxFeatures> {
    const { file, bytes, runtime, fitted, scale, input, result } = request;
    const program = lowerProgram(inputProgram(fitted, preparedShape(request), scale));
    const inputs: ProgramInput[] = [{ name: input, dtype: 'float32', shape: [batch, ...shapeOf(fitted, request)] }];
    const compile = () => runtime.compile({ name: basename(file), model: bytes, inputs, results: [result] });
    return new OnnxFeatures(request, await runtime.compile(program), await refusable(file, compile));
  }

  /** The features [N, width] of rows. @throws ShapeError where the output does not have the rows as its first axis */
  async features(rows: Samples): Promise<Float32Array> {
    const { fitted, exampleShape } = this.#request;
    const [count = 0] = rows.shape;
    const prepared = await shrunk(rows, fitted, exampleShape);
    const size = prepared.data.length / count;
    const shape = shapeOf(fitted, this.#request);
    const numbers = Math.max(size, exampleSize(shape));
    const most = fitted.batch ?? Math.max(1, Math.min(256, Math.floor(batchNumbers / numbers)));
    const parts: Float32Array[] = [];
    for (let first = 0; first < count; first += most) {
      const taken = Math.min(most, count - first);
      // A model made for so many rows at a time is given rows of zeros where there are fewer.
      const given = fitted.batch ?? taken;
      const x = new Float32Array(given * size);
      x.set(prepared.data.subarray(first * size, (first + taken) * size));
      const { images } = await this.#prepare.run({ x: float32(x, [given, ...prepared.shape.slice(1)]) });
      if (images === undefined) throw new VerisimError('The program of the input of a feature model gave nothing.');
      parts.push(await this.#run({ [this.#request.input]: images }, given, taken));
    }
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  async #run(feeds: Values, given: number, taken: number): Promise<Float32Array> {
    const { file, result } = this.#request;
    const { [result]: output } = await refusable(file, () => this.#model.run(feeds));
    if (output?.dtype !== 'float32' || !(output.data instanceof Float32Array))
      throw new ConfigError(
        `The output "${result}" of ${file} is of ${output?.dtype ?? 'no'} numbers; features are float32.`,
      );
    if (output.shape[0] !== given || output.data.length === 0)
      throw new ShapeError(
        `The output "${result}" of ${file} is [${output.shape.join(', ')}] for ${given} rows; its first axis has to be the rows.`,
      );
    return output.data.slice(0, (output.data.length / given) * taken);
  }
}

/** Rows with images no larger than the model's: shrinking averages over pixels, which the program's resizing does not. */
async function shrunk(rows: Samples, { size }: OnnxInput, exampleShape: readonly number[]): Promise<Samples> {
  const shape = smallerShape(size, exampleShape);
  if (shape === undefined) return rows;
  const [count = 0] = rows.shape;
  const images = resizeImages(fromArrays({ x: rows.data, shape: exampleShape }), [shape[0], shape[1]]);
  const { x } = await images.gather(Uint32Array.from({ length: count }, (_, i) => i));
  return { data: x, shape: [count, ...shape] };
}

function smallerShape(
  size: OnnxInput['size'],
  exampleShape: readonly number[],
): readonly [number, number, number] | undefined {
  if (size === undefined || !isImageShape(exampleShape)) return undefined;
  const [height, width, channels] = exampleShape;
  if (size[0] >= height && size[1] >= width) return undefined;
  return [Math.min(size[0], height), Math.min(size[1], width), channels];
}

function preparedShape({ fitted, exampleShape }: OnnxRequest): readonly number[] {
  return smallerShape(fitted.size, exampleShape) ?? exampleShape;
}

/** The shape of one row as the model takes it. */
function shapeOf({ layout, size, channels }: OnnxInput, { exampleShape }: OnnxRequest): readonly number[] {
  if (layout === 'flat' || size === undefined) return [exampleSize(exampleShape)];
  return layout === 'NCHW' ? [channels, ...size] : [...size, channels];
}

async function readModel(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new DatasetError(
      `The feature model ${file} cannot be read (${error instanceof Error ? error.message : error}). Give the path of an ONNX file.`,
    );
  }
}

function describedModel(file: string, bytes: Uint8Array): ModelDescription {
  let description: ModelDescription;
  try {
    description = describeModel(bytes);
  } catch (error) {
    throw new FileFormatError(file, `is no ONNX model (${error instanceof Error ? error.message : error}).`);
  }
  if (description.hasExternalData)
    throw new FileFormatError(file, 'keeps its weights in other files beside it. Save it as one file.');
  return description;
}

function onlyInput(file: string, { inputs }: ModelDescription): ModelValue {
  const [first, ...others] = inputs;
  if (first === undefined || others.length > 0)
    throw new FileFormatError(
      file,
      `has ${inputs.length} inputs (${inputs.map(({ name }) => name).join(', ')}); a feature model has one, which takes images.`,
    );
  if (first.type !== 'FLOAT')
    throw new FileFormatError(
      file,
      `takes ${first.type} numbers; a feature model takes float32. Export it with a float input.`,
    );
  return first;
}

function chosenOutput(file: string, { outputs }: ModelDescription, wanted: string | undefined): string {
  const names = outputs.map(({ name }) => name);
  if (wanted !== undefined) return lookUp('output', Object.fromEntries(names.map((name) => [name, name])), wanted);
  const [first, ...others] = names;
  if (first === undefined || others.length > 0)
    throw new ConfigError(
      `${file} has ${names.length} outputs: ${names.join(', ')}. Say which one holds the features.`,
    );
  return first;
}

/** What the runtime says about a model that it cannot load or run, with the file it is about. */
async function refusable<Result>(file: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof ShapeError) throw error;
    throw new FileFormatError(
      file,
      `cannot be run as a feature model. ${error instanceof Error ? error.message : error}`,
    );
  }
}
