// A GAN learns the shape of two half moons, and tells how far its samples are from them.
//   node dist/examples/gan-points.js [--quick]
import { writeFile } from 'node:fs/promises';
import { gan, openDataset } from 'verisim';

const isQuick = process.argv.includes('--quick');

// 10000 points in the plane, two interleaved half circles with a little noise.
const data = await openDataset('two-moons');

// Small networks do for points; an average of the generator's weights (ema) draws steadier samples than the last ones.
const model = gan({
  latentSize: 2,
  generatorLayers: [64, 64],
  discriminatorLayers: [64, 64],
  learningRate: 0.002,
  ema: 0.99,
});

const { iterations, history } = await model.fit(data, {
  steps: isQuick ? 60 : 6000,
  batchSize: 128,
  seed: 0,
  observer: {
    onProgress: ({ step, steps, metrics }) => {
      if (process.stderr.isTTY) process.stderr.write(`\rstep ${step}/${steps}, D(x) ${metrics['D(x)']?.toFixed(3)} `);
    },
  },
});
const last = history.at(-1)?.metrics;
console.log(
  `\n${iterations} steps: D(x) ${last?.['D(x)']?.toFixed(3)}, D(G(z)) ${last?.['D(G(z))']?.toFixed(3)}; at the optimum both are 0.5`,
);

// The same seed draws the same points.
const count = 500;
const { data: points } = await model.sample(count, { seed: 1 });

// How far is a sample from the nearest point of the data? Points of the data themselves have a neighbour within about 0.02.
const { x } = await data.gather(Array.from({ length: 2000 }, (_, row) => row));
const distances = Array.from({ length: count }, (_, i) => {
  let nearest = Number.POSITIVE_INFINITY;
  for (let j = 0; j < x.length; j += 2)
    nearest = Math.min(
      nearest,
      Math.hypot((points[2 * i] ?? 0) - (x[j] ?? 0), (points[2 * i + 1] ?? 0) - (x[j + 1] ?? 0)),
    );
  return nearest;
});
const median = distances.sort((a, b) => a - b)[count / 2];
console.log(`median distance of a sample to the data: ${median?.toFixed(3)}`);

const lines = Array.from({ length: count }, (_, i) => `${points[2 * i]},${points[2 * i + 1]}`);
await writeFile('gan-points.csv', `x1,x2\n${lines.join('\n')}\n`);
console.log('samples in gan-points.csv');

await model.dispose();
