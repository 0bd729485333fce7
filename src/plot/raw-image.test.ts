import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { ShapeError } from '../core/errors.js';
import { encodePng } from './raw-image.js';

for (const channels of [1, 3, 4] as const)
  test(`a PNG of ${channels} channels holds the very same values`, async () => {
    const data = Uint8Array.from({ length: 5 * 3 * channels }, (_, index) => (index * 37) % 256);
    const png = await encodePng({ width: 5, height: 3, channels, data });
    const back = await sharp(png)
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    assert.deepEqual([back.info.width, back.info.height, back.info.channels], [5, 3, channels]);
    assert.deepEqual(new Uint8Array(back.data), data);
  });

test('the same image gives the same bytes', async () => {
  const image = { width: 8, height: 8, channels: 1, data: Uint8Array.from({ length: 64 }, (_, i) => i * 3) } as const;
  assert.deepEqual(await encodePng(image), await encodePng(image));
});

test('data that do not fit the size are refused', async () => {
  for (const size of [
    { width: 2, height: 2 },
    { width: 0, height: 3 },
    { width: 1.5, height: 2 },
  ])
    await assert.rejects(encodePng({ ...size, channels: 1, data: new Uint8Array(3) }), ShapeError);
});
