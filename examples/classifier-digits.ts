// A network that only tells digits apart, the generative classifier it is compared with, and what both make of noise.
//   node dist/examples/classifier-digits.js [--quick]
import { classifier, gaussianBayes, load, mnist, random, subset } from 'verisim';

const isQuick = process.argv.includes('--quick');

// 60000 images [28, 28, 1] in [0, 1] with labels, and 10000 others to be read.
const all = await mnist();
const data = isQuick ? subset(all, 1000) : subset(all, 55_000);
const validation = subset(
  all,
  isQuick ? Array.from({ length: 200 }, (_, i) => 1000 + i) : Array.from({ length: 5000 }, (_, i) => 55_000 + i),
);
const test = subset(await mnist({ split: 'test' }), isQuick ? 200 : 10_000);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

// Convolutions with softmax: p(y | x), and nothing about where images come from. Shifted digits are digits.
const model = classifier(
  isQuick
    ? { hiddenLayers: [64] }
    : { network: 'convolutional', channels: [24, 48, 96], firstStride: 2, learningRate: 4e-3, ema: 0.99 },
);
await model.fit(data, { epochs: isQuick ? 4 : 6, seed: 0, validation, ...(isQuick ? {} : { augment: ['shift'] }) });
const { accuracy, perClass } = await model.evaluate(test);
const hardest = perClass.toSorted((a, b) => (a.recall ?? 1) - (b.recall ?? 1))[0];
console.log(`classifier: ${percent(accuracy)} of ${test.length} digits read right, of the ${hardest?.name} fewest`);

// Images of noise are no digits at all, but p(y | x) adds up to 1 there, too: only a density can tell that something is strange.
const noise = { data: random(1).uniform(100 * 784), shape: [100, 28, 28, 1] };
const { values } = await model.predictProba(noise);
const surest = Array.from({ length: 100 }, (_, row) => Math.max(...values.subarray(row * 10, row * 10 + 10)));
console.log(`of noise it is sure by ${percent(surest.reduce((sum, value) => sum + value, 0) / 100)} on average`);
const bayes = gaussianBayes({ covariance: 'diagonal', covarianceFloor: 0.1 });
await bayes.fit(data);
const { x } = await test.gather(Array.from({ length: 100 }, (_, row) => row));
const mean = (of: Float64Array) => of.reduce((sum, value) => sum + value, 0) / of.length;
const [digits, strange] = [
  mean(await bayes.logProb({ data: x, shape: noise.shape })),
  mean(await bayes.logProb(noise)),
];
console.log(`a Gaussian per digit gives digits ${digits.toFixed(0)} nats and noise ${strange.toFixed(0)}`);

await model.save('digits-classifier');
const again = await load('digits-classifier');
console.log(`loaded again: a ${again.kind}`);

for (const one of [model, bayes, again]) await one.dispose();
