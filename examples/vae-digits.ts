// A variational autoencoder learns binary digits: its bound on their probability, digits of its own, and the way from one to another.
//   node dist/examples/vae-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { binarise, encodePng, imageGrid, mnist, type Samples, vae } from 'verisim';

const isQuick = process.argv.includes('--quick');

// 60000 images of zeros and ones; a grey pixel is 1 with its brightness as the probability.
const data = binarise(await mnist(), { seed: 0 });

const model = vae(isQuick ? { latentSize: 8, hiddenLayers: [64], learningRate: 0.01, klWarmUp: 0 } : {});
const { warnings } = await model.fit(data, {
  ...(isQuick ? { steps: 60 } : { epochs: 20 }),
  seed: 0,
  observer: {
    onProgress: ({ step, steps, metrics }) => {
      if (process.stderr.isTTY) process.stderr.write(`\rstep ${step}/${steps}, ${metrics.loss?.toFixed(1)} nats   `);
    },
  },
});
for (const warning of warnings) console.log(`warning: ${warning}`);

// How probable are digits it has not seen? Two bounds on log p(x): the more codes per row, the tighter.
const test = binarise(await mnist({ split: 'test' }), { seed: 0 });
const { x } = await test.gather(Array.from({ length: 100 }, (_, row) => row));
const digits: Samples = { data: x, shape: [100, 28, 28, 1] };
for (const samples of [1, isQuick ? 20 : 1000]) {
  const { values, kind } = await model.logProbBound(digits, { samples });
  console.log(`${kind}, ${samples} samples: ${(values.reduce((a, b) => a + b, 0) / 100).toFixed(2)} nats`);
}
const { active } = await model.activeUnits(digits);
console.log(`${active} of ${model.latentSize} numbers of the code are used`);

const draw = async (images: Samples, columns: number) => encodePng(imageGrid(images, { columns }));
await writeFile('digits.png', await draw(await model.sample(64, { seed: 1 }), 8));
const row = (first: number): Samples => ({ data: x.slice(first * 784, (first + 8) * 784), shape: [8, 28, 28, 1] });
await writeFile('between.png', await draw(await model.interpolate(row(0), row(8), 10), 10));
console.log('digits.png and between.png written');

await model.dispose();
