// encode, reconstruct and interpolate: what needs latent codes.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import sharp from 'sharp';
import { fromArrays, readNpy, writeNpy } from '../data/index.js';
import { dcgan } from '../models/adversarial/dcgan.js';
import { ExactGaussian } from '../models/tools/testing/exact-gaussian.js';
import { random } from '../runtime/random.js';
import { codeColumns, encodeRows } from './actions/encode.js';
import { waysBetweenCodes, waysBetweenRows } from './actions/interpolate.js';
import { writeGrid } from './actions/picture-file.js';
import { pairs, reconstructRows } from './actions/reconstruct.js';
import { writeResults } from './actions/result-file.js';
import { tinyGan, workplace } from './testing/workplace.js';

const place = await workplace();
await place.writePoints(32);
const trained = await place.run([
  ...['train', 'gan', '--data', 'points.npy', '--steps', '2', '--batch', '8', '--out', 'g'],
  ...tinyGan,
]);
const images = dcgan({ latentSize: 2, channels: 2 });
const pictures = fromArrays({ x: random(1).uniform(8 * 80), shape: [8, 10, 1] });
await images.fit(pictures, { steps: 1, batchSize: 4 });
await images.save(place.path('images'));
await images.dispose();

const rows = random(3).normal(30);
const table = fromArrays({
  x: rows,
  shape: [3],
  labels: Array.from({ length: 10 }, (_, row) => row % 2),
  classes: ['a', 'b'],
});
const gaussian = new ExactGaussian();
await gaussian.fit(table);

test('a model that only decodes goes from random code to random code', async () => {
  assert.equal(trained.code, 0, trained.stderr);
  const args = ['interpolate', 'g', '--pairs', '3', '--steps', '4'];
  const { code, stdout, stderr } = await place.run([...args, '--out', 'a.npy']);
  assert.deepEqual([code, stdout, stderr], [0, 'a.npy: 3 ways of 4 rows between random codes, seed 0\n', '']);
  const arrayOf = async (name: string) => readNpy(await readFile(place.path(name)), name);
  const first = await arrayOf('a.npy');
  assert.deepEqual(first.shape, [12, 2]);
  await place.run([...args, '--out', 'b.npy', '--seed', '0']);
  assert.deepEqual(await arrayOf('b.npy'), first);
  await place.run([...args, '--out', 'c.npy', '--seed', '1']);
  assert.notDeepEqual(await arrayOf('c.npy'), first);
  const { shape, ...rest } = JSON.parse((await place.run([...args, '--json'])).stdout);
  assert.deepEqual(shape, [12, 2]);
  assert.deepEqual(rest, {
    ...{ run: 'g', model: 'gan', between: 'random codes', pairs: 3, steps: 4, seed: 0 },
    out: 'interpolation.csv',
  });
});

test('images become a picture with a way in each line', async () => {
  const { code, stderr } = await place.run(['interpolate', 'images', '--pairs', '2', '--steps', '5']);
  assert.equal(code, 0, stderr);
  const { width, height } = await sharp(place.path('interpolation.png')).metadata();
  // Images of 8x10, six times as large, with gaps of two pixels.
  assert.deepEqual([width, height], [2 + 5 * (60 + 2), 2 + 2 * (48 + 2)]);
});

test('codes of rows: one line each, in parts or at once, with the class where it is known', async () => {
  const codes = await encodeRows(gaussian, table);
  assert.deepEqual(codes, await gaussian.encode({ data: rows, shape: [10, 3] }));
  await writeResults(place.path('z.csv'), codeColumns(codes, table));
  const lines = (await readFile(place.path('z.csv'), 'utf8')).trimEnd().split('\n');
  assert.equal(lines[0], 'z1,class');
  assert.deepEqual(
    lines.slice(1),
    Array.from(codes.data, (code, row) => `${code},${row % 2 === 0 ? 'a' : 'b'}`),
  );
  const many = fromArrays({ x: Float32Array.from({ length: 30_000 }, (_, i) => rows[i % 30] ?? 0), shape: [3] });
  const done: number[] = [];
  const parts = await encodeRows(gaussian, many, (one) => void done.push(one));
  assert.deepEqual(
    [done, parts.shape],
    [
      [4096, 8192, 10_000],
      [10_000, 1],
    ],
  );
  assert.deepEqual(parts.data.slice(9990), codes.data);
});

