// Differentiable augmentation: each change against a plain loop over pixels, gradients, on the device as in float64, errors.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ShapeError, UnknownNameError } from '../../../core/errors.js';
import { array, assertGradients, assertNear, numbers, randomArray } from '../../../nn/numeric.test.support.js';
import { openRuntime } from '../../../runtime/node/open.js';
import { random } from '../../../runtime/random.js';
import { float32 } from '../../../runtime/runtime.js';
import { gradients } from '../../../tensor/gradient.js';
import { multiply, square } from '../../../tensor/index.js';
import { sum } from '../../../tensor/operators/reduce.js';
import { constant, input } from '../../../tensor/operators/source.js';
import { batchInput, lowerProgram } from '../../../tensor/program.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { type AugmentationName, augment, augmentations, drawsPerImage } from './augment.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const names = Object.keys(augmentations).map((name): AugmentationName => {
  assert.ok(name === 'colour' || name === 'translation' || name === 'cutout');
  return name;
});
const [count, height, width] = [5, 9, 6] as const;
const drawsFor = (policy: readonly AugmentationName[], seed: number, rows: number = count) =>
  array([rows, drawsPerImage(policy)], random(seed).uniform(rows * drawsPerImage(policy)));

/** The changed images and the pixels they were made of, by position. */
function changed(name: AugmentationName, channels: number, seed: number) {
  const shape = [count, height, width, channels];
  const feeds = { x: randomArray(shape, seed), draws: drawsFor([name], seed + 1) };
  const result = numbers(augment(input('x', shape), input('draws', feeds.draws.shape), [name]), feeds);
  const place = (image: number, row: number, column: number, channel: number): number =>
    ((image * height + row) * width + column) * channels + channel;
  const before = (image: number, row: number, column: number, channel = 0): number =>
    row < 0 || row >= height || column < 0 || column >= width ? 0 : feeds.x.data[place(image, row, column, channel)]!;
  const draw = (image: number, column: number): number =>
    feeds.draws.data[image * drawsPerImage([name]) + column] ?? Number.NaN;
  const expect = (pixel: (image: number, row: number, column: number, channel: number) => number): void => {
    for (let image = 0; image < count; image++)
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++)
          for (let channel = 0; channel < channels; channel++)
            assertNear(
              [result[place(image, row, column, channel)] ?? Number.NaN],
              [pixel(image, row, column, channel)],
              1e-12,
              `${name} at ${[image, row, column, channel]}`,
            );
  };
  return { before, draw, expect };
}

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;

for (const channels of [1, 3])
  test(`colour of ${channels} channels is brightness, then saturation, then contrast`, () => {
    const { before, draw, expect } = changed('colour', channels, 1);
    const all = Array.from({ length: channels }, (_, channel) => channel);
    const brighter = (image: number, row: number, column: number, channel: number): number =>
      before(image, row, column, channel) + draw(image, 0) - 0.5;
    const saturated = (image: number, row: number, column: number, channel: number): number => {
      const grey = average(all.map((other) => brighter(image, row, column, other)));
      return grey + 2 * draw(image, 1) * (brighter(image, row, column, channel) - grey);
    };
    const means = Array.from({ length: count }, (_, image) => {
      const values: number[] = [];
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++)
          for (const channel of all) values.push(saturated(image, row, column, channel));
      return average(values);
    });
    expect((image, row, column, channel) => {
      const level = means[image] ?? Number.NaN;
      return level + (draw(image, 2) + 0.5) * (saturated(image, row, column, channel) - level);
    });
  });

test('translation moves each image by its own pixels, at most an eighth, and brings zeros in', () => {
  const { before, draw, expect } = changed('translation', 2, 2);
  const shifts = Array.from({ length: count }, (_, image) => [
    Math.floor(draw(image, 0) * 3) - 1,
    Math.floor(draw(image, 1) * 3) - 1,
  ]);
  assert.ok(new Set(shifts.map(String)).size > 1);
  expect((image, row, column, channel) =>
    before(image, row - (shifts[image]?.[0] ?? 0), column - (shifts[image]?.[1] ?? 0), channel),
  );
});

