// The rows that calls work on, 60000 x 784: MNIST's training images where they are on this machine, else rows made up to its size.
// They are written as .npy into a folder, from which the processes of all sides load them.
//   pixels.npy   [60000, 784] bytes      labels.npy   [60000]      codes.npy   [60000, 50] first principal components, float32
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, datasetStatus, fromArrays, mnist, readNpy, writeNpy } from '../../src/data/index.js';
import { pca } from '../../src/models/subspace/pca.js';
import { random } from '../../src/runtime/random.js';

const [count, size, codeSize] = [60_000, 784, 50];
const partRows = 2000;
const classes = [...'0123456789'];

/** What was written. */
export interface WrittenRows {
  readonly description: string;
  /** The pixels as float32, of 10^6 bytes. */
  readonly megabytes: number;
}

/** Writes the rows into a folder. Nothing is downloaded. */
export async function writeRows(folder: string, threads: number): Promise<WrittenRows> {
  const status = (await datasetStatus()).find(({ name }) => name === 'mnist');
  const isHere = status?.state === 'here';
  const data = isHere ? await mnist() : madeUpRows(count);
  const projection = pca({ components: codeSize });
  await projection.fit(data, { threads });
  const pixels = new Uint8Array(data.length * size);
  const codes = new Float32Array(data.length * codeSize);
  for (let first = 0; first < data.length; first += partRows) {
    const rows = Math.min(partRows, data.length - first);
    const { x } = await data.gather(Uint32Array.from({ length: rows }, (_, i) => first + i));
    for (let i = 0; i < x.length; i++) pixels[first * size + i] = Math.round(x[i]! * 255);
    const part = await projection.encode({ data: x, shape: [rows, ...data.exampleShape] });
    codes.set(part.data, first * codeSize);
  }
  await projection.dispose();
  const write = (name: string, shape: readonly number[], values: Uint8Array | Int32Array | Float32Array) =>
    writeFile(join(folder, name), writeNpy({ shape, data: values }));
  await write('pixels.npy', [data.length, size], pixels);
  await write('labels.npy', [data.length], data.labels ?? new Int32Array(data.length));
  await write('codes.npy', [data.length, codeSize], codes);
  return {
    description: `${isHere ? 'MNIST' : 'Made-up rows, since MNIST is not on this machine'}, ${data.length} x ${size}`,
    megabytes: (data.length * size * 4) / 1e6,
  };
}

/** The pixels as a user has them: a data set of images. */
export async function loadPixels(folder: string): Promise<Dataset> {
  const pixels = await readNumbers(folder, 'pixels.npy', Uint8Array);
  const labels = await readNumbers(folder, 'labels.npy', Int32Array);
  return fromArrays({ x: pixels, shape: [28, 28, 1], labels, classes, name: 'pixels' });
}

/** The first principal components as a table of numbers. */
export async function loadCodes(folder: string): Promise<Dataset> {
  return fromArrays({ x: await readNumbers(folder, 'codes.npy', Float32Array), shape: [codeSize], name: 'codes' });
}

/** Rows at equal distances: where both sides start. */
export async function firstCentres(data: Dataset, centres: number): Promise<number[][]> {
  const distance = Math.floor(data.length / centres);
  const { x } = await data.gather(Uint32Array.from({ length: centres }, (_, i) => i * distance));
  const columns = x.length / centres;
  return Array.from({ length: centres }, (_, i) => [...x.subarray(i * columns, (i + 1) * columns)]);
}

/** Images of ten classes, each with a fifth of its pixels bright in its own way and the rest mostly dark, as in MNIST. */
export function madeUpRows(rows: number): Dataset {
  const bright = classes.map((name) => {
    const pixels = new Uint8Array(size);
    pixels.fill(1, 0, size / 5);
    const order = random(0).split(name).permutation(size);
    return Uint8Array.from(order, (place) => pixels[place]!);
  });
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes.length);
  const x = new Uint8Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const levels = random(0).split('row').split(row).uniform(size);
    const isBright = bright[labels[row]!]!;
    for (const [place, level] of levels.entries())
      x[row * size + place] = 255 * (isBright[place] === 1 ? Math.sqrt(level) : level < 0.95 ? 0 : level);
  }
  return fromArrays({ x, shape: [28, 28, 1], labels, classes, name: 'made-up rows' });
}

async function readNumbers<Numbers>(
  folder: string,
  name: string,
  type: new (length: number) => Numbers,
): Promise<Numbers> {
  const { data } = readNpy(await readFile(join(folder, name)), name);
  if (data instanceof type) return data;
  throw new TypeError(`${name} holds other numbers than ${type.name}.`);
}
