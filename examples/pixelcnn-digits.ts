// Digits pixel by pixel with a PixelCNN: its exact density, what surprises it about a digit, and digits of its own.
//   node dist/examples/pixelcnn-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { binarise, canSample, encodePng, imageGrid, load, mnist, pixelcnn, type Samples, subset } from 'verisim';

const isQuick = process.argv.includes('--quick');

// Images [28, 28, 1] of zeros and ones.
const data = binarise(await mnist());
const test = await subset(binarise(await mnist({ split: 'test' })), 32).gather(
  Array.from({ length: 32 }, (_, row) => row),
);
const digits: Samples = { data: test.x, shape: [32, 28, 28, 1] };

const model = pixelcnn({ output: 'binary', ...(isQuick ? { layers: 2, filters: 8 } : {}) });
// The steps whose weights are best on rows that are not trained on are kept.
const validation = subset(
  binarise(await mnist({ split: 'test' })),
  Array.from({ length: 500 }, (_, row) => 9500 + row),
);
const { iterations, warnings } = await model.fit(data, {
  ...(isQuick ? { steps: 30, validateEvery: 15 } : { epochs: 2 }),
  validation,
  seed: 0,
});
for (const warning of warnings) console.log(`warning: ${warning}`);

// log p(x) is exact: the sum of the logarithms of every pixel's probability given those before it.
const logProb = await model.logProb(digits);
const nats = -logProb.reduce((sum, value) => sum + value, 0) / logProb.length;
console.log(
  `after ${iterations} steps: ${nats.toFixed(1)} nats a test digit, ${(nats / 784 / Math.LN2).toFixed(3)} bits a pixel`,
);

// The less expected a pixel, the brighter.
const conditionals = await model.conditionals(digits);
const surprise = Float32Array.from(conditionals, (value) => 1 - Math.exp(value));
const least = surprise.indexOf(Math.max(...surprise));
console.log(
  `least expected pixel: row ${Math.floor((least % 784) / 28)}, column ${least % 28} of digit ${Math.floor(least / 784)}`,
);
await writeFile('surprise.png', await encodePng(imageGrid({ data: surprise, shape: digits.shape }, { columns: 8 })));

// Drawn pixel by pixel, at the cost of one pass of the network.
const drawn = await model.sample(isQuick ? 4 : 64, { seed: 1 });
await writeFile('digits.png', await encodePng(imageGrid(drawn, { columns: 8 })));

// What is saved draws the same.
await model.save('digits-model');
const again = await load('digits-model', canSample);
const copy = await again.sample(4, { seed: 2 });
const own = await model.sample(4, { seed: 2 });
console.log(`loaded again, the same digits: ${copy.data.every((value, i) => value === own.data[i])}`);

await model.dispose();
await again.dispose();