test('cells with commas and quotes are quoted', async () => {
  const array = { data: Float32Array.of(1), shape: [1] };
  await writeResults(place.path('q.csv'), { array, columns: { 'a,b': ['say "no"'], c: [1.5] } });
  assert.equal(await readFile(place.path('q.csv'), 'utf8'), '"a,b",c\n"say ""no""",1.5\n');
});

test('the error of a reconstruction is of what the code does not hold', async () => {
  const { meanSquaredError, originals, reconstructions } = await reconstructRows(gaussian, table, 100, 0);
  // The code holds the first of three dimensions; of the other two their variance is lost.
  const [, second = 0, third = 0] = gaussian.variances;
  assert.ok(Math.abs(meanSquaredError - (second + third) / 3) < 1e-6);
  assert.deepEqual(
    [originals.shape, reconstructions.shape],
    [
      [10, 3],
      [10, 3],
    ],
  );
  const some = await reconstructRows(gaussian, table, 4, 1);
  assert.deepEqual(some.originals.shape, [4, 3]);
  assert.deepEqual(some, await reconstructRows(gaussian, table, 4, 1));
  assert.notDeepEqual(some.originals, (await reconstructRows(gaussian, table, 4, 2)).originals);
});

test('originals stand above what came back of them', async () => {
  const batch = (start: number) => ({
    data: Float32Array.from({ length: 3 }, (_, i) => (start + i) / 10),
    shape: [3, 1, 1, 1],
  });
  const together = pairs({ originals: batch(1), reconstructions: batch(4), meanSquaredError: 0 }, 2);
  assert.deepEqual(together.shape, [8, 1, 1, 1]);
  assert.deepEqual(
    [...together.data].map((value) => Math.round(10 * value)),
    [1, 2, 4, 5, 3, 0, 6, 0],
  );
  await writeGrid(place.path('p.png'), together, 2);
  const { width, height } = await sharp(place.path('p.png')).metadata();
  assert.deepEqual([width, height], [2 + 2 * 66, 2 + 4 * 66]);
});

test('ways between rows begin and end at what came back of rows of the data', async () => {
  const ways = await waysBetweenRows(gaussian, table, { pairs: 2, steps: 3, seed: 0 });
  assert.deepEqual(ways.shape, [6, 3]);
  const { reconstructions } = await reconstructRows(gaussian, table, 10, 0);
  const known = (row: number) =>
    Array.from({ length: 10 }).some(
      (_, one) => Math.abs((reconstructions.data[3 * one] ?? 9) - (ways.data[3 * row] ?? 0)) < 1e-5,
    );
  for (const end of [0, 2, 3, 5]) assert.ok(known(end), `row ${end}`);
  await assert.rejects(
    waysBetweenCodes(gaussian, { pairs: 2, steps: 3, seed: 0 }),
    /name rows to go between with --data/,
  );
});

test('principal components by the command line: codes, reconstructions, and ways between rows', async () => {
  const fit = await place.run(['train', 'pca', '--data', 'points.npy', '--set', 'components=1', '--out', 'pca']);
  assert.equal(fit.code, 0, fit.stderr);
  const encoded = await place.run(['encode', 'pca', '--data', 'points.npy', '--out', 'z.npy', '--json']);
  assert.deepEqual(JSON.parse(encoded.stdout).shape, [32, 1]);
  assert.deepEqual(readNpy(await readFile(place.path('z.npy')), 'z.npy').shape, [32, 1]);
  const back = await place.run(['reconstruct', 'pca', '--data', 'points.npy', '--count', '5']);
  assert.match(back.stdout, /^reconstructions\.csv: 5 rows of points\.npy, mean squared error 0\.\d+\n$/);
  assert.equal((await readFile(place.path('reconstructions.csv'), 'utf8')).trimEnd().split('\n').length, 6);
  const ways = await place.run([
    'interpolate',
    'pca',
    '--data',
    'points.npy',
    '--pairs',
    '2',
    '--steps',
    '3',
    '--json',
  ]);
  assert.deepEqual(JSON.parse(ways.stdout).shape, [6, 2]);
});