test('translation reaches every shift from -4 to 4 on 32 pixels, even for the largest number below 1', () => {
  const largest = 1 - 2 ** -24;
  const uniform = [...Array.from({ length: 9 }, (_, i) => (i + 0.5) / 9), 0, largest];
  const x = new Float64Array(uniform.length * 32 * 32);
  for (let image = 0; image < uniform.length; image++) x[image * 1024 + 16 * 32 + 16] = 1;
  const feeds = {
    x: array([uniform.length, 32, 32, 1], x),
    draws: array(
      [uniform.length, 2],
      uniform.flatMap((value) => [value, 0.5]),
    ),
  };
  const moved = numbers(augment(input('x', feeds.x.shape), input('draws', feeds.draws.shape), ['translation']), feeds);
  const rows = uniform.map(
    (_, image) => Math.floor(moved.slice(image * 1024, (image + 1) * 1024).indexOf(1) / 32) - 16,
  );
  assert.deepEqual(rows, [-4, -3, -2, -1, 0, 1, 2, 3, 4, -4, 4]);
});

test('cutout zeroes a square of half the sides around a centre anywhere on the image', () => {
  const { before, draw, expect } = changed('cutout', 2, 3);
  // Of 9 rows 5 are cut around one of 9 centres; of 6 columns 3 around one of 6.
  const isCut = (position: number, centre: number, size: number): boolean =>
    position >= centre - Math.floor(size / 2) && position < centre - Math.floor(size / 2) + size;
  expect((image, row, column, channel) =>
    isCut(row, Math.floor(draw(image, 0) * 9), 5) && isCut(column, Math.floor(draw(image, 1) * 6), 3)
      ? 0
      : before(image, row, column, channel),
  );
});

const shape = [3, 5, 4, 2];
const x = input('x', shape);
const draws = input('draws', [3, 7]);
const coefficients = randomArray(shape, 9);
const loss = sum(multiply(square(augment(x, draws, names)), constant(coefficients.data, shape)));

test('gradients with respect to images, and those of gradient norms, are those of central differences', () => {
  const feeds = { x: randomArray(shape, 4), draws: drawsFor(names, 5, 3) };
  assertGradients(loss, [x], feeds);
  assertGradients(sum(square(gradients(loss, [x])[0]!)), [x], feeds, 1e-5);
});

test('on the device values and gradients are those of float64', async () => {
  const feeds = { x: randomArray(shape, 6), draws: drawsFor(names, 7, 3) };
  const results: Record<string, Tensor> = { changed: augment(x, draws, names), slope: gradients(loss, [x])[0]! };
  const program = await runtime.compile(lowerProgram({ name: 'augment', results }));
  const actual = await program.run({
    x: float32(Float32Array.from(feeds.x.data), shape),
    draws: float32(Float32Array.from(feeds.draws.data), [3, 7]),
  });
  for (const [name, tensor] of Object.entries(results))
    assertNear(Array.from(actual[name]?.data ?? [], Number), numbers(tensor, feeds), 1e-5, name);
});

test('no augmentation leaves images alone; what does not fit is refused', () => {
  assert.equal(augment(x, draws, []), x);
  assert.equal(drawsPerImage(names), 7);
  assert.throws(
    () => augment(x, draws, ['cutout']),
    (error) => error instanceof ShapeError && /draws of \[3, 7\] for cutout; expected \[3, 2\]/.test(error.message),
  );
  assert.throws(() => augment(input('x', [3, 2]), draws, names), /received \[3, 2\]; expected images/);
  assert.throws(
    () => augment(batchInput('x', [5, 4, 2]), batchInput('draws', [2]), ['translation']),
    (error) => error instanceof ShapeError && /number of images to translate/.test(error.message),
  );
  // @ts-expect-error A name that configurations may hold.
  assert.throws(() => augment(x, draws, ['color']), UnknownNameError);
});
