import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { ShapeError } from '../core/errors.js';
import { imageGrid } from './image-grid.js';
import { encodeSvgGrid } from './svg-grid.js';
import { svgToPng } from './svg-to-png.js';

const checkerboard = imageGrid(
  { pixels: Float32Array.from([0, 1, 1, 0, 1, 0, 0, 1]), shape: [2, 2, 2, 1] },
  { columns: 2, padding: 2, scale: 10 },
);

test('the pixels are embedded unchanged', async () => {
  const svg = await encodeSvgGrid(checkerboard);
  const base64 = /href="data:image\/png;base64,([^"]+)"/.exec(svg)?.[1] ?? '';
  const back = await sharp(Buffer.from(base64, 'base64')).toColourspace('b-w').raw().toBuffer();
  assert.deepEqual(new Uint8Array(back), checkerboard.data);
});

test('enlarged pixels stay crisp: the drawing has no value between black and white', async () => {
  const png = await svgToPng(await encodeSvgGrid(checkerboard), { scale: 3 });
  const { data, info } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height], [checkerboard.width * 3, checkerboard.height * 3]);
  assert.deepEqual([...new Set(data.filter((_, index) => index % info.channels === 0))].sort(), [0, 255]);
});

test('labels stand beside the rows and columns they name, escaped', async () => {
  const svg = await encodeSvgGrid(checkerboard, {
    title: 'x & z',
    rowLabels: ['a<b'],
    columnLabels: ['left', 'right'],
  });
  const centre = (label: string): number => Number(new RegExp(`<text x="([\\d.]+)"[^>]*>${label}<`).exec(svg)?.[1]);
  const image = Number(/<image x="([\d.]+)"/.exec(svg)?.[1]);
  assert.equal(centre('left'), image + 2 + 10);
  assert.equal(centre('right'), image + 2 + 20 + 2 + 10);
  assert.ok(centre('a&lt;b') < image);
  assert.match(svg, />x &amp; z</);
  assert.ok((await svgToPng(svg)).length > 0);
});

test('as many labels as rows and columns are needed', async () => {
  await assert.rejects(encodeSvgGrid(checkerboard, { rowLabels: ['a', 'b'] }), ShapeError);
  await assert.rejects(encodeSvgGrid(checkerboard, { columnLabels: ['a'] }), /1 column labels for a grid of 2 columns/);
});
