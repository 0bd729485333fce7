// A restricted Boltzmann machine on digits: its filters, what it reconstructs, its likelihood by annealing, and digits of its own.
//   node dist/examples/rbm-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { binarise, encodePng, imageGrid, load, mnist, type Rbm, rbm, type Samples, subset } from 'verisim';

const isQuick = process.argv.includes('--quick');

// Images [28, 28, 1] of zeros and ones, drawn with the brightness as the probability of a one.
const data = binarise(isQuick ? subset(await mnist(), 2000) : await mnist(), { seed: 0 });
const test = await subset(binarise(await mnist({ split: 'test' }), { seed: 0 }), 100).gather(
  Array.from({ length: 100 }, (_, row) => row),
);
const digits: Samples = { data: test.x, shape: [100, 28, 28, 1] };

const model = rbm(isQuick ? { hiddenUnits: 32, samplingSteps: 50 } : { hiddenUnits: 500, gibbsSteps: 5 });
const { warnings } = await model.fit(data, { epochs: isQuick ? 1 : 10, seed: 0 });
for (const warning of warnings) console.log(`warning: ${warning}`);

// log p(x) = -F(x) - log Z, where log Z is estimated: 784 and 500 units are too many to sum over all their states.
const partition = await model.logPartition(isQuick ? { chains: 20, temperatures: 100 } : {});
const { value, low, high, method } = partition;
console.log(`log Z = ${value.toFixed(1)} in [${low.toFixed(1)}, ${high.toFixed(1)}] (${method})`);
const energies = await model.freeEnergy(digits);
const mean = energies.reduce((sum, energy) => sum - energy - value, 0) / energies.length;
console.log(`mean log-probability of test digits: ${mean.toFixed(1)} nats`);

const picture = async (name: string, images: Samples): Promise<void> =>
  writeFile(name, await encodePng(imageGrid(images, { columns: 8 })));

// What each of the first hidden units makes of the pixels: a code with that unit alone, against the code without any.
const units = Math.min(32, model.latentSize);
const codes = new Float32Array((units + 1) * model.latentSize);
for (let unit = 0; unit < units; unit++) codes[unit * model.latentSize + unit] = 1;
const decoded = await model.decode({ data: codes, shape: [units + 1, model.latentSize] });
const none = decoded.data.subarray(units * 784);
const filters = decoded.data.subarray(0, units * 784).map((p, i) => 0.5 + 0.5 * (p - (none[i % 784] ?? 0)));
await picture('filters.png', { data: filters, shape: [units, 28, 28, 1] });

await picture('reconstructions.png', await model.reconstruct(digits));
await picture('digits.png', await model.sample(isQuick ? 8 : 64, { seed: 1 }));

// What is saved scores the same.
await model.save('digits-model');
const again = await load('digits-model');
const isSame = isRbm(again) && (await again.freeEnergy(digits)).every((energy, i) => energy === energies[i]);
console.log(`loaded again, the same free energies: ${isSame}`);

await model.dispose();
await again.dispose();

function isRbm(loaded: { readonly kind: string }): loaded is Rbm {
  return loaded.kind === 'rbm';
}
