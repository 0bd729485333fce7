// Points by group: every point is drawn once, groups are told apart by colour or shape, and named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShapeError } from '../core/errors.js';
import { scatterPlot } from './scatter-plot.js';

const axes = { xLabel: 'z1', yLabel: 'z2' } as const;
const marks = (svg: string): number => svg.match(/M[\d.]+,[\d.]+h0/g)?.length ?? 0;

test('every point is drawn, in the colour of its group, and groups are named in the legend and in their middle', () => {
  const points = [0, 0, 1, 1, 2, 0, 10, 10, 11, 9];
  const svg = scatterPlot({ ...axes, points, groups: [0, 0, 0, 1, 1], names: ['cat', 'dog'] });
  // Five points, and a mark for each of two groups in the legend.
  assert.equal(marks(svg), 7);
  assert.deepEqual(
    [...new Set([...svg.matchAll(/stroke="(#0072b2|#d55e00)"/g)].map(([, colour]) => colour))],
    ['#0072b2', '#d55e00'],
  );
  assert.equal(svg.match(/>cat</g)?.length, 2);
  assert.equal(svg.match(/>dog</g)?.length, 2);
});

test('without groups there is one cloud and no legend; points that are no numbers are left out', () => {
  const svg = scatterPlot({ ...axes, title: 'codes', points: [0, 0, 1, 2, Number.NaN, 3] });
  assert.equal(marks(svg), 2);
  assert.match(svg, />codes</);
});

test('groups beyond the colours have marks of another shape', () => {
  const names = Array.from({ length: 10 }, (_, i) => String(i));
  const points = names.flatMap((_, i) => [i, i]);
  const svg = scatterPlot({ ...axes, points, groups: names.map(Number), names });
  assert.equal(marks(svg), 2 * 7);
  // A cross has two strokes: three groups, in the legend and in the plot.
  assert.equal(svg.match(/M[\d.]+,[\d.]+l[\d.]+,[\d.]+m/g)?.length, 2 * 3);
});

test('points that do not go together with their groups are refused', () => {
  assert.throws(() => scatterPlot({ ...axes, points: [] }), ShapeError);
  assert.throws(() => scatterPlot({ ...axes, points: [1, 2, 3] }), ShapeError);
  assert.throws(() => scatterPlot({ ...axes, points: [1, 2], groups: [0, 1] }), /2 coordinates of points and 2 groups/);
  assert.throws(() => scatterPlot({ ...axes, points: [Number.NaN, 1] }), /finite/);
});
