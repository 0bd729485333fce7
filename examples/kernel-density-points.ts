// The density of points in the plane by kernels and by a histogram, compared on points that neither has seen, and drawn as maps.
//   node dist/examples/kernel-density-points.js [--quick]
import { writeFile } from 'node:fs/promises';
import { histogram, kernelDensity, openDataset, type Samples, split } from 'verisim';
import { densityMap } from 'verisim/plot';

const isQuick = process.argv.includes('--quick');

// Two interleaved half circles with a little noise; some to learn from, some to test on.
const moons = await openDataset('two-moons');
const [data, test] = split(moons, { counts: isQuick ? [300, 100] : [3000, 1000], seed: 0 });
if (data === undefined || test === undefined) throw new Error('Both parts have rows.');
const held = await test.gather(Array.from({ length: test.length }, (_, row) => row));

// A grid over the plane, the lowest row first.
const side = isQuick ? 40 : 160;
const [left, right, bottom, top] = [-1.6, 2.6, -1.2, 1.7] as const;
const grid = new Float32Array(side * side * 2);
for (let cell = 0; cell < side * side; cell++) {
  const [row, column] = [Math.floor(cell / side), cell % side];
  grid.set([left + ((column + 0.5) * (right - left)) / side, bottom + ((row + 0.5) * (top - bottom)) / side], 2 * cell);
}
const places: Samples = { data: grid, shape: [side * side, 2] };

// A rule for the bandwidth assumes one round bump and smooths too much here; held-out points know better. The histogram counts every
// bin half a point beforehand, so that no test point is impossible.
const models = {
  scott: kernelDensity({ bandwidth: 'scott' }),
  'cross-validated': kernelDensity({ bandwidth: 'cross-validated' }),
  histogram: histogram({
    smoothing: 0.5,
    range: [
      [left, right],
      [bottom, top],
    ],
  }),
};
for (const [name, model] of Object.entries(models)) {
  const { warnings, history } = await model.fit(data, { seed: 0 });
  for (const warning of warnings) console.log(`warning: ${warning}`);
  const logProb = await model.logProb({ data: held.x, shape: [test.length, 2] });
  const mean = logProb.reduce((sum, value) => sum + value, 0) / test.length;
  const size = 'bandwidth' in model ? `bandwidth ${model.bandwidth.toFixed(3)}` : `${history[0]?.metrics.bins} bins`;
  console.log(`${name}: ${size}, mean log-density of new points ${mean.toFixed(3)} nats`);
  const map = await densityMap({
    xLabel: 'x1',
    yLabel: 'x2',
    xLimits: [left, right],
    yLimits: [bottom, top],
    logDensity: await model.logProb(places),
    columns: side,
    points: held.x.subarray(0, 400),
  });
  await writeFile(`${name}.svg`, map);
}

// New points: a row of the data, and noise of the kernel's shape.
const { data: drawn } = await models['cross-validated'].sample(500, { seed: 1 });
const lines = Array.from({ length: 500 }, (_, i) => `${drawn[2 * i]},${drawn[2 * i + 1]}`);
await writeFile('points.csv', `x1,x2\n${lines.join('\n')}\n`);

for (const model of Object.values(models)) await model.dispose();
