// Every kind of picture, of models of small data made on the spot.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { type Dataset, fromArrays, openDataset, subset } from '../../data/index.js';
import { svgToPng } from '../../plot/index.js';
import { random } from '../../runtime/random.js';
import { autoencoder } from '../autoencoder/autoencoder.js';
import { gaussianBayes } from '../bayes/gaussian-bayes.js';
import { naiveBayes } from '../bayes/naive-bayes.js';
import type { GenerativeModel, Samples } from '../contract.js';
import { kernelDensity } from '../kernel/kernel-density.js';
import { gaussianMixture } from '../mixture/gaussian-mixture.js';
import { kMeans } from '../mixture/k-means.js';
import { pca } from '../subspace/pca.js';
import { densityAxes, viewLimits } from './density-axis.js';
import { drawPictures } from './draw-pictures.js';
import { latentGridPortrait } from './latent-grid.js';

/** Images of two classes: the left or the right half is light. */
const halves = fromArrays({
  x: Float32Array.from({ length: 40 * 16 }, (_, i) => {
    const [image, column] = [Math.floor(i / 16), i % 4];
    return image % 4 < 3 === column < 2 ? 0.75 + (image % 5) / 20 : 0.05 * (image % 3);
  }),
  shape: [4, 4, 1],
  labels: Array.from({ length: 40 }, (_, image) => (image % 4 < 3 ? 0 : 1)),
  classes: ['left', 'right'],
  name: 'halves',
});

async function fitted<Model extends GenerativeModel>(model: Model, data: Dataset): Promise<Model> {
  await model.fit(data, { seed: 0 });
  return model;
}

/** The pixels of the images embedded in a figure, one after the other. */
async function embedded(svg: string): Promise<{ data: Buffer; width: number; height: number; channels: number }[]> {
  const found = [...svg.matchAll(/href="data:image\/png;base64,([^"]+)"/g)];
  return Promise.all(
    found.map(async ([, base64 = '']) => {
      const { data, info } = await sharp(Buffer.from(base64, 'base64')).raw().toBuffer({ resolveWithObject: true });
      return { data, width: info.width, height: info.height, channels: info.channels };
    }),
  );
}

test('Gaussian Bayes on images: the mean of each class, and a row of samples for each', async () => {
  const model = await fitted(gaussianBayes({ covarianceFloor: 1e-3 }), halves);
  const [means, samples, ...others] = await drawPictures(model, { data: halves, seed: 1 });
  assert.deepEqual(others, []);
  assert.deepEqual(
    [means?.name, means?.title, samples?.name, samples?.title],
    [
      ...['class-means', 'gaussian-bayes on halves: mean image of each class'],
      ...['class-samples', 'gaussian-bayes on halves: samples of each class'],
    ],
  );
  assert.match(means?.svg ?? '', />left<[\s\S]*>right</);
  const [sheet] = await embedded(means?.svg ?? '');
  // Two images of 4 x 4 at 16 pixels each, with gaps of two pixels.
  assert.deepEqual([sheet?.width, sheet?.height], [2 * 64 + 6, 64 + 4]);
  const grey = (x: number): number => sheet?.data[(30 * (sheet?.width ?? 0) + x) * (sheet?.channels ?? 1)] ?? 0;
  const { data: learnt } = model.classMeans();
  for (const [x, pixel] of [
    [10, 0],
    [60, 3],
    [66 + 10, 16],
    [66 + 60, 19],
  ] as const)
    assert.equal(grey(x), Math.round(255 * (learnt[4 + pixel] ?? 0)));
  const [grid] = await embedded(samples?.svg ?? '');
  assert.deepEqual([grid?.width, grid?.height], [10 * 66 + 2, 2 * 66 + 2]);
  assert.equal((await drawPictures(model, { data: halves, seed: 1 }))[1]?.svg, samples?.svg);
  await model.dispose();
});

