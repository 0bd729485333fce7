// A GAN that is told what to draw: digits by name, digits between two others, and the code of a digit that it has never seen.
//   node dist/examples/conditional-gan-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { acgan, encodePng, imageGrid, mnist, subset } from 'verisim';

const isQuick = process.argv.includes('--quick');

// 60000 images [28, 28, 1] in [0, 1] with labels, and others that the model does not see.
const data = await mnist();
const test = subset(await mnist({ split: 'test' }), 8);

// The discriminator reads digits as well, so that the generator has to draw what it was asked for.
const model = acgan(
  isQuick ? { backbone: 'dense', latentSize: 8, generatorLayers: [32], discriminatorLayers: [32] } : { ema: 0.999 },
);
const { iterations, warnings } = await model.fit(data, {
  ...(isQuick ? { steps: 10, batchSize: 16 } : { epochs: 5 }),
  seed: 0,
});
console.log(`${iterations} steps; digits ${model.labels.join(' ')}`);
for (const warning of warnings) console.log(`warning: ${warning}`);

// Ten of each digit, a column per digit; a small truncation keeps to what the generator is surest of.
const columns = await Promise.all(
  model.labels.map((label) => model.sample(10, { given: { label }, seed: 1, truncation: 1.5 })),
);
const sheet = Float32Array.from({ length: 100 * 784 }, (_, i) => {
  const [image, pixel] = [Math.floor(i / 784), i % 784];
  return columns[image % 10]?.data[Math.floor(image / 10) * 784 + pixel] ?? 0;
});
await writeFile('asked-for.png', await encodePng(imageGrid({ data: sheet, shape: [100, 28, 28, 1] }, { columns: 10 })));

// The code that a digit would have been drawn from is searched for; with it GANs rebuild rows, and walk from one to another.
const { x, labels } = await test.gather([0, 1, 2, 3, 4, 5, 6, 7]);
const digits = { data: x, shape: [8, 28, 28, 1], ...(labels === undefined ? {} : { labels }) };
const { reconstructions, errors } = await model.invert(digits, { steps: isQuick ? 5 : 300 });
const error = errors.reduce((sum, value) => sum + value, 0) / errors.length;
console.log(`digits it has not seen are rebuilt with a squared error of ${error.toFixed(3)} a pixel`);
const pairs = Float32Array.from([...x, ...reconstructions.data]);
await writeFile('rebuilt.png', await encodePng(imageGrid({ data: pairs, shape: [16, 28, 28, 1] }, { columns: 8 })));

await model.dispose();