test('a GAN finds codes of rows by a search, and goes from row to row through them', async () => {
  const encoded = await place.run(['encode', 'g', '--data', 'points.npy', '--out', 'found.npy']);
  assert.deepEqual([encoded.code, encoded.stderr], [0, '']);
  assert.match(encoded.stdout, /^found\.npy: 32 codes of \d+, of points\.npy\n$/);
  const back = await place.run(['reconstruct', 'g', '--data', 'points.npy', '--count', '5', '--out', 'back.npy']);
  assert.match(back.stdout, /^back\.npy: 5 rows of points\.npy, mean squared error /);
  const ways = await place.run(['interpolate', 'g', '--data', 'points.npy', '--pairs', '2', '--steps', '3', '--json']);
  assert.deepEqual(JSON.parse(ways.stdout).shape, [6, 2]);
});

test('samples of truncated codes are others, and the same each time', async () => {
  const drawn = async (...more: string[]) => {
    const { code, stderr } = await place.run(['sample', 'g', '--seed', '1', '--out', 't.npy', ...more]);
    assert.equal(code, 0, stderr);
    return readNpy(await readFile(place.path('t.npy')), 't.npy').data;
  };
  const cut = await drawn('--truncation', '0.3');
  assert.notDeepEqual(cut, await drawn());
  assert.deepEqual(cut, await drawn('--truncation', '0.3'));
  const { stdout } = await place.run(['sample', 'g', '--truncation', '0.3', '--json']);
  assert.equal(JSON.parse(stdout).truncation, 0.3);
});

test('what a model cannot do is refused with the reason', async () => {
  const mixture = await place.run([
    ...['train', 'gaussian-mixture', '--data', 'points.npy', '--set', 'components=1', '--out', 'mixture'],
  ]);
  assert.equal(mixture.code, 0, mixture.stderr);
  await writeFile(place.path('x.npy'), writeNpy({ data: new Float32Array(2), shape: [1, 2] }));
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['encode', 'mixture', '--data', 'x.npy'], /gaussian-mixture has no encoder\. Models that have: .*dcgan/],
    [['reconstruct', 'mixture', '--data', 'x.npy'], /gaussian-mixture has no encoder/],
    [['interpolate', 'mixture', '--data', 'x.npy'], /gaussian-mixture has no encoder/],
    [
      ['sample', 'mixture', '--truncation', '1'],
      /gaussian-mixture has no codes that --truncation.* Models .*: gan, dcgan/,
    ],
    [['sample', 'g', '--truncation', '0'], /Expected a number above 0, received "0"/],
    [['interpolate', 'g', '--split', 'test'], /--split says which rows of --data/],
    [['interpolate', 'g', '--steps', '1'], /Expected a whole number from 2, received "1"/],
    [['interpolate', 'g', '--out', 'x.png'], /shape \[2\] cannot be shown as images/],
    [['interpolate', 'g', '--out', 'x.gif'], /Unknown kind of file "\.gif"/],
    [['encode', 'g', '--data', 'x.npy', '--out', 'x.png'], /Unknown kind of file "\.png"/],
  ];
  for (const [args, message] of wrong) {
    const result = await place.run(args);
    assert.deepEqual([result.code, result.stdout], [2, ''], `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, message);
    assert.match(result.stderr, /^verisim: .*\n$/);
  }
});
