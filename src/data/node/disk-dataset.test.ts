import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DatasetError, FileFormatError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { arrayDataset } from '../array-dataset.js';
import { rowShape } from '../array-shape.js';
import { readCifar } from '../formats/cifar-binary.js';
import { writeIdx } from '../formats/idx.js';
import { writeNpy } from '../formats/npy.js';
import type { NumberArray } from '../formats/numbers.js';
import { arrayOnDisk, cifarOnDisk } from './disk-dataset.js';

const source = { description: 'test' };
const folderFor = async (t: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-disk-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

test('rows from disk are the rows in memory: every format and kind of number, any order, repeated, far apart', async (t) => {
  const folder = await folderFor(t);
  const bytes = Uint8Array.from(random(1).integers(300 * 30 * 24, 0, 256));
  const unit = random(2).uniform(300 * 12);
  const cases: { data: NumberArray; shape: number[]; write: typeof writeIdx }[] = [
    { data: bytes, shape: [300, 30, 24], write: writeIdx },
    { data: bytes, shape: [100, 30, 24, 3], write: writeNpy },
    { data: bytes, shape: [300, 720], write: writeNpy },
    { data: unit, shape: [300, 2, 2, 3], write: writeNpy },
    { data: unit, shape: [300, 12], write: writeIdx },
    { data: Float64Array.from(unit), shape: [300, 12], write: writeIdx },
    { data: BigInt64Array.from(bytes.subarray(0, 600), BigInt), shape: [300, 2], write: writeNpy },
    { data: unit, shape: [3600], write: writeNpy },
  ];
  for (const { data, shape, write } of cases) {
    const path = join(folder, 'rows');
    await writeFile(path, write({ shape, data }));
    const length = shape[0] ?? 0;
    const labels = Array.from({ length }, (_, i) => i % 7);
    const disk = await arrayOnDisk(path, { name: 'disk', source, labels });
    const memory = arrayDataset({ name: 'memory', exampleShape: rowShape(shape, path), data, labels, source });
    assert.equal(disk.length, memory.length);
    assert.deepEqual(disk.exampleShape, memory.exampleShape);
    const scattered = random(3).integers(64, 0, length);
    for (const rows of [[0], [length - 1, 0, length - 1], [5, 4, 6, 5], scattered, []])
      assert.deepEqual(await disk.gather(rows), await memory.gather(rows));
    await disk.dispose?.();
  }
});

test('rows further apart than one read allows are the right ones', async (t) => {
  const path = join(await folderFor(t), 'wide.npy');
  // Rows of 400 kB: neighbours make runs beyond the largest one, others lie far apart.
  const data = new Uint8Array(30 * 400_000);
  for (let row = 0; row < 30; row++) {
    data.fill(row, row * 400_000, (row + 1) * 400_000);
    data[(row + 1) * 400_000 - 1] = 77;
  }
  await writeFile(path, writeNpy({ shape: [30, 400_000], data }));
  const disk = await arrayOnDisk(path, { name: 'wide', source });
  const rows = [29, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0];
  const { x } = await disk.gather(rows);
  rows.forEach((row, i) => {
    assert.equal(x[i * 400_000], row);
    assert.equal(x[(i + 1) * 400_000 - 1], 77);
  });
  await disk.dispose?.();
});

test('CIFAR files from disk are the records in memory, across files', async (t) => {
  const folder = await folderFor(t);
  const record = (i: number) => [i % 10, ...random(i).integers(3072, 0, 256)];
  const files = [Uint8Array.from([0, 1, 2].flatMap(record)), Uint8Array.from([3, 4].flatMap(record))];
  const paths = files.map((_, i) => join(folder, `${i}.bin`));
  await Promise.all(files.map((bytes, i) => writeFile(paths[i] ?? '', bytes)));
  const disk = await cifarOnDisk(paths, { name: 'disk', source });
  const { images, labels } = readCifar(Uint8Array.from(files.flatMap((bytes) => [...bytes])));
  const memory = arrayDataset({ name: 'memory', exampleShape: [32, 32, 3], data: images, labels, source });
  assert.deepEqual(disk.labels, memory.labels);
  for (const rows of [[4, 0, 3, 2, 1], [2, 2], [4]])
    assert.deepEqual(await disk.gather(rows), await memory.gather(rows));
  await disk.dispose?.();
});

test('bad numbers are named by their row in the file', async (t) => {
  const path = join(await folderFor(t), 'x.npy');
  await writeFile(path, writeNpy({ shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, Number.NaN, 6) }));
  const disk = await arrayOnDisk(path, { name: 'x', source });
  await disk.gather([1, 0]);
  await assert.rejects(async () => disk.gather([1, 2]), /Row 2 of "x" holds NaN at position 0/);
  await disk.dispose?.();
});

test('files that cannot be read row by row are refused when opened', async (t) => {
  const folder = await folderFor(t);
  const path = join(folder, 'x');
  const open = async (bytes: Uint8Array | string) => {
    await writeFile(path, bytes);
    return arrayOnDisk(path, { name: 'x', source });
  };
  const good = writeNpy({ shape: [4, 4], data: new Float32Array(16) });
  await assert.rejects(open(''), FileFormatError);
  await assert.rejects(open('hello world'), /neither an IDX nor a \.npy/);
  await assert.rejects(open(good.subarray(0, good.length - 1)), /truncated/);
  await assert.rejects(open(good.subarray(0, 50)), /ends inside its header/);
  const fortran = new TextDecoder('latin1').decode(good).replace('False', 'True ');
  await assert.rejects(open(Uint8Array.from(fortran, (character) => character.charCodeAt(0) & 255)), FileFormatError);
  await assert.rejects(arrayOnDisk(join(folder, 'none'), { name: 'x', source }), DatasetError);
  await assert.rejects(cifarOnDisk([path, join(folder, 'none')], { name: 'x', source }), FileFormatError);
});

test('a file that shrinks while open, and one that was closed, are said to be so', async (t) => {
  const path = join(await folderFor(t), 'x.npy');
  await writeFile(path, writeNpy({ shape: [4, 1], data: Float32Array.of(1, 2, 3, 4) }));
  const disk = await arrayOnDisk(path, { name: 'x', source });
  await truncate(path, 130);
  await assert.rejects(async () => disk.gather([3]), /become shorter/);
  await disk.dispose?.();
  await disk.dispose?.();
  await assert.rejects(async () => disk.gather([0]), { name: 'DatasetError', message: /closed/ });
});