test('mixtures and clusters show their means, the heaviest first', async () => {
  const mixture = await fitted(
    gaussianMixture({ components: 2, covariance: 'spherical', covarianceFloor: 1e-2 }),
    halves,
  );
  const [means] = await drawPictures(mixture, { data: halves });
  assert.equal(means?.name, 'component-means');
  assert.match(means?.svg ?? '', /below each: its weight[\s\S]*>75 %<[\s\S]*>25 %</);
  const clusters = await fitted(kMeans({ clusters: 2 }), halves);
  const [centres] = await drawPictures(clusters, { data: halves });
  assert.equal(centres?.name, 'centres');
  assert.match(centres?.svg ?? '', />75 %<[\s\S]*>25 %</);
  const [sheet] = await embedded(centres?.svg ?? '');
  // The larger cluster is light at its left.
  assert.ok((sheet?.data[(30 * sheet.width + 10) * sheet.channels] ?? 0) > 150);
  const perClass = await fitted(
    gaussianMixture({ components: 2, covariance: 'spherical', covarianceFloor: 1e-2, perClass: true }),
    halves,
  );
  const pictures = await drawPictures(perClass, { data: halves });
  assert.deepEqual(
    pictures.map(({ name }) => name),
    ['component-means', 'class-samples'],
  );
  assert.match(pictures[0]?.svg ?? '', />left<[\s\S]*>right</);
  for (const model of [mixture, clusters, perClass]) await model.dispose();
});

test('principal components follow the mean, in colours for their sign', async () => {
  const model = await fitted(pca({ components: 3 }), halves);
  const [components] = await drawPictures(model, { data: halves });
  assert.equal(components?.name, 'components');
  assert.match(components?.svg ?? '', />mean<[\s\S]*>\d+ %</);
  const [sheet] = await embedded(components?.svg ?? '');
  const pixel = (x: number): number[] => {
    const start = (30 * (sheet?.width ?? 0) + x) * (sheet?.channels ?? 1);
    return [...(sheet?.data.subarray(start, start + 3) ?? [])];
  };
  assert.equal(new Set(pixel(10)).size, 1);
  const [[red = 0, , blue = 0], [otherRed = 0, , otherBlue = 0]] = [pixel(66 + 10), pixel(66 + 60)];
  // Left and right are opposite in the first component.
  assert.ok((red - blue) * (otherRed - otherBlue) < 0);
  await model.dispose();
});

test('codes of two numbers: rows in their plane by class, and the plane decoded in equal steps of probability', async () => {
  const model = await fitted(pca({ components: 2 }), halves);
  const pictures = await drawPictures(model, { data: halves });
  assert.deepEqual(
    pictures.map(({ name }) => name),
    ['components', 'codes'],
  );
  const codes = pictures[1]?.svg ?? '';
  assert.match(codes, />pca on halves: codes<[\s\S]*>all 40 rows, each in the colour of its class</);
  assert.equal(codes.match(/M[\d.]+,[\d.]+h0/g)?.length, 40 + 2);
  // Without data there are no rows to encode.
  assert.deepEqual(
    (await drawPictures(model)).map(({ name }) => name),
    ['components'],
  );
  await model.dispose();
  const plane = autoencoder({ latentSize: 2, hiddenLayers: [8] });
  await plane.fit(halves, { steps: 5, batchSize: 20, seed: 0 });
  const [grid, scatter, ...others] = await drawPictures(plane, { data: halves });
  assert.deepEqual([grid?.name, scatter?.name, others.length], ['latent-grid', 'codes', 0]);
  const [sheet] = await embedded(grid?.svg ?? '');
  assert.equal(sheet?.width, sheet?.height);
  await plane.dispose();
  const wide = autoencoder({ latentSize: 3, hiddenLayers: [8] });
  await wide.fit(halves, { steps: 5, batchSize: 20, seed: 0 });
  assert.deepEqual(await drawPictures(wide, { data: halves }), []);
  await wide.dispose();
});

test('the plane of codes shows as many codes in each part as the distribution has there', async () => {
  const seen: number[] = [];
  const echo = {
    latentSize: 2,
    decode: async ({ data, shape }: Samples): Promise<Samples> => {
      seen.push(...data);
      return { data: new Float32Array(Number(shape[0])), shape: [Number(shape[0]), 1, 1, 1] };
    },
  };
  const [portrait] = await latentGridPortrait(echo, [1, 1, 1], { mean: [10, -5], deviation: [2, 1] });
  assert.deepEqual([portrait?.images.shape, portrait?.columns], [[225, 1, 1, 1], 15]);
  // statistics.NormalDist().inv_cdf(0.5 / 15) = -1.83391464; in the middle 0
  const corners = [seen.slice(0, 2), seen.slice(-2), seen.slice(2 * 112, 2 * 112 + 2)];
  const expected = [
    [10 - 2 * 1.83391464, -5 + 1.83391464],
    [10 + 2 * 1.83391464, -5 - 1.83391464],
    [10, -5],
  ];
  for (const [corner, code] of corners.entries())
    for (const [axis, value] of code.entries())
      assert.ok(Math.abs(value - (expected[corner]?.[axis] ?? 0)) < 1e-5, `corner ${corner}: ${code.join(', ')}`);
  assert.deepEqual(await latentGridPortrait({ ...echo, latentSize: 3 }, [1, 1, 1]), []);
  assert.deepEqual(await latentGridPortrait(echo, [4]), []);
});

