// The chain rule over pixels, two ways: a fully visible sigmoid belief network and a NADE learn the same black and white digits.
//   node dist/examples/nade-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { binarise, encodePng, fvsbn, imageGrid, mnist, nade, split } from 'verisim';

const isQuick = process.argv.includes('--quick');

const data = binarise(await mnist(), { seed: 0 });
const [training = data, heldOut = data] = split(data, { counts: [50_000, 1000], seed: 0 });
const { x } = await heldOut.gather(Array.from({ length: 1000 }, (_, row) => row));

// Without hidden units every pixel is the logistic regression of those before it; NADE puts a hidden layer between, which all pixels share.
const models = [
  fvsbn({ learningRate: 0.002, ema: 0.99 }),
  nade({ hiddenUnits: isQuick ? 16 : 500, activation: 'relu', ema: 0.99 }),
];
for (const model of models) {
  await model.fit(training, {
    ...(isQuick ? { steps: 30 } : { epochs: 10 }),
    batchSize: isQuick ? 20 : 100,
    seed: 0,
    observer: {
      onProgress: ({ step, steps, metrics }) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${model.kind} ${step}/${steps} ${metrics.loss?.toFixed(1)} `);
      },
    },
  });
  // Both probabilities are exact, so they can be compared with each other and with any other exact model.
  const logProb = await model.logProb({ data: x, shape: [1000, 28, 28, 1] });
  const nats = -logProb.reduce((sum, value) => sum + value, 0) / 1000;
  console.log(`${model.kind}: ${nats.toFixed(1)} nats per digit, ${(nats / Math.LN2 / 784).toFixed(3)} bits per pixel`);
  const samples = await model.sample(64, { seed: 1 });
  await writeFile(`${model.kind}.png`, await encodePng(imageGrid(samples)));
  await model.dispose();
}
