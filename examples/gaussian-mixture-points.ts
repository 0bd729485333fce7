// A Gaussian mixture learns two half moons: how many components, how likely is a point, and which component does it belong to?
//   node dist/examples/gaussian-mixture-points.js [--quick]
import { writeFile } from 'node:fs/promises';
import { gaussianMixture, load, openDataset, subset } from 'verisim';

const isQuick = process.argv.includes('--quick');

// 10000 points in the plane, two interleaved half circles with a little noise.
const moons = await openDataset('two-moons');
const data = subset(moons, isQuick ? 500 : 5000);
const { x } = await data.gather(Array.from({ length: data.length }, (_, row) => row));
const points = { data: x, shape: [data.length, 2] };

// More components always fit better; the Bayesian information criterion asks whether they are worth their parameters.
const scores = new Map<number, number>();
for (const components of isQuick ? [1, 4] : [1, 2, 4, 8, 12, 16]) {
  const candidate = gaussianMixture({ components, covariance: 'full', restarts: 2 });
  await candidate.fit(data, { seed: 0 });
  const bic = await candidate.bic(points);
  scores.set(components, bic);
  console.log(`${components} components: BIC ${bic.toFixed(0)}`);
  await candidate.dispose();
}
const [components = 1] = [...scores.keys()].sort((a, b) => (scores.get(a) ?? 0) - (scores.get(b) ?? 0));
console.log(`${components} components have the lowest BIC`);

const model = gaussianMixture({ components, covariance: 'full', restarts: 2 });
const { iterations, converged, warnings } = await model.fit(data, { seed: 0 });
console.log(`${iterations} iterations over all starts, converged: ${converged}`);
for (const warning of warnings) console.log(`warning: ${warning}`);
console.log(`weights ${[...model.weights.data].map((weight) => Number(weight).toFixed(2)).join(' ')}`);

// Exact log-densities, in nats; and the share of each component in each point.
const logProb = await model.logProb(points);
const least = logProb.indexOf(Math.min(...logProb));
const at = Array.from(x.subarray(2 * least, 2 * least + 2), (value) => value.toFixed(2)).join(', ');
const { values, columns } = await model.predictProba(points);
const shares = Array.from(values.subarray(least * columns, (least + 1) * columns), (share) => share.toFixed(2));
console.log(`least likely point (${at}): log p = ${logProb[least]?.toFixed(2)}, responsibilities ${shares.join(' ')}`);

// The same seed draws the same points; their labels are the components they come from.
const { data: drawn, labels = new Int32Array() } = await model.sample(500, { seed: 1 });
const lines = Array.from(labels, (label, row) => `${drawn[2 * row]},${drawn[2 * row + 1]},${label}`);
await writeFile('mixture-points.csv', `x1,x2,component\n${lines.join('\n')}\n`);

await model.save('mixture-model');
const loaded = await load('mixture-model');
await model.dispose();
// What was loaded is a generative model of some kind; this one has densities.
if ('logProb' in loaded && typeof loaded.logProb === 'function') {
  const again: Float64Array = await loaded.logProb(points);
  console.log(`loaded again, the same densities: ${again.every((value, row) => value === logProb[row])}`);
}
await loaded.dispose();
