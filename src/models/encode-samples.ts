// Samples as files: pictures of images, tables and arrays of anything.
import { ConfigError } from '../core/errors.js';
import { lookUp } from '../core/nearest.js';
import { isImageShape } from '../data/dataset.js';
import { writeNpy } from '../data/formats/npy.js';
import { encodeTable } from '../data/table/decode.js';
import type { TableSchema } from '../data/table/schema.js';
import { encodePng, encodeSvgGrid, type ImageGrid, imageGrid } from '../plot/index.js';
import type { Samples } from './contract.js';

/** The content of a file. */
export type FileContent = Uint8Array | string;

const encoders: Readonly<
  Record<string, (samples: Samples, table: TableSchema | undefined) => Promise<FileContent> | FileContent>
> = {
  '.png': (samples) => encodePng(gridOf(samples)),
  '.svg': (samples) => encodeSvgGrid(gridOf(samples)),
  '.npy': ({ data, shape }) => writeNpy({ data, shape }),
  '.csv': (samples, table) => (table === undefined ? numberTable(samples) : encodeTable(samples, table)),
};

/** The endings that samples can be written under. */
export const sampleEndings: readonly string[] = Object.keys(encoders);

/** The ending that suits rows of a shape: `.png` for images that can be shown, `.csv` for others. */
export function naturalEnding(exampleShape: readonly number[]): string {
  return isPicture(exampleShape) ? '.png' : '.csv';
}

/**
 * Samples as the content of a file with this ending.
 *
 * @param table the table that the model was fitted to: a .csv file then has its columns, in their units and with their categories
 * @throws UnknownNameError for an ending that is not known, ConfigError where a picture is asked for of rows that are no images
 * @example await encodeSamples(await model.sample(64), '.png')
 */
export async function encodeSamples(samples: Samples, ending: string, table?: TableSchema): Promise<FileContent> {
  return lookUp('kind of file', encoders, ending.toLowerCase())(samples, table);
}

/** Whether rows of a shape can be shown as images. */
export function isPicture(exampleShape: readonly number[]): boolean {
  return isImageShape(exampleShape) && [1, 3, 4].includes(exampleShape[2]);
}

function gridOf(samples: Samples): ImageGrid {
  const exampleShape = samples.shape.slice(1);
  if (!isPicture(exampleShape))
    throw new ConfigError(
      `Rows of shape [${exampleShape.join(', ')}] cannot be shown as images; write them to a .npy or .csv file.`,
    );
  return imageGrid(samples);
}

/** One line per row under the headings x1, x2, ... */
function numberTable({ data, shape }: Samples): string {
  const [count = 0] = shape;
  const width = data.length / count;
  const lines = [Array.from({ length: width }, (_, column) => `x${column + 1}`).join(',')];
  for (let row = 0; row < count; row++) lines.push(data.subarray(row * width, (row + 1) * width).join(','));
  return `${lines.join('\n')}\n`;
}
