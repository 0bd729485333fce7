import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { ConfigError, ShapeError } from '../core/errors.js';
import { chartPanels } from './chart-panels.js';
import { type LineChart, lineChart } from './line-chart.js';
import { svgToPng } from './svg-to-png.js';

const blue = '#0072b2';
const orange = '#d55e00';

const chart = (part: Partial<LineChart>): string =>
  lineChart({ xLabel: 'step', yLabel: 'loss', series: [{ name: 'a', x: [0, 1, 2], y: [3, 1, 2] }], ...part });

/** The path data of curves of one colour: not the stroke in the legend, which is horizontal. */
function curves(svg: string, colour: string): string[] {
  const paths = [...svg.matchAll(/<path [^>]*?\bd="([^"]*)"[^>]*>/g)];
  return paths
    .filter(([path]) => path.includes(`stroke="${colour}"`))
    .map(([, d = '']) => d)
    .filter((d) => !/^M[\d.]+,[\d.]+h20$/.test(d));
}

/** The corners of path data, gaps as breaks. */
function corners(d: string): number[][][] {
  return d
    .split('M')
    .filter((part) => part !== '')
    .map((part) => part.split('L').map((corner) => corner.replace(/Z|h0/, '').split(',').map(Number)));
}

test('the chart names what it shows, escaped, and is well-formed', async () => {
  const svg = chart({
    title: 'A < B & "C"',
    xLabel: 'x > 0',
    yLabel: 'log p(x) & more',
    series: [
      { name: 'D(x) <real>', x: [0, 1], y: [1, 2] },
      { name: 'nul\u0000', x: [0, 1], y: [2, 1] },
    ],
  });
  for (const text of [
    'A &lt; B &amp; &quot;C&quot;',
    'x &gt; 0',
    'log p(x) &amp; more',
    'D(x) &lt;real&gt;',
    'nul\uFFFD',
  ])
    assert.ok(svg.includes(`>${text}<`), text);
  // The renderer reads strict XML and refuses what is not well-formed.
  const { width, height } = await sharp(await svgToPng(svg, { scale: 1 })).metadata();
  assert.deepEqual([width, height], [560, 320]);
});

