import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { ConfigError, ShapeError, UnknownNameError } from '../core/errors.js';
import { type AnimationFormat, type AnimationOptions, animate } from './animation.js';
import type { RawImage } from './raw-image.js';

/** A ramp of all greys that moves by one row per frame. */
function frame(index: number, channels: 1 | 3 = 1): RawImage {
  const data = new Uint8Array(16 * 16 * channels);
  for (let pixel = 0; pixel < 256; pixel++)
    data.fill((pixel + 16 * index) % 256, pixel * channels, (pixel + 1) * channels);
  return { width: 16, height: 16, channels, data };
}

async function decode(file: Uint8Array) {
  const metadata = await sharp(file).metadata();
  const { data, info } = await sharp(file, { pages: -1 }).raw().toBuffer({ resolveWithObject: true });
  const grey = data.filter((_, index) => index % info.channels === 0);
  return { metadata, grey, width: info.width, height: info.height };
}

// GIF: half a step of 32 greys is 4.1, and a palette entry may round once more. WebP is lossless.
for (const [format, tolerance] of [
  ['gif', 5],
  ['webp', 0],
] satisfies [AnimationFormat, number][])
  for (const channels of [1, 3] as const)
    test(`a ${format} of ${channels} channels gives its frames back within ${tolerance} of 255`, async () => {
      const frames = [0, 1, 2].map((index) => frame(index, channels));
      const file = await animate(frames, { format, delayMs: 50, lastDelayMs: 900, loop: 3 });
      const { metadata, grey, width, height } = await decode(file);
      assert.equal(metadata.format, format);
      assert.equal(metadata.pages, 3);
      assert.deepEqual(metadata.delay, [50, 50, 900]);
      assert.equal(metadata.loop, 3);
      assert.deepEqual([width, height], [16, 48]);
      const expected = frames.flatMap(({ data }) => [...data.filter((_, index) => index % channels === 0)]);
      const worst = Math.max(...expected.map((value, index) => Math.abs(value - (grey[index] ?? Number.NaN))));
      assert.ok(worst <= tolerance, `off by ${worst}`);
    });

test('black and white stay exact in a grey GIF', async () => {
  const data = Uint8Array.from({ length: 64 }, (_, index) => (index % 2) * 255);
  const { grey } = await decode(await animate([{ width: 8, height: 8, channels: 1, data }]));
  assert.deepEqual(new Uint8Array(grey), data);
});

test('one frame is enough, and frames that repeat keep the running time', async () => {
  assert.equal((await decode(await animate([frame(0)]))).height, 16);
  const { metadata } = await decode(await animate([frame(0), frame(0), frame(5)], { delayMs: 100, lastDelayMs: 500 }));
  assert.equal(
    metadata.delay?.reduce((total, delay) => total + delay),
    700,
  );
});

test('a grey GIF of noise is clearly smaller than its full range of greys would be', async () => {
  const noise = (seed: number): RawImage => {
    let state = seed;
    const data = new Uint8Array(4096).map(() => {
      state = (state * 48271) % 2147483647;
      return state >> 8;
    });
    return { width: 64, height: 64, channels: 1, data };
  };
  const frames = [noise(1), noise(2), noise(3)];
  const rgb = frames.map((one) => ({
    ...one,
    channels: 3 as const,
    data: Uint8Array.from({ length: 3 * 4096 }, (_, index) => one.data[Math.floor(index / 3)] ?? 0),
  }));
  const [grey, full] = [await animate(frames), await animate(rgb)];
  assert.ok(grey.length < 0.75 * full.length, `${grey.length} against ${full.length} bytes`);
});

test('frames of different sizes, and no frames, are refused', async () => {
  const other = { width: 8, height: 32, channels: 1, data: new Uint8Array(256) } as const;
  await assert.rejects(animate([frame(0), other]), /Frame 1 has 8 x 32 pixels/);
  await assert.rejects(animate([frame(0), frame(1, 3)]), ShapeError);
  await assert.rejects(animate([]), ShapeError);
});

test('options out of range are refused', async () => {
  for (const options of [{ delayMs: 0 }, { lastDelayMs: Number.NaN }, { loop: -1 }, { loop: 0.5 }])
    await assert.rejects(animate([frame(0)], options), ConfigError, JSON.stringify(options));
  const options: AnimationOptions = JSON.parse('{ "format": "webm" }');
  await assert.rejects(animate([frame(0)], options), UnknownNameError);
});
