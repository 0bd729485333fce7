import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { gatherAll } from '../dataset.js';
import { imageFolder } from './image-folder.js';

type Colour = readonly [number, number, number];
type Size = readonly [width: number, height: number];
const usualSize: Size = [8, 8];
const red: Colour = [255, 0, 0];
const green: Colour = [0, 255, 0];
const blue: Colour = [0, 0, 255];

/** Writes plain images of the given colours, the format after the file's ending. */
async function folderOf(t: TestContext, images: Readonly<Record<string, { colour: Colour; size?: Size }>>) {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-images-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, { colour, size = usualSize }] of Object.entries(images)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const [width, height] = size;
    const [r, g, b] = colour;
    await sharp({ create: { width, height, channels: 3, background: { r, g, b } } }).toFile(path);
  }
  return folder;
}
const near = (received: number | undefined, expected: number, tolerance = 0.02) =>
  assert.ok(Math.abs((received ?? Number.NaN) - expected) <= tolerance, `${received} instead of ${expected}`);

test('formats and sizes mix; the order is that of the paths; nothing else is read', async (t) => {
  const folder = await folderOf(t, {
    'b.jpg': { colour: green, size: [20, 10] },
    'a.png': { colour: red },
    'c.webp': { colour: blue, size: [5, 9] },
    'd.gif': { colour: red, size: [3, 3] },
    'e.TIFF': { colour: green },
  });
  await writeFile(join(folder, 'notes.txt'), 'no image');
  await writeFile(join(folder, '.hidden.png'), 'no image');
  const data = await imageFolder(folder, { size: 4 });
  assert.deepEqual(data.exampleShape, [4, 4, 3]);
  assert.equal(data.length, 5);
  assert.equal(data.labels, undefined);
  const { x } = await gatherAll(data);
  // JPEG and WebP are lossy: two in a hundred is well above their error on one colour.
  [red, green, blue, red, green].forEach((colour, image) => {
    for (let pixel = 0; pixel < 16; pixel++)
      colour.forEach((value, channel) => {
        near(x[image * 48 + pixel * 3 + channel], value / 255);
      });
  });
});

test('sub-folders are classes, in alphabetical order', async (t) => {
  const folder = await folderOf(t, {
    'dogs/2.png': { colour: red },
    'cats/1.png': { colour: green },
    'dogs/more/3.png': { colour: blue },
  });
  const data = await imageFolder(folder);
  assert.deepEqual(data.classes, ['cats', 'dogs']);
  assert.deepEqual([...(data.labels ?? [])], [0, 1, 1]);
  assert.deepEqual([...((await data.gather([2, 0])).labels ?? [])], [1, 0]);
});

test('beyond the memory budget, images are decoded when asked for and give the same pixels', async (t) => {
  const folder = await folderOf(t, {
    'a/1.png': { colour: red },
    'a/2.png': { colour: green },
    'b/3.png': { colour: blue },
  });
  const all = await imageFolder(folder, { size: 4 });
  // Room for two of the three images of 48 bytes.
  const few = await imageFolder(folder, { size: 4, memoryBudget: 100 });
  for (const rows of [[0, 1, 2], [2, 2, 0], [1]]) assert.deepEqual(await few.gather(rows), await all.gather(rows));
  await rm(join(folder, 'a', '1.png'));
  await rm(join(folder, 'b', '3.png'));
  // The last two that were used are kept: image 1, and one of the two before it.
  await few.gather([1]);
  await rm(join(folder, 'a', '2.png'));
  assert.deepEqual([...(await few.gather([1])).x.subarray(0, 3)], [0, 1, 0]);
  await assert.rejects(async () => few.gather([0, 2]), { name: 'FileFormatError' });
});

test("'cover' cuts what sticks out, 'contain' shows all of it on the background", async (t) => {
  const folder = await folderOf(t, { 'wide.png': { colour: red, size: [16, 8] } });
  const cover = await gatherAll(await imageFolder(folder, { size: 8, fit: 'cover' }));
  near(cover.x[0], 1);
  near(cover.x[1], 0);
  const contain = await gatherAll(await imageFolder(folder, { size: 8, fit: 'contain', background: 'blue' }));
  assert.deepEqual([...contain.x.subarray(0, 3)], [0, 0, 1]);
  const middle = (4 * 8 + 4) * 3;
  assert.deepEqual([...contain.x.subarray(middle, middle + 3)], [1, 0, 0]);
});

