// Draws images row by row and pixel by pixel with the two sampling programs.
import { random } from '../../../runtime/random.js';
import {
  type CompiledProgram,
  type CompiledStepProgram,
  float32,
  type Runtime,
  type Value,
  type Values,
} from '../../../runtime/runtime.js';
import { lowerLoop, lowerProgram } from '../../../tensor/program.js';
import { type Architecture, weightInputs } from './architecture.js';
import type { PixelOutput } from './outputs.js';
import { keptName, keptPixels, keptRows, nextRows, pixelProgram, rowProgram } from './sampling-programs.js';

/** Images drawn at a time. */
const drawBatch = 64;

/** What drawing needs. */
export interface DrawRequest {
  readonly runtime: Runtime;
  readonly architecture: Architecture;
  readonly output: PixelOutput;
  /** The names under which the weights are found. */
  readonly rename: (name: string) => string;
  readonly weights: Values;
  readonly count: number;
  /** The class of each image, for conditional models. */
  readonly labels: Int32Array | undefined;
  readonly seed: number;
}

/** Images [count, H, W, C]. The programs are compiled for as many images as are drawn at a time. */
export async function drawImages(request: DrawRequest): Promise<Float32Array> {
  const { runtime, architecture, output, rename, weights, count, labels, seed } = request;
  const { height, width, channels } = architecture;
  const size = height * width * channels;
  const images = new Float32Array(count * size);
  const row = await runtime.compile(lowerProgram(rowProgram(architecture, weightInputs(architecture, rename))));
  let pixel: CompiledStepProgram | undefined;
  let compiledFor = 0;
  try {
    for (let first = 0; first < count; first += drawBatch) {
      const part = Math.min(drawBatch, count - first);
      if (pixel === undefined || part !== compiledFor) {
        await pixel?.dispose();
        const program = pixelProgram(architecture, output, weightInputs(architecture, rename), rename, part);
        pixel = await runtime.compileStep(lowerLoop(program));
        compiledFor = part;
        await pixel.write(pick(weights, pixel.variables));
      }
      const uniform = uniformFor(architecture, output, seed, first, part);
      const drawn = { row, pixel, uniform, labels: labels?.subarray(first, first + part), count: part };
      images.set(await drawPart(architecture, output, pick(weights, row.inputs), drawn), first * size);
    }
  } finally {
    await pixel?.dispose();
    await row.dispose();
  }
  return images;
}

interface Part {
  readonly row: CompiledProgram;
  /** Compiled for `count` images, its weights written. */
  readonly pixel: CompiledStepProgram;
  readonly count: number;
  readonly labels: Int32Array | undefined;
  readonly uniform: Float32Array;
}

/** Uniform numbers for images `first` to `first + count - 1` of a sample: an image's own depend on seed and place only. */
export function uniformFor(
  architecture: Architecture,
  output: PixelOutput,
  seed: number,
  first: number,
  count: number,
): Float32Array {
  const { height, width, channels } = architecture;
  const size = height * width * channels * output.draws;
  const uniform = new Float32Array(count * size);
  const stream = random(seed).split('pixels');
  for (let image = 0; image < count; image++) uniform.set(stream.split(first + image).uniform(size), image * size);
  return uniform;
}

async function drawPart(
  architecture: Architecture,
  output: PixelOutput,
  weights: Values,
  { row, pixel, count, labels, uniform }: Part,
): Promise<Float32Array> {
  const { height, width, channels } = architecture;
  const images = new Float32Array(count * height * width * channels);
  const zeros = (shape: readonly number[]): Value =>
    float32(new Float32Array(shape.reduce((a, b) => a * b, count)), [count, ...shape]);
  let rows: Values = Object.fromEntries(
    keptRows(architecture).flatMap((shape, layer) =>
      shape[0] === 0 ? [] : [[keptName('rows', layer), zeros(shape)] as const],
    ),
  );
  const label: Values =
    labels === undefined ? {} : { label: { dtype: 'int64', shape: [count], data: BigInt64Array.from(labels, BigInt) } };
  let above = new Float32Array(count * width * channels);
  for (let y = 0; y < height; y++) {
    const results = await row.run({
      ...weights,
      ...rows,
      ...label,
      row: float32(above, [count, 1, width, channels]),
      isLater: float32(Float32Array.of(y === 0 ? 0 : 1), [1]),
    });
    rows = Object.fromEntries(
      keptRows(architecture).flatMap((_, layer) => {
        const next = results[nextRows(layer)];
        return next === undefined ? [] : [[keptName('rows', layer), next] as const];
      }),
    );
    await pixel.write({
      ...Object.fromEntries(keptPixels(architecture).map((shape, layer) => [keptName('pixels', layer), zeros(shape)])),
      drawn: zeros([width, channels]),
      column: { dtype: 'int64', shape: [1], data: BigInt64Array.of(0n) },
    });
    await pixel.run(width, {
      link: copyOf(results.links),
      uniform: uniformOfRow(uniform, y, architecture, output, count),
    });
    const { drawn } = await pixel.read(['drawn']);
    above = copyOf(drawn);
    for (let image = 0; image < count; image++)
      images.set(
        above.subarray(image * width * channels, (image + 1) * width * channels),
        (image * height + y) * width * channels,
      );
  }
  return images;
}

/** A row's uniform numbers, [W, count, C, draws]. */
function uniformOfRow(
  uniform: Float32Array,
  y: number,
  { height, width, channels }: Architecture,
  { draws }: PixelOutput,
  count: number,
): Float32Array {
  const size = channels * draws;
  const result = new Float32Array(width * count * size);
  for (let x = 0; x < width; x++)
    for (let image = 0; image < count; image++) {
      const from = ((image * height + y) * width + x) * size;
      result.set(uniform.subarray(from, from + size), (x * count + image) * size);
    }
  return result;
}

function copyOf(value: Value | undefined): Float32Array<ArrayBuffer> {
  return value?.data instanceof Float32Array ? Float32Array.from(value.data) : new Float32Array();
}

function pick(values: Values, wanted: readonly { readonly name: string }[]): Values {
  return Object.fromEntries(
    wanted.flatMap(({ name }) => (values[name] === undefined ? [] : [[name, values[name]] as const])),
  );
}