test('corners of the curve are where the axes say', () => {
  const svg = chart({ series: [{ name: 'loss', x: [0, 5, 10], y: [0, 1, 0.5] }] });
  const [left, top, bottom, right] = (/d="M([\d.]+),([\d.]+)V([\d.]+)H([\d.]+)M/.exec(svg) ?? []).slice(1).map(Number);
  assert.ok(left !== undefined && top !== undefined && bottom !== undefined && right !== undefined);
  assert.deepEqual(corners(curves(svg, blue)[0] ?? ''), [
    [
      [left, bottom],
      [(left + right) / 2, top],
      [right, (top + bottom) / 2],
    ],
  ]);
});

test('NaN and infinities leave gaps, and a value between two gaps is a dot', () => {
  const y = [1, 2, Number.NaN, 4, Number.POSITIVE_INFINITY, 6, 7];
  const [line = '', dots = ''] = curves(chart({ series: [{ name: 'a', x: [0, 1, 2, 3, 4, 5, 6], y }] }), blue);
  assert.deepEqual(
    corners(line).map((part) => part.length),
    [2, 1, 2],
  );
  assert.equal(corners(dots).length, 1);
  assert.deepEqual(corners(dots)[0], corners(line)[1]);
});

test('a lone point is visible', async () => {
  const svg = chart({ series: [{ name: 'a', x: [3], y: [0.5] }] });
  assert.match(svg, /stroke-linecap="round"/);
  const blank = chart({ series: [{ name: 'a', x: [3], y: [Number.NaN] }] });
  assert.match(blank, />no data</);
  assert.doesNotMatch(svg, />no data</);
});

test('without data there is an empty frame that says so', async () => {
  for (const series of [[], [{ name: 'none', x: [], y: [] }]])
    for (const yScale of ['linear', 'log'] as const) {
      const svg = chart({ series, yScale });
      assert.match(svg, />no data</);
      assert.doesNotMatch(svg, /NaN|Infinity/);
      assert.ok((await svgToPng(svg)).length > 0);
    }
});

test('no value, however extreme, breaks the drawing: the chart of a diverged run is the one that is needed', () => {
  const extremes = [0, 1, -1, 3e38, -3e38, 1e-45, 1.7e308, -1.7e308, 5e-324, 99_999.5, 100.0001, 100.0002, Number.NaN];
  for (const a of extremes)
    for (const b of extremes)
      for (const yScale of ['linear', 'log'] as const)
        for (const xScale of ['linear', 'log'] as const) {
          const svg = chart({ xScale, yScale, smoothing: 0.5, series: [{ name: 'a', x: [a, b, a], y: [a, b, b] }] });
          assert.doesNotMatch(svg, /NaN|Infinity|undefined/, `${a} and ${b}, ${xScale} and ${yScale}`);
        }
});

test('a constant series is a horizontal line within the frame', () => {
  for (const value of [0, -3, 2e-4])
    for (const yScale of ['linear', 'log'] as const) {
      if (yScale === 'log' && value <= 0) continue;
      const svg = chart({ yScale, series: [{ name: 'a', x: [0, 1], y: [value, value] }] });
      assert.doesNotMatch(svg, /NaN|Infinity/);
      const [[from, to] = []] = corners(curves(svg, blue)[0] ?? '');
      assert.ok(from?.[1] !== undefined && from[1] === to?.[1] && from[1] > 10 && from[1] < 276);
    }
});

test('values that a logarithmic axis cannot show become gaps, and the legend counts them', () => {
  const svg = chart({ yScale: 'log', yLabel: 'a', series: [{ name: 'a', x: [0, 1, 2, 3], y: [1, 0, -2, 10] }] });
  assert.match(svg, />a \(2 of 4 values ≤ 0 not shown\)</);
  assert.deepEqual(
    corners(curves(svg, blue)[0] ?? '').map((part) => part.length),
    [1, 1],
  );
  const onX = chart({ xScale: 'log', series: [{ name: 'a', x: [0, 1, 10], y: [1, 2, 3] }] });
  assert.match(onX, />a \(1 of 3 values ≤ 0 not shown\)</);
});

test('smoothing draws a clear curve over the faint raw one', () => {
  const x = Array.from({ length: 100 }, (_, index) => index);
  const svg = chart({ smoothing: 0.9, series: [{ name: 'a', x, y: x.map((index) => index % 2) }] });
  const [raw = '', smoothed = ''] = curves(svg, blue);
  const heights = (d: string): number[] =>
    corners(d)
      .flat()
      .slice(50)
      .map(([, y = 0]) => y);
  const range = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  assert.ok(range(heights(smoothed)) < 0.1 * range(heights(raw)));
  assert.match(svg, /stroke-opacity="0.28"/);
});

test('long curves are thinned to about 2000 corners, and their peaks stay', () => {
  const x = Array.from({ length: 100_000 }, (_, index) => index);
  const y = x.map((index) => (index === 54_321 ? 9 : Math.sin(index / 5000)));
  const [line = ''] = curves(chart({ series: [{ name: 'a', x, y }], yLimits: [-1, 9] }), blue);
  const heights = corners(line)
    .flat()
    .map(([, height = 0]) => height);
  assert.ok(heights.length <= 2002);
  assert.equal(heights.filter((height) => height < 100).length, 1);
});

test('a lone curve that is named like its axis has no legend', () => {
  const one = (name: string): number =>
    chart({ series: [{ name, x: [0, 1], y: [0, 1] }] }).split(`>${name}<`).length - 1;
  assert.equal(one('loss'), 1);
  assert.equal(one('discriminator'), 1);
  assert.equal(chart({ series: [{ name: 'loss', x: [0, 1], y: [0, 1] }] }).includes('h20'), false);
});

test('panels share the horizontal axis and line up', () => {
  const svg = chartPanels({
    title: 'GAN',
    xLabel: 'step',
    panels: [
      { yLabel: 'loss', series: [{ name: 'generator', x: [0, 1000], y: [0, 12_000] }] },
      { yLabel: 'D', yLimits: [0, 1], series: [{ name: 'D(x)', x: [500, 2000], y: [1, 0.5] }] },
    ],
  });
  const frames = [...svg.matchAll(/d="M([\d.]+),([\d.]+)V([\d.]+)H([\d.]+)/g)].map((match) =>
    match.slice(1).map(Number),
  );
  const [upper = [], lower = []] = frames;
  assert.equal(frames.length, 2);
  assert.deepEqual([upper[0], upper[3]], [lower[0], lower[3]]);
  assert.ok((upper[2] ?? 0) < (lower[1] ?? 0), 'the lower panel starts below the upper one');
  assert.equal(svg.split('>step<').length - 1, 1);
  // 1000 of 0 to 2000 lies in the middle, 500 at a quarter.
  const [left = 0, right = 0] = [upper[0], upper[3]];
  const [generator = '', score = ''] = curves(svg, blue);
  assert.equal(corners(generator)[0]?.[1]?.[0], (left + right) / 2);
  assert.equal(corners(score)[0]?.[0]?.[0], left + (right - left) / 4);
});

test('more series than colours stay distinguishable, by dashes, and their legend wraps', () => {
  const series = Array.from({ length: 9 }, (_, index) => ({ name: `component ${index}`, x: [0, 1], y: [index, 0] }));
  const svg = chart({ series });
  assert.equal(curves(svg, blue).length, 2);
  assert.equal(curves(svg, orange).length, 2);
  const strokes = [
    ...svg.matchAll(/<path d="M([\d.]+),([\d.]+)h20" stroke="([^"]+)"[^>]*?(stroke-dasharray="[^"]+")?[^>]*>/g),
  ];
  assert.equal(new Set(strokes.map(([path]) => path.replace(/ d="[^"]*"/, ''))).size, 9);
  assert.ok(new Set(strokes.map(([, , y]) => y)).size > 1);
  assert.ok(strokes.every(([, x]) => Number(x) < 500));
});

test('typed arrays are series too, and equal charts are equal text', () => {
  const series = [{ name: 'a', x: Float64Array.from([0, 1]), y: Float32Array.from([0.5, 2]) }];
  assert.equal(chart({ series }), chart({ series: [{ name: 'a', x: [0, 1], y: [0.5, 2] }] }));
});

test('what cannot be drawn is refused', () => {
  assert.throws(() => chart({ series: [{ name: 'a', x: [1, 2], y: [1] }] }), ShapeError);
  assert.throws(() => chart({ smoothing: 1 }), ConfigError);
  assert.throws(() => chart({ yLimits: [1, 0] }), ConfigError);
  assert.throws(() => chart({ height: 60 }), /leaves \d+ x -?\d+ for a panel/);
  assert.throws(() => chart({ width: 90 }), ConfigError);
  assert.throws(() => chartPanels({ xLabel: 'step', panels: [] }), ConfigError);
});
