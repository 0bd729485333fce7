import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { ConfigError } from '../core/errors.js';
import { svgDocument } from './svg.js';
import { svgToPng } from './svg-to-png.js';

/** How many pixels of a PNG are darker than mid-grey. */
async function darkPixels(png: Uint8Array): Promise<number> {
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  return data.filter((value, index) => index % info.channels === 0 && value < 128).length;
}

const drawText = (text: string, weight = 'normal') =>
  svgToPng(svgDocument(120, 30, 'test', `<text x="5" y="20" font-weight="${weight}">${text}</text>`));

test('the scale multiplies the size', async () => {
  const svg = svgDocument(30, 20, 'test', '');
  for (const scale of [1, 2, 2.5]) {
    const { width, height } = await sharp(await svgToPng(svg, { scale })).metadata();
    assert.deepEqual([width, height], [30 * scale, 20 * scale]);
  }
});

test('text is drawn with the bundled fonts, regular and bold, mathematical signs included', async () => {
  const regular = await darkPixels(await drawText('loss'));
  assert.ok(regular > 50, `${regular} dark pixels`);
  assert.ok((await darkPixels(await drawText('loss', 'bold'))) > regular * 1.2);
  // A sign that the font lacks would be drawn as the same box as any other one that it lacks.
  const unknown = await drawText('\u{10FFFD}');
  for (const sign of ['−', '⁻', '×', '≤', 'λ', '∇', '‖'])
    assert.notDeepEqual(await drawText(sign), unknown, `${sign} is missing from the font`);
});

test('the same SVG gives the same bytes', async () => {
  assert.deepEqual(await drawText('p(x | y)'), await drawText('p(x | y)'));
});

test('text that is no SVG is refused', async () => {
  for (const svg of ['', 'hello', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g></svg>'])
    await assert.rejects(svgToPng(svg), ConfigError);
  for (const scale of [0, -1, Number.NaN, 1000])
    await assert.rejects(svgToPng(svgDocument(9, 9, '', ''), { scale }), ConfigError);
});
