// An autoencoder presses digits into two numbers: what comes back, what random codes give, and where the classes lie.
//   node dist/examples/autoencoder-digits.js [--quick]
import { writeFile } from 'node:fs/promises';
import { autoencoder, encodePng, imageGrid, mnist, type Samples, subset } from 'verisim';

const isQuick = process.argv.includes('--quick');

const data = subset(
  await mnist(),
  Array.from({ length: isQuick ? 500 : 60_000 }, (_, row) => row),
);
const test = await mnist({ split: 'test' });
const { x, labels } = await test.gather(Array.from({ length: 500 }, (_, row) => row));
const digits: Samples = { data: x, shape: [500, 28, 28, 1] };

const save = async (name: string, rows: Samples) => writeFile(name, await encodePng(imageGrid(rows, { columns: 10 })));

// New codes from N(0, I), and from ten Gaussians fitted to the codes of the training digits.
for (const prior of ['standard-normal', 'mixture'] as const) {
  const model = autoencoder({ latentSize: 2, prior, ...(isQuick ? { hiddenLayers: [32] } : {}) });
  const { history } = await model.fit(data, { ...(isQuick ? { steps: 30 } : { epochs: 20 }), seed: 0 });
  console.log(`${prior}: squared error ${history.at(-1)?.metrics.loss?.toFixed(1)} per digit`);
  await save(`${prior}.png`, await model.sample(100, { seed: 1 }));
  if (prior === 'mixture') {
    const back = await model.reconstruct(digits);
    const rows = (from: Float32Array) => from.slice(0, 10 * 784);
    await save('reconstructions.png', {
      data: Float32Array.from([...rows(x), ...rows(back.data)]),
      shape: [20, 28, 28, 1],
    });
    const codes = (await model.encode(digits)).data;
    const lines = Array.from({ length: 500 }, (_, row) => `${codes[2 * row]},${codes[2 * row + 1]},${labels?.[row]}`);
    await writeFile('codes.csv', `z1,z2,digit\n${lines.join('\n')}\n`);
  }
  await model.dispose();
}
console.log('pictures and codes.csv written');
