import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, ShapeError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { densityChart, histogram } from './density-chart.js';
import { densityMap, regionLevels } from './density-map.js';

const grid = (size: number): Float64Array =>
  Float64Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [((i % size) + 0.5) / size - 0.5, (Math.floor(i / size) + 0.5) / size - 0.5];
    return -0.5 * (x * x + y * y) * 36 - Math.log((2 * Math.PI) / 36);
  });

const square = { xLabel: 'x', yLabel: 'y', xLimits: [-0.5, 0.5], yLimits: [-0.5, 0.5] } as const;

test('the areas of a histogram sum to 1, whatever the bins, and every bar is drawn', () => {
  const values = [...random(0).normal(400)];
  for (const bins of [1, 3, 20, undefined]) {
    const bars = histogram(values, bins);
    const area = bars.reduce((sum, { from, to, density }) => sum + density * (to - from), 0);
    assert.ok(Math.abs(area - 1) < 1e-12, `${bins} bins: ${area}`);
    const svg = densityChart({
      xLabel: 'v',
      values,
      densities: [{ name: 'model', x: [-3, 3], y: [0, 0.4] }],
      ...(bins === undefined ? {} : { bins }),
    });
    assert.equal(svg.match(/fill="#d4dbe3"/g)?.length, bars.length);
  }
  assert.deepEqual(histogram([]), []);
  assert.deepEqual(histogram([2, 2, 2]), []);
});

test('levels enclose the shares of a Gaussian that theory says', () => {
  // In two dimensions the region of density above c max holds 1 - c of the mass.
  const density = grid(200).map(Math.exp);
  const peak = density.reduce((a, b) => Math.max(a, b), 0);
  const levels = regionLevels(density).map((level) => level / peak);
  // The grid cuts off the tails beyond three deviations, about 0.5 % of the mass.
  for (const [index, share] of [0.01, 0.1, 0.5].entries()) assert.ok(Math.abs((levels[index] ?? 0) - share) < 0.02);
});

test('a map has its picture, its three regions and its points', async () => {
  const svg = await densityMap({ ...square, logDensity: grid(40), columns: 40, points: [0, 0, 0.1, 0.2] });
  assert.match(svg, /data:image\/png;base64/);
  assert.equal(svg.match(/stroke="#b35806"/g)?.length, 3);
  assert.match(svg, /50 %, 90 %, 99 %; dots: data/);
  // The largest density of the grid is nearly 36 / 2 pi, 5.7: the bar of colours has round numbers up to it.
  assert.deepEqual(
    [...svg.matchAll(/<text x="493"[^>]*>(\d)(?:\.\d)?</g)].map(([, digit]) => digit),
    ['0', '1', '2', '3', '4', '5'],
  );
  assert.doesNotMatch(await densityMap({ ...square, logDensity: grid(40), columns: 40 }), /dots/);
});

test('beyond limits nothing is drawn, and the bars keep the share of the data that they stand for', () => {
  const values = [...random(0).normal(300), ...new Array<number>(100).fill(1e6)];
  const svg = densityChart({
    ...{ title: 'one', caption: 'two', xLabel: 'v', values, xLimits: [-4, 4], bins: 10 },
    densities: [{ name: 'model', x: [-4, 4], y: [0.1, 0.1] }],
  });
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="([\d.]+)" fill="#d4dbe3"/g)];
  assert.equal(bars.length, 10);
  assert.match(svg, /font-weight="bold">one</);
  assert.match(svg, />two</);
  // Three quarters of the data are in view: so are three quarters of the area of a density that is 1 / 8 all over the axis.
  const [left = 0, right = 0] = [/>−4</, />4</].map((label) => {
    const [before = ''] = svg.split(label);
    return Number(/<text x="([\d.]+)"[^<]*$/.exec(before)?.[1]);
  });
  const ticks = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)" text-anchor="end">(0\.\d+)</g)];
  const [low, high] = [ticks[0], ticks.at(-1)];
  const perUnit = (Number(low?.[1]) - Number(high?.[1])) / (Number(high?.[2]) - Number(low?.[2]));
  const perX = (right - left) / 8;
  // Bars are drawn half a pixel narrower than they are.
  const area = bars.reduce(
    (sum, [, , width, height]) => sum + ((Number(width) + 0.5) * Number(height)) / perX / perUnit,
    0,
  );
  assert.ok(Math.abs(area - 0.75) < 0.01, `${area}`);
});

test('what cannot be drawn is refused', async () => {
  await assert.rejects(densityMap({ ...square, logDensity: grid(4), columns: 5 }), ShapeError);
  await assert.rejects(densityMap({ ...square, logDensity: new Float64Array(16).fill(-1e9), columns: 4 }), ConfigError);
  await assert.rejects(densityMap({ ...square, logDensity: grid(4), columns: 4, points: [1, 2, 3] }), ShapeError);
  assert.throws(() => densityChart({ xLabel: 'v', densities: [] }), ConfigError);
  assert.throws(
    () => densityChart({ xLabel: 'v', densities: [{ name: 'a', x: [0], y: [1] }], values: [1, Number.NaN] }),
    ShapeError,
  );
});
