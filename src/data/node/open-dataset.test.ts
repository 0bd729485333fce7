import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { type Dataset, gatherAll } from '../dataset.js';
import { writeIdx } from '../formats/idx.js';
import { writeNpy } from '../formats/npy.js';
import { sha256 } from './checksum.js';
import { datasetStatus } from './dataset-status.js';
import { cifar10, fashionMnist, hasTestRows, mnist, openDataset } from './open-dataset.js';

const folderOf = async (t: TestContext, files: Readonly<Record<string, Uint8Array | string>> = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-open-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
};
const contentOf = async (data: Dataset) => {
  const { x, labels } = await gatherAll(data);
  await data.dispose?.();
  return { shape: data.exampleShape, x: [...x], labels: labels && [...labels] };
};
const images = (...bytes: number[]) => writeIdx({ shape: [bytes.length, 1, 1], data: Uint8Array.from(bytes) });
const labels = (...bytes: number[]) => writeIdx({ shape: [bytes.length], data: Uint8Array.from(bytes) });

test('generated data sets open by name, with count, seed and split', async () => {
  const data = await openDataset('two-moons', { count: 10, seed: 3 });
  assert.equal(data.length, 10);
  assert.deepEqual(await contentOf(data), await contentOf(await openDataset('two-moons', { count: 10, seed: 3 })));
});

test('an unknown name suggests the nearest; a missing path is said to be missing', async () => {
  await assert.rejects(openDataset('fashion-mnits'), {
    name: 'UnknownNameError',
    message: /Did you mean "fashion-mnist"/,
  });
  await assert.rejects(openDataset('toString'), { name: 'UnknownNameError' });
  await assert.rejects(openDataset('./no/such/folder'), { name: 'DatasetError', message: /no file or folder/ });
  await assert.rejects(openDataset('missing.npy'), { name: 'DatasetError', message: /no file or folder missing\.npy/ });
});

test('a folder of IDX files opens by split, gzipped or not, with the labels beside', async (t) => {
  const folder = await folderOf(t, {
    'train-images-idx3-ubyte': images(0, 51, 255),
    'train-labels-idx1-ubyte.gz': gzipSync(labels(2, 0, 1)),
    't10k-images-idx3-ubyte.gz': gzipSync(images(102)),
  });
  const train = await openDataset(folder);
  assert.deepEqual(train.classes, ['0', '1', '2']);
  assert.deepEqual(await contentOf(train), { shape: [1, 1, 1], x: [...Float32Array.of(0, 0.2, 1)], labels: [2, 0, 1] });
  const testing = await contentOf(await openDataset(folder, { split: 'test' }));
  assert.deepEqual(testing, { shape: [1, 1, 1], x: [...Float32Array.of(0.4)], labels: undefined });
  await assert.rejects(openDataset(folder, { split: 'valid' }), { name: 'DatasetError', message: /no valid split/ });
});

