// What a code keeps, in pictures: rows over what became of them through their codes, and the way from one code to another.
import type { FittableModel, HasLatent, Samples } from '../../models/contract.js';
import { pickRows } from '../../models/rows.js';
import { encodePng, imageGrid } from '../../plot/index.js';

/** Images beside each other. */
const columns = 10;
/** The height that images are enlarged to, in pixels. */
const imageHeight = 56;

/** Sheets of a model with codes. */
export interface LatentSheets {
  /** Rows above, their reconstructions below. */
  readonly 'reconstructions.png': Uint8Array;
  /** From the first image of a line to its last, in equal steps between their codes. */
  readonly 'interpolations.png': Uint8Array;
}

/** Draws them of held-out images [N, H, W, C] from 6 images on. */
export async function latentSheets(model: FittableModel & HasLatent, images: Samples): Promise<LatentSheets> {
  const count = Math.min(columns, images.shape[0] ?? 0);
  const some = pickRows(
    images,
    Array.from({ length: count }, (_, row) => row),
  );
  const reconstructed = await model.reconstruct(some);
  // All ways at once: a model that searches for codes finds those of many rows in the time of one.
  const ways = await model.interpolate(pickRows(images, [0, 2, 4]), pickRows(images, [1, 3, 5]), columns);
  return {
    'reconstructions.png': await sheet([some, reconstructed]),
    'interpolations.png': await sheet([ways]),
  };
}

async function sheet(lines: readonly Samples[]): Promise<Uint8Array> {
  const [{ shape: [, height = 1, ...rest] = [] } = { shape: [] }] = lines;
  const data = new Float32Array(lines.reduce((sum, line) => sum + line.data.length, 0));
  let at = 0;
  for (const line of lines) {
    data.set(line.data, at);
    at += line.data.length;
  }
  const count = lines.reduce((sum, { shape: [rows = 0] }) => sum + rows, 0);
  const scale = Math.max(1, Math.round(imageHeight / height));
  const grid = imageGrid({ data, shape: [count, height, ...rest] }, { columns, padding: scale, scale, background: 0 });
  return encodePng(grid);
}