test('grey images have one channel unless asked otherwise, colours become grey, transparency shows the background', async (t) => {
  const folder = await folderOf(t, {});
  await sharp(Buffer.from([0, 51, 102, 255]), { raw: { width: 2, height: 2, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toFile(join(folder, 'grey.png'));
  const grey = await imageFolder(folder);
  assert.deepEqual(grey.exampleShape, [2, 2, 1]);
  assert.deepEqual((await gatherAll(grey)).x, Float32Array.of(0, 0.2, 0.4, 1));
  const colour = await gatherAll(await imageFolder(folder, { channels: 3 }));
  assert.deepEqual([...colour.x.subarray(3, 6)], [...Float32Array.of(0.2, 0.2, 0.2)]);

  const transparent = { r: 255, g: 0, b: 0, alpha: 0 };
  await sharp({ create: { width: 2, height: 2, channels: 4, background: transparent } }).toFile(
    join(folder, 'grey.png'),
  );
  assert.deepEqual([...(await gatherAll(await imageFolder(folder))).x.subarray(0, 3)], [1, 1, 1]);
  const black = await imageFolder(folder, { background: 'black', channels: 1 });
  assert.deepEqual([...(await gatherAll(black)).x], [0, 0, 0, 0]);
  const opacity = await imageFolder(folder, { channels: 4 });
  assert.deepEqual([...(await gatherAll(opacity)).x.subarray(3, 4)], [0]);
});

test('16-bit images become 8-bit ones of the same brightness', async (t) => {
  const folder = await folderOf(t, {});
  const half = new Uint16Array(12).fill(32768);
  await sharp(half, { raw: { width: 2, height: 2, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toFile(join(folder, 'deep.png'));
  assert.equal((await sharp(join(folder, 'deep.png')).metadata()).depth, 'ushort');
  near((await gatherAll(await imageFolder(folder))).x[0], 0.5, 0.01);
});

test('a JPEG cut off at any place is refused, not filled up with grey', async (t) => {
  const folder = await folderOf(t, { 'photo.jpg': { colour: red, size: [200, 200] } });
  const whole = await readFile(join(folder, 'photo.jpg'));
  for (const part of [0.3, 0.6, 0.9]) {
    await writeFile(join(folder, 'photo.jpg'), whole.subarray(0, Math.floor(whole.length * part)));
    await assert.rejects(imageFolder(folder, { size: 8 }), { name: 'FileFormatError' }, `${part} of the file`);
  }
});

test('a damaged image is named: now where all are decoded, when asked for where not', async (t) => {
  const folder = await folderOf(t, { '1.png': { colour: red }, '2.png': { colour: red, size: [64, 64] } });
  const whole = await readFile(join(folder, '2.png'));
  for (const bytes of [whole.subarray(0, whole.length / 2), Buffer.from('not an image'), Buffer.alloc(0)]) {
    await writeFile(join(folder, '2.png'), bytes);
    await assert.rejects(imageFolder(folder, { size: 4 }), {
      name: 'FileFormatError',
      message: /2\.png: cannot be read/,
    });
    const lazy = await imageFolder(folder, { size: 4, memoryBudget: 1 });
    await lazy.gather([0]);
    await assert.rejects(async () => lazy.gather([1]), { name: 'FileFormatError', message: /2\.png/ });
  }
});

test('folders that cannot be used are refused with a remedy', async (t) => {
  const folder = await folderOf(t, { '1.png': { colour: red }, '2.png': { colour: red, size: [8, 9] } });
  await assert.rejects(imageFolder(folder), {
    name: 'ConfigError',
    message: /2\.png is 8 x 9 .* first image 8 x 8.*size: 64/,
  });
  await assert.rejects(imageFolder(folder, { size: 0 }), { name: 'ConfigError' });
  await assert.rejects(imageFolder(join(folder, 'none')), { name: 'DatasetError', message: /no such folder/ });
  await mkdir(join(folder, 'empty'));
  await assert.rejects(imageFolder(join(folder, 'empty')), { name: 'DatasetError', message: /has no images/ });
  await mkdir(join(folder, 'cats'));
  await writeFile(join(folder, 'cats', '3.png'), await readFile(join(folder, '1.png')));
  await assert.rejects(imageFolder(folder, { size: 8 }), {
    name: 'DatasetError',
    message: /beside images in sub-folders/,
  });
});
