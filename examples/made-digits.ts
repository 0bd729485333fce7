// A MADE learns black and white digits of ten classes, draws some, and tells digits apart by Bayes' rule.
//   node dist/examples/made-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { bayesClassifier, binarise, canSample, encodePng, imageGrid, load, made, mnist, split } from 'verisim';

const isQuick = process.argv.includes('--quick');

// Every pixel is drawn as 0 or 1 with its brightness as the probability; a sixth of the images is held out.
const data = binarise(await mnist(), { seed: 0 });
const [training = data, heldOut = data] = split(data, { counts: [50_000, 10_000], seed: 0 });

// Two sets of masks take turns; the density is the mean of theirs. The average of the weights (ema) generalises better than the last ones.
const model = made({ hiddenLayers: [isQuick ? 32 : 1000], masks: 2, conditional: true, ema: isQuick ? 0.9 : 0.999 });
const { iterations, warnings } = await model.fit(training, {
  ...(isQuick ? { steps: 60 } : { epochs: 60, validation: heldOut, patience: 4 }),
  seed: 0,
  observer: {
    onProgress: ({ step, steps, metrics }) => {
      if (process.stderr.isTTY) process.stderr.write(`\rstep ${step}/${steps}, ${metrics.loss?.toFixed(1)} nats `);
    },
  },
});
for (const warning of warnings) console.log(`warning: ${warning}`);

// How plausible are digits that were not trained on? Exactly, in nats per image.
const { x } = await heldOut.gather(Array.from({ length: 500 }, (_, row) => row));
const logProb = await model.logProb({ data: x, shape: [500, 28, 28, 1] });
console.log(
  `${iterations} steps: ${(-logProb.reduce((sum, value) => sum + value, 0) / 500).toFixed(1)} nats per image`,
);

// p(y | x) = p(x | y) p(y) / p(x) makes a classifier of it.
const classifier = bayesClassifier(model);
const classes = await classifier.predict({ data: x, shape: [500, 28, 28, 1] });
const { labels } = await heldOut.gather(Array.from({ length: 500 }, (_, row) => row));
const right = classes.filter((label, row) => label === labels?.[row]).length;
console.log(`${((100 * right) / 500).toFixed(1)} % of 500 digits read right`);

// Pixels are drawn one after the other; here the sevens.
const sevens = await model.sample(64, { seed: 1, given: { label: '7' } });
await writeFile('sevens.png', await encodePng(imageGrid(sevens)));

await model.save('digits-model');
const again = await load('digits-model', canSample);
const copy = await again.sample(64, { seed: 1, given: { label: '7' } });
console.log(`loaded again, the same digits: ${copy.data.every((value, i) => value === sevens.data[i])}`);

await model.dispose();
await again.dispose();