test('one column: the curve of each class and of all over a histogram, in the units of the table', async () => {
  const values = random(3).normal(300);
  const data = fromArrays({
    x: values.map((value, row) => value + (row % 2 === 0 ? 0 : 6)),
    shape: [1],
    labels: Array.from(values, (_, row) => row % 2),
    classes: ['low', 'high'],
    name: 'two bumps',
  });
  const model = await fitted(gaussianBayes(), data);
  const [density, ...others] = await drawPictures(model, { data });
  assert.deepEqual(others, []);
  assert.match(density?.svg ?? '', />gaussian-bayes on two bumps: density<[\s\S]*histogram of 300 rows/);
  assert.match(density?.svg ?? '', />gaussian-bayes<[\s\S]*>low<[\s\S]*>high</);
  assert.ok((density?.svg.match(/fill="#d4dbe3"/g) ?? []).length > 5);
  // Without data the axis ends where samples do, which are the bars.
  assert.match(
    (await drawPictures(model))[0]?.svg ?? '',
    />gaussian-bayes: density<[\s\S]*bars and marks: 2000 samples/,
  );
  await model.dispose();
});

test('two columns: a map with regions and dots; categories have none', async () => {
  const data = subset(await openDataset('two-moons'), 200);
  const model = await fitted(kernelDensity(), data);
  const [density] = await drawPictures(model, { data });
  assert.match(density?.svg ?? '', />kernel-density on two-moons: density</);
  assert.equal(density?.svg.match(/stroke="#b35806"/g)?.length, 3);
  assert.equal(density?.svg.match(/M[\d.]+,[\d.]+h0/g)?.length, 200);
  assert.ok((await svgToPng(density?.svg ?? '', { scale: 1 })).length > 5000);
  const discrete = await fitted(naiveBayes(), data);
  assert.deepEqual(await drawPictures(discrete, { data }), []);
  await model.dispose();
});

test('standardised columns are shown as they were, under their names', () => {
  const column = { missing: 0, min: 0, max: 1 } as const;
  const table = {
    columns: [
      { ...column, name: 'length', kind: 'numeric' },
      { ...column, name: 'legs', kind: 'integer' },
    ],
    categorical: 'one-hot',
    header: true,
    delimiter: ',',
    standardisation: { mean: [10, 4], deviation: [2, 0.5] },
  } as const;
  const [first, second] = densityAxes(Float32Array.of(-1, 0, 0, 2, 1, 4), 2, table) ?? [];
  assert.deepEqual([first?.label, ...(first?.values ?? [])], ['length', 8, 10, 12]);
  assert.deepEqual([second?.label, ...(second?.values ?? [])], ['legs', 4, 5, 6]);
  const sex = { name: 'sex', kind: 'categorical', categories: ['f', 'm'], missing: 0 } as const;
  assert.equal(densityAxes(Float32Array.of(0, 1), 2, { ...table, columns: [sex] }), undefined);
});

test('limits hold all values, but not outliers beside which nothing could be seen', () => {
  const within = (values: Float64Array): readonly [number, number] => viewLimits(values);
  assert.deepEqual(within(Float64Array.of(0, 5, 10)), [-1.2, 11.2]);
  const [low, high] = within(Float64Array.from({ length: 1001 }, (_, i) => (i === 1000 ? 1e6 : i / 1000)));
  assert.ok(low < 0 && high > 1 && high < 4);
  assert.deepEqual(within(Float64Array.of(7, 7)), [6.3, 7.7]);
  assert.deepEqual(within(Float64Array.of(0)), [-0.1, 0.1]);
});
