import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { ShapeError } from '../core/errors.js';
import { imageGrid } from './image-grid.js';
import { encodeSvgGrid } from './svg-grid.js';
import { svgToPng } from './svg-to-png.js';

const checkerboard = imageGrid(
  { data: Float32Array.from([0, 1, 1, 0, 1, 0, 0, 1]), shape: [2, 2, 2, 1] },
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

test('text below the images sets the rows apart, and is cut off at their width', async () => {
  const grid = imageGrid(
    { data: new Float32Array(3 * 16), shape: [3, 4, 4, 1] },
    { columns: 2, padding: 2, scale: 10 },
  );
  const svg = await encodeSvgGrid(grid, { caption: 'three', cellLabels: ['1', 'a long name', '3'], frames: true });
  const numbers = (pattern: RegExp): number[] => [...svg.matchAll(pattern)].map(([, number]) => Number(number));
  const [first = 0, second = 0, ...others] = numbers(/<image x="[\d.]+" y="([\d.]+)"/g);
  assert.deepEqual(others, []);
  const [one = 0, , three = 0] = numbers(/<text x="[\d.]+" y="([\d.]+)" text-anchor="middle"/g);
  assert.ok(first + 40 < one && one < second && second + 40 < three);
  assert.match(svg, />a lon…</);
  assert.equal(svg.match(/M[\d.]+,[\d.]+h41v41h-41Z/g)?.length, 3);
  await assert.rejects(encodeSvgGrid(grid, { cellLabels: ['1', '2'] }), /2 cell labels/);
});
