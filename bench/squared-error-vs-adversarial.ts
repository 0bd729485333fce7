// What the squared error does to a generator, next to the adversarial loss: three trainings of the same transposed convolutions on
// MNIST, 100 numbers -> 7x7x64 -> 14x14x32 -> 28x28x1.
//
//   fixed vectors    minimise E |x_i - G(z_i)|^2 with a random z_i for each row            blurred: the mean of what z may stand for
//   learnt vectors   the same, z_i moving too (GLO)                                        less so: like rows come to like z
//   a GAN            fool a discriminator                                                   sharp: blur gives a generator away
//
//   node dist/bench/squared-error-vs-adversarial.js     writes docs/images/squared-error-vs-adversarial.png, in about two minutes
import { join } from 'node:path';
import { subset, writeFileAtomic } from '../src/data/index.js';
import { dcgan, type GenerativeModel, generatorNetwork, mnist, type Samples } from '../src/index.js';
import { encodeSvgGrid, imageGrid, svgToPng } from '../src/plot/index.js';
import { smallPng } from './small-png.js';
import { greyShare } from './squared-error/grey-share.js';

const file = join('docs', 'images', 'squared-error-vs-adversarial.png');
/** Images beside each other, and the images that a share of grey pixels is computed from. */
const [shown, judged] = [12, 1000];
const imageSize = 28 * 28;
const backbone = { channels: 32, kernel: 4, latentSize: 100 };
const trainingRows = 20_000;
const epochs = 5;

interface Row {
  readonly label: string;
  readonly images: Samples;
}

const data = subset(await mnist(), trainingRows);
const { x } = await data.gather(Uint32Array.from({ length: judged }, (_, i) => i));
const rows: Row[] = [{ label: 'data', images: { data: x, shape: [judged, 28, 28, 1] } }];

for (const learnCodes of [false, true]) {
  const model = generatorNetwork({ ...backbone, hiddenLayers: [], activation: 'relu', learnCodes });
  await timed(model);
  const { data: codes, shape } = model.codes;
  const [, size = 1] = shape;
  const own = await model.decode({ data: codes.slice(0, judged * size), shape: [judged, size] });
  const what = learnCodes ? 'learnt vectors' : 'fixed vectors';
  rows.push({ label: `squared error, ${what}: the rows above`, images: own });
  rows.push({ label: `squared error, ${what}: new ones`, images: await model.sample(judged, { seed: 0 }) });
  await model.dispose();
}
const gan = dcgan({ ...backbone, learningRate: 5e-4 });
await timed(gan);
rows.push({ label: 'adversarial loss: new ones', images: await gan.sample(judged, { seed: 0 }) });
await gan.dispose();

const pixels = new Float32Array(rows.length * shown * imageSize);
for (const [row, { images }] of rows.entries())
  pixels.set(images.data.subarray(0, shown * imageSize), row * shown * imageSize);
const svg = await encodeSvgGrid(
  imageGrid({ data: pixels, shape: [rows.length * shown, 28, 28, 1] }, { columns: shown }),
  {
    title: 'The same generator, trained by squared error and by an adversary',
    caption: 'left of each row: how it was trained, and the share of inked pixels that are grey, over 1000 images',
    rowLabels: rows.map(({ label, images }) => `${label}, ${(100 * greyShare(images.data)).toFixed(0)} %`),
  },
);
await writeFileAtomic(file, await smallPng(await svgToPng(svg, { scale: 1 }), 64));
for (const { label, images } of rows)
  process.stdout.write(`${label}: ${(100 * greyShare(images.data)).toFixed(1)} % of the inked pixels are grey\n`);

/** Trains a model, and says how long that took. */
async function timed(model: GenerativeModel): Promise<void> {
  const start = performance.now();
  const { user, system } = process.cpuUsage();
  await model.fit(data, { epochs, seed: 0 });
  const used = process.cpuUsage({ user, system });
  const seconds = (performance.now() - start) / 1000;
  process.stderr.write(
    `${model.kind}: ${epochs} epochs in ${seconds.toFixed(0)} s, ${((used.user + used.system) / 1e6).toFixed(0)} s of processor time\n`,
  );
}
