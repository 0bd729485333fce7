import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { dcgan } from './dcgan.js';

const noiseImages = (count: number, shape: readonly [number, number, number]) =>
  fromArrays({ x: random(1).uniform(count * shape[0] * shape[1] * shape[2]), shape, name: 'noise images' });

test('the networks fit images of any size from 8, any channels, any filter and either way up', () => {
  const shapes = [
    [8, 8, 1],
    [9, 8, 2],
    [28, 28, 1],
    [29, 31, 3],
    [32, 32, 3],
    [17, 40, 4],
    [64, 64, 1],
    [8, 100, 1],
  ] as const;
  for (const shape of shapes)
    for (const kernel of [2, 3, 4, 5, 9])
      for (const upsampling of ['transposed', 'resize'] as const) {
        const { generator, discriminator } = dcgan({ kernel, upsampling, channels: 2, latentSize: 5 }).gameFor(shape);
        assert.deepEqual(generator.outputShape, shape, `${shape} kernel ${kernel} ${upsampling}`);
        assert.deepEqual(discriminator.outputShape, [1]);
      }
});

test('28 x 28 images: 7 x 7 x 128 up to 14 x 14 x 64 up to 28 x 28, and down again', () => {
  const { generator, discriminator } = dcgan().gameFor([28, 28, 1]);
  const shapeOf = (name: string) => ({ ...generator.parameters, ...discriminator.parameters })[name]?.shape;
  assert.deepEqual(shapeOf('generator/project/weight'), [100, 7 * 7 * 128]);
  assert.deepEqual(shapeOf('generator/norm1/scale'), [64]);
  assert.deepEqual(shapeOf('discriminator/norm2/scale'), [128]);
  assert.deepEqual(shapeOf('discriminator/logit/weight'), [7 * 7 * 128, 1]);
  // The paper leaves batch norm out where images come in and go out.
  assert.equal(shapeOf('generator/norm2/scale'), undefined);
  assert.equal(shapeOf('discriminator/norm1/scale'), undefined);
});

test('channels double up to eight times, so that large images stay affordable', () => {
  const { discriminator } = dcgan({ channels: 3 }).gameFor([512, 512, 1]);
  const filters = [1, 2, 3, 4, 5, 6, 7].map((level) =>
    discriminator.parameters[`discriminator/down${level}/weight`]?.shape.at(-1),
  );
  assert.deepEqual(filters, [3, 6, 12, 24, 24, 24, 24]);
});

test('rows that are no images, or too small ones, are refused with a hint', async () => {
  for (const shape of [[2], [28, 28], [7, 28, 1], [28, 7, 3], [2, 8, 8, 1]])
    assert.throws(
      () => dcgan().gameFor(shape),
      (error) => {
        assert.ok(error instanceof ShapeError);
        assert.match(error.message, new RegExp(`\\[${shape.join(', ')}\\].*at least 8x8.*use gan`));
        return true;
      },
    );
});

test('options out of range are refused, naming the option and the value', () => {
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ channels: 0 }, /"channels" is 0/],
    [{ kernel: 1 }, /"kernel" is 1/],
    [{ kernel: 2.5 }, /"kernel" is 2.5/],
    [{ upsampling: 'bilinear' }, /"upsampling" is "bilinear"/],
    [{ chanels: 3 }, /no option "chanels"\. Did you mean "channels"\?/],
    [{ learningRate: 0 }, /"learningRate" is 0/],
    [{ ema: 1 }, /"ema" is 1/],
  ];
  for (const [options, message] of wrong)
    assert.throws(
      () => dcgan(options),
      (error) => error instanceof ConfigError && message.test(error.message),
    );
});

for (const shape of [
  [29, 31, 3],
  [32, 32, 3],
] as const)
  test(`images of ${shape.join(' x ')} can be learnt from and drawn`, async () => {
    const model = dcgan({ channels: 2, latentSize: 4, ema: 0.9 });
    const report = await model.fit(noiseImages(12, shape), { steps: 2, batchSize: 4, seed: 1, threads: 1 });
    assert.equal(report.iterations, 2);
    const samples = await model.sample(5, { seed: 1 });
    assert.deepEqual(samples.shape, [5, ...shape]);
    assert.ok(samples.data.every((value) => value >= 0 && value <= 1));
    await model.dispose();
  });
