// A feature model on a device: rows in, features out, some at a time.
import { basename } from 'node:path';
import { ConfigError, FileFormatError, ShapeError, VerisimError } from '../../../core/errors.js';
import { exampleSize, isImageShape } from '../../../data/dataset.js';
import { fromArrays } from '../../../data/from-arrays.js';
import { resizeImages } from '../../../data/image-size.js';
import { type CompiledProgram, float32, type Runtime, type Values } from '../../../runtime/runtime.js';
import { lowerProgram, type ProgramInput } from '../../../tensor/program.js';
import { batch } from '../../../tensor/shape.js';
import type { Samples } from '../../contract.js';
import { inputProgram, type OnnxInput, type PixelScale } from '../onnx-input.js';
import type { OnnxFile } from './onnx-file.js';

/** Numbers handed to the model at a time, at most. */
const batchNumbers = 2 ** 22;

/** A feature model and what it is given. */
export interface OnnxRequest {
  readonly model: OnnxFile;
  readonly runtime: Runtime;
  readonly fitted: OnnxInput;
  readonly exampleShape: readonly number[];
  readonly scale: PixelScale;
}

/** A model on a device, and the program that makes its input. */
export class OnnxFeatures {
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
    const { model: source, runtime, fitted, scale } = request;
    const { file, bytes, input, output } = source;
    const program = lowerProgram(inputProgram(fitted, preparedShape(request), scale));
    const inputs: ProgramInput[] = [
      { name: input.name, dtype: 'float32', shape: [batch, ...shapeOf(fitted, request)] },
    ];
    const compile = () => runtime.compile({ name: basename(file), model: bytes, inputs, results: [output] });
    return new OnnxFeatures(request, await runtime.compile(program), await refusable(file, compile));
  }

  /** The features [N, width] of rows. @throws ShapeError where the output does not have the rows as its first axis */
  async of(rows: Samples): Promise<Float32Array> {
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
      parts.push(await this.#run({ [this.#request.model.input.name]: images }, given, taken));
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
    const { file, output: name } = this.#request.model;
    const { [name]: output } = await refusable(file, () => this.#model.run(feeds));
    if (output?.dtype !== 'float32' || !(output.data instanceof Float32Array))
      throw new ConfigError(
        `The output "${name}" of ${file} is of ${output?.dtype ?? 'no'} numbers; features are float32.`,
      );
    if (output.shape[0] !== given || output.data.length === 0)
      throw new ShapeError(
        `The output "${name}" of ${file} is [${output.shape.join(', ')}] for ${given} rows; its first axis has to be the rows.`,
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
