// The density of points in the plane by a flow of coupling layers: exact, with codes and samples, and checked to be a density.
//   node dist/examples/realnvp-points.js [--quick]
import { writeFile } from 'node:fs/promises';
import { canSample, load, openDataset, realnvp, type Samples, split } from 'verisim';
import { densityMap } from 'verisim/plot';

const isQuick = process.argv.includes('--quick');

// Two interleaved half circles with a little noise; some to learn from, some to choose the best step by.
const moons = await openDataset('two-moons');
const [data, validation] = split(moons, { counts: isQuick ? [500, 200] : [8000, 2000], seed: 0 });
if (data === undefined || validation === undefined) throw new Error('Both parts have rows.');

const model = realnvp({ coupling: 'spline', hiddenLayers: isQuick ? [32] : [128, 128], learningRate: 2e-3 });
const { iterations, warnings, history } = await model.fit(data, {
  ...(isQuick ? { steps: 60, validateEvery: 20 } : { steps: 3000, validateEvery: 100 }),
  validation,
  batchSize: 200,
  seed: 0,
});
for (const warning of warnings) console.log(`warning: ${warning}`);
const losses = history.flatMap(({ metrics }) => metrics.validationLoss ?? []);
console.log(`after ${iterations} steps: ${(-Math.min(...losses)).toFixed(2)} nats a point`);

// A grid over the plane, the lowest row first: the probabilities of all cells add up to 1.
const side = isQuick ? 100 : 200;
const [left, right, bottom, top] = [-3, 4, -3, 3.5] as const;
const grid = new Float32Array(side * side * 2);
for (let cell = 0; cell < side * side; cell++) {
  const [row, column] = [Math.floor(cell / side), cell % side];
  grid.set([left + ((column + 0.5) * (right - left)) / side, bottom + ((row + 0.5) * (top - bottom)) / side], 2 * cell);
}
const logProb = await model.logProb({ data: grid, shape: [side * side, 2] });
const area = ((right - left) / side) * ((top - bottom) / side);
console.log(
  `the density integrates to ${(area * logProb.reduce((sum, value) => sum + Math.exp(value), 0)).toFixed(3)}`,
);

// Every point has a code, and every code is of one point.
const held = await validation.gather(Array.from({ length: 200 }, (_, row) => row));
const points: Samples = { data: held.x, shape: [200, 2] };
const { data: again } = await model.decode(await model.encode(points));
const error = again.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (held.x[i] ?? 0))), 0);
console.log(`there and back: largest error ${error.toExponential(0)}`);

await writeFile(
  'density.svg',
  await densityMap({
    xLabel: 'x1',
    yLabel: 'x2',
    xLimits: [left, right],
    yLimits: [bottom, top],
    logDensity: logProb,
    columns: side,
    points: held.x,
  }),
);
const { data: drawn } = await model.sample(500, { seed: 1 });
const lines = Array.from({ length: 500 }, (_, i) => `${drawn[2 * i]},${drawn[2 * i + 1]}`);
await writeFile('points.csv', `x1,x2\n${lines.join('\n')}\n`);

// What is saved draws the same.
await model.save('flow-model');
const loaded = await load('flow-model', canSample);
const copy = await loaded.sample(500, { seed: 1 });
console.log(`loaded again, the same points: ${copy.data.every((value, i) => value === drawn[i])}`);

await model.dispose();
await loaded.dispose();
