// A DCGAN learns to write digits, walks through its latent space, and is saved and loaded again.
//   node dist/examples/dcgan-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { canSample, dcgan, encodePng, imageGrid, load, mnist, random } from 'verisim';

const isQuick = process.argv.includes('--quick');

// 60000 images [28, 28, 1] in [0, 1].
const data = await mnist();

// The paper's recipe; the quick form is too small and too short to write anything, but does all the steps.
const model = dcgan(isQuick ? { channels: 4, latentSize: 16 } : {});

// Ctrl-C stops the training and keeps what was learnt.
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const report = await model.fit(data, {
  ...(isQuick ? { steps: 4, batchSize: 16 } : { epochs: 5 }),
  seed: 0,
  signal: stop.signal,
  observer: {
    onProgress: ({ step, steps, secondsLeft }) => {
      if (process.stderr.isTTY) process.stderr.write(`\rstep ${step}/${steps}, ${secondsLeft.toFixed(0)} s left   `);
    },
  },
});
console.log(`\n${report.iterations} steps, ${report.stoppedBecause}`);
for (const warning of report.warnings) console.log(`warning: ${warning}`);

// A sheet of 64 digits.
const digits = await model.sample(64, { seed: 1 });
await writeFile('digits.png', await encodePng(imageGrid(digits)));

// From one code to another in eight steps: neighbouring codes give similar digits.
const [from, to] = [random(2).normal(model.latentSize), random(3).normal(model.latentSize)];
const walk = Float32Array.from({ length: 8 * model.latentSize }, (_, i) => {
  const [step, place] = [Math.floor(i / model.latentSize), i % model.latentSize];
  return (from[place] ?? 0) * (1 - step / 7) + (to[place] ?? 0) * (step / 7);
});
const between = await model.decode({ data: walk, shape: [8, model.latentSize] });
await writeFile('walk.png', await encodePng(imageGrid(between, { columns: 8 })));

// What is saved draws the same digits.
await model.save('digits-model');
const again = await load('digits-model', canSample);
const copy = await again.sample(64, { seed: 1 });
console.log(`loaded again, the same digits: ${copy.data.every((value, i) => value === digits.data[i])}`);
console.log('digits.png, walk.png and digits-model/ written');

await model.dispose();
await again.dispose();
