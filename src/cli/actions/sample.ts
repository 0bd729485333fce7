// What "verisim sample" does.
import { extname } from 'node:path';
import { ConfigError } from '../../core/errors.js';
import { lookUp } from '../../core/nearest.js';
import { present } from '../../core/present.js';
import { isImageShape } from '../../data/dataset.js';
import { writeFileAtomic, writeNpy } from '../../data/index.js';
import type { Samples } from '../../models/contract.js';
import { load } from '../../models/node/load.js';
import { encodePng, encodeSvgGrid, imageGrid } from '../../plot/index.js';
import type { SampleArguments } from '../sample.js';

type Writer = (samples: Samples) => Promise<Uint8Array | string> | Uint8Array | string;

/** How samples are written, by the file's ending. */
const writers: Readonly<Record<string, Writer>> = {
  '.png': (samples) => encodePng(gridOf(samples)),
  '.svg': (samples) => encodeSvgGrid(gridOf(samples)),
  '.npy': ({ data, shape }) => writeNpy({ data, shape }),
  '.csv': csv,
};

export async function sample(folder: string, { count, seed, out, json }: SampleArguments): Promise<void> {
  const write = out === undefined ? undefined : lookUp('kind of file', writers, extname(out).toLowerCase());
  const model = await load(folder);
  try {
    const samples = await model.sample(count, present({ seed }));
    const path = out ?? (isPicture(samples) ? 'samples.png' : 'samples.csv');
    const content = await (write ?? lookUp('kind of file', writers, extname(path)))(samples);
    await writeFileAtomic(path, content);
    if (json === true)
      process.stdout.write(
        `${JSON.stringify({ out: path, model: model.kind, shape: samples.shape, seed: seed ?? null })}\n`,
      );
    else process.stdout.write(`${count} samples of ${samples.shape.slice(1).join('x')} in ${path}\n`);
  } finally {
    await model.dispose();
  }
}

function isPicture({ shape }: Samples): boolean {
  return isImageShape(shape.slice(1)) && [1, 3, 4].includes(shape.at(-1) ?? 0);
}

function gridOf(samples: Samples) {
  if (!isPicture(samples))
    throw new ConfigError(
      `Rows of shape [${samples.shape.slice(1).join(', ')}] are no images; write them to a .npy or .csv file.`,
    );
  return imageGrid({ pixels: samples.data, shape: samples.shape });
}

function csv({ data, shape }: Samples): string {
  const [rows = 0] = shape;
  const width = data.length / rows;
  const lines = Array.from({ length: rows }, (_, row) => data.subarray(row * width, (row + 1) * width).join(','));
  const headings = Array.from({ length: width }, (_, column) => `x${column + 1}`).join(',');
  return `${headings}\n${lines.join('\n')}\n`;
}
