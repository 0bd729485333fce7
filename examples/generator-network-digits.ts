// Digits from a generator without an adversary: squared error from fixed random vectors, and from vectors that are learnt with it.
//   node dist/examples/generator-network-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { encodePng, generatorNetwork, imageGrid, mnist, type Samples, subset } from 'verisim';

const isQuick = process.argv.includes('--quick');

const data = subset(
  await mnist(),
  Array.from({ length: isQuick ? 200 : 10_000 }, (_, row) => row),
);
const draw = async (rows: Samples) => encodePng(imageGrid(rows, { columns: 8 }));

for (const learnCodes of [false, true]) {
  const name = learnCodes ? 'learnt' : 'fixed';
  const model = generatorNetwork({
    learnCodes,
    ...(isQuick ? { channels: 4, hiddenLayers: [16], latentSize: 8 } : {}),
  });
  const { history } = await model.fit(data, { ...(isQuick ? { steps: 20 } : { epochs: 30 }), seed: 0 });
  console.log(`${name} vectors: squared error ${history.at(-1)?.metrics.loss?.toFixed(1)} per digit`);

  // What has been learnt of the first 64 digits, and what new vectors give: averages of digits, next to those of dcgan-digits.
  const { codes } = model;
  const [, size = 0] = codes.shape;
  await writeFile(
    `${name}-learnt.png`,
    await draw(await model.decode({ data: codes.data.slice(0, 64 * size), shape: [64, size] })),
  );
  await writeFile(`${name}-new.png`, await draw(await model.sample(64, { seed: 1 })));
  await model.dispose();
}
console.log('pictures written');
