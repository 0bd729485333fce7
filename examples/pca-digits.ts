// The principal components of handwritten digits: what they look like, what they keep of a digit, and digits drawn from them.
//   node dist/examples/pca-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import {
  canSample,
  drawPictures,
  encodePng,
  imageGrid,
  load,
  mnist,
  pca,
  type Samples,
  subset,
  svgToPng,
} from 'verisim';

const isQuick = process.argv.includes('--quick');

// Images [28, 28, 1] in [0, 1].
const data = isQuick ? subset(await mnist(), 1000) : await mnist();
const test = await subset(await mnist({ split: 'test' }), 32).gather(Array.from({ length: 32 }, (_, row) => row));
const digits: Samples = { data: test.x, shape: [32, 28, 28, 1] };

// 50 directions; a share of the variance, such as components: 0.95, would choose their number itself.
const model = pca({ components: 50 });
const { history, warnings } = await model.fit(data);
for (const warning of warnings) console.log(`warning: ${warning}`);
const share = history[0]?.metrics.explainedVariance ?? 0;
console.log(`${model.latentSize} of 784 directions explain ${(100 * share).toFixed(1)} % of the variance`);

const picture = async (name: string, images: Samples, columns: number): Promise<void> =>
  writeFile(name, await encodePng(imageGrid(images, { columns })));

// The mean digit and the first components: blue where a pixel is darker along them, red where it is lighter.
for (const { name, svg } of await drawPictures(model, { data })) await writeFile(`${name}.png`, await svgToPng(svg));

// Digits, and below each row what its 50 numbers keep of it.
const codes = await model.encode(digits);
console.log(`a digit as ${codes.shape[1]} numbers instead of 784`);
const kept = await model.decode(codes);
const rows = new Float32Array(64 * 784);
for (let row = 0; row < 4; row++) {
  const part = [row * 8 * 784, (row + 1) * 8 * 784] as const;
  rows.set(digits.data.subarray(...part), 2 * part[0]);
  rows.set(kept.data.subarray(...part), 2 * part[0] + 8 * 784);
}
await picture('reconstructions.png', { data: rows, shape: [64, 28, 28, 1] }, 8);

// Probabilistic PCA has an exact density, in nats, and draws: a Gaussian is a rough idea of handwriting.
const logProb = await model.logProb(digits);
const mean = logProb.reduce((sum, value) => sum + value, 0) / logProb.length;
console.log(`mean log-density of test digits: ${mean.toFixed(1)} nats`);
await picture('digits.png', await model.sample(64, { seed: 1 }), 8);

// What is saved scores the same.
await model.save('digits-model');
const again = await load('digits-model', canSample);
const copy = await again.sample(64, { seed: 1 });
const drawn = await model.sample(64, { seed: 1 });
console.log(`loaded again, the same digits: ${copy.data.every((value, i) => value === drawn.data[i])}`);

await model.dispose();
await again.dispose();