test('files open by what is in them, whatever they are called; large ones stay on disk and give the same rows', async (t) => {
  const table = writeNpy({ shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  const folder = await folderOf(t, {
    'table.npy': table,
    'table.npy.gz': gzipSync(table),
    digits: images(255, 0),
    'classes.npy': writeNpy({ shape: [2], data: BigInt64Array.of(1n, 0n) }),
  });
  const expected = { shape: [2], x: [1, 2, 3, 4], labels: undefined };
  const inMemory = await openDataset(join(folder, 'table.npy'));
  assert.deepEqual(await contentOf(inMemory), expected);
  assert.equal(inMemory.source.sha256, sha256(table));
  assert.deepEqual(await contentOf(await openDataset(join(folder, 'table.npy.gz'))), expected);
  const onDisk = await openDataset(join(folder, 'table.npy'), { memoryBudget: 10 });
  assert.ok(onDisk.dispose !== undefined, 'a file beyond the budget stays open');
  assert.deepEqual(await contentOf(onDisk), expected);
  const digits = await openDataset(join(folder, 'digits'), { labels: join(folder, 'classes.npy') });
  assert.deepEqual(await contentOf(digits), { shape: [1, 1, 1], x: [1, 0], labels: [1, 0] });
  await assert.rejects(openDataset(join(folder, 'table.npy.gz'), { memoryBudget: 10 }), /Unpack it/);
  await assert.rejects(openDataset(join(folder, 'table.npy'), { split: 'test' }), {
    name: 'ConfigError',
    message: /split\(\)/,
  });
  await assert.rejects(
    openDataset(join(folder, 'table.npy'), { labels: join(folder, 'table.npy') }),
    /one number per row/,
  );
});

test('CIFAR-10 files open alone, and in a folder by split, in memory and from disk', async (t) => {
  const record = (label: number, pixel: number) => Uint8Array.of(label, ...new Array<number>(3072).fill(pixel));
  const folder = await folderOf(t, {
    'data_batch_1.bin': record(3, 255),
    'data_batch_2.bin': record(4, 0),
    'test_batch.bin': record(5, 51),
  });
  for (const memoryBudget of [2 ** 20, 100]) {
    const train = await openDataset(folder, { memoryBudget });
    assert.deepEqual(train.exampleShape, [32, 32, 3]);
    assert.equal(train.classes?.[3], 'cat');
    const { x, labels } = await contentOf(train);
    assert.deepEqual(labels, [3, 4]);
    assert.deepEqual([x[0], x[3071], x[3072]], [1, 1, 0]);
    assert.deepEqual((await contentOf(await openDataset(folder, { split: 'test', memoryBudget }))).labels, [5]);
    assert.deepEqual(
      (await contentOf(await openDataset(join(folder, 'data_batch_2.bin'), { memoryBudget }))).labels,
      [4],
    );
  }
});

test('a folder of images opens whole, or by sub-folders named after splits', async (t) => {
  const png = async (value: number) =>
    sharp({ create: { width: 2, height: 2, channels: 3, background: { r: value, g: value, b: value } } })
      .png()
      .toBuffer();
  const plain = await folderOf(t, { 'a.png': await png(255) });
  assert.deepEqual((await contentOf(await openDataset(plain, { size: 1, channels: 1 }))).x, [1]);
  await assert.rejects(openDataset(plain, { split: 'test' }), { name: 'ConfigError', message: /not divided/ });
  const divided = await folderOf(t, {
    'train/cats/a.png': await png(255),
    'train/dogs/b.png': await png(0),
    'test/cats/c.png': await png(0),
  });
  const train = await openDataset(divided, { size: 1, channels: 1 });
  assert.deepEqual(train.classes, ['cats', 'dogs']);
  assert.deepEqual(await contentOf(train), { shape: [1, 1, 1], x: [1, 0], labels: [0, 1] });
  const testing = await openDataset(divided, { split: 'test' });
  assert.deepEqual([testing.length, testing.name], [1, train.name]);
  assert.equal(train.name, basename(divided));
  assert.deepEqual(
    await Promise.all([plain, divided, join(divided, 'nowhere'), 'iris', 'mnist', 'two-moons'].map(hasTestRows)),
    [false, true, false, false, true, true],
  );
  await assert.rejects(openDataset(divided, { split: 'valid' }), /no valid split; it has test, train/);
});

test('what is no data is refused with what would be', async (t) => {
  const folder = await folderOf(t, {
    'notes.txt': 'some text',
    'cut.npy': writeNpy({ shape: [9], data: new Float32Array(9) }).subarray(0, 150),
    'x.bin': 'short',
  });
  await assert.rejects(openDataset(join(folder, 'notes.txt')), {
    name: 'DatasetError',
    message: /of no known kind.*IDX.*\.npy/,
  });
  await assert.rejects(openDataset(join(folder, 'cut.npy')), { name: 'FileFormatError', message: /truncated/ });
  await assert.rejects(openDataset(join(folder, 'x.bin')), {
    name: 'FileFormatError',
    message: /whole number of CIFAR-10 records/,
  });
  await assert.rejects(openDataset(folder), { name: 'DatasetError', message: /has no images/ });
});

test('the status lists every data set, where it is or would come from, without touching the network', async (t) => {
  const folder = await folderOf(t, {
    'fashion-mnist/train-images-idx3-ubyte': '',
    'fashion-mnist/train-labels-idx1-ubyte': '',
    'fashion-mnist/t10k-images-idx3-ubyte.gz': '',
    'fashion-mnist/t10k-labels-idx1-ubyte.gz': '',
  });
  const environment = { VERISIM_DATA: folder, VERISIM_CACHE: join(folder, 'cache') };
  const status = new Map((await datasetStatus(environment)).map((entry) => [entry.name, entry]));
  assert.deepEqual(status.get('fashion-mnist')?.where, [join(folder, 'fashion-mnist')]);
  assert.equal(status.get('mnist')?.state, 'here');
  assert.equal(status.get('cifar-10')?.state, 'remote');
  assert.equal(status.get('cifar-10')?.downloadBytes, 170052171);
  assert.equal(status.get('two-moons')?.state, 'generated');
  for (const entry of status.values()) assert.ok(entry.licence !== '' && entry.description !== '');
});

test('the functions named after data sets open those', async (t) => {
  const environment = { VERISIM_CACHE: join(await folderOf(t), 'cache') };
  const options = { environment, download: false } as const;
  assert.equal((await mnist({ ...options, split: 'test' })).name, 'mnist');
  await assert.rejects(fashionMnist(options), /The files of "fashion-mnist" were not found/);
  await assert.rejects(cifar10(options), /The files of "cifar-10" were not found/);
});
