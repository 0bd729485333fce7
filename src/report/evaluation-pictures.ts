// What an evaluation shows: samples and real rows, and samples beside their nearest training rows. Images are sheets,
// points are dots, and so are tables, in the two directions in which they vary most.
import { exampleSize } from '../data/index.js';
import type { Samples } from '../models/contract.js';
import { isPicture } from '../models/encode-samples.js';
import { encodePng, encodeSvgGrid, imageGrid, svgToPng } from '../plot/index.js';
import type { Evaluated } from './evaluate/evaluate.js';
import type { NeighbourPairs } from './evaluate/neighbours.js';
import { mainDirections } from './main-directions.js';
import { limitsOf, pointsPicture } from './points-picture.js';

/** Files by their names. */
export interface EvaluationPictures {
  /** Sheets of samples and of real rows, or dots of them. */
  readonly 'samples.png'?: Uint8Array;
  readonly 'real.png'?: Uint8Array;
  readonly 'samples.svg'?: Uint8Array | string;
  readonly 'real.svg'?: Uint8Array | string;
  /** Samples beside their nearest training images, with captions. */
  readonly 'copying.png'?: Uint8Array;
  /** The same without captions, for pages: the first samples above, what is nearest to them below. */
  readonly 'first.png'?: Uint8Array;
  /** And the samples that are nearest to training images. */
  readonly 'closest.png'?: Uint8Array;
}

/** Images beside each other in a sheet. */
const sheetColumns = 8;
/** The height that images are enlarged to, in pixels: sharp where a page shows them smaller. */
const imageHeight = 56;

/** Draws the pictures; none of rows that are neither images nor a few numbers. */
export async function evaluationPictures({
  samples,
  real,
  neighbours,
  evaluation,
}: Evaluated): Promise<EvaluationPictures> {
  const exampleShape = real.shape.slice(1);
  if (exampleSize(exampleShape) === 2 && exampleShape.length === 1) {
    const limits = limitsOf(real);
    return {
      'real.svg': pointsPicture(real, limits, 'real rows'),
      ...(samples && { 'samples.svg': pointsPicture(samples, limits, `samples of ${evaluation.model.kind}`) }),
    };
  }
  const view = mainDirections(real);
  if (view !== undefined) {
    const seen = view(real);
    const limits = limitsOf(seen);
    const along = 'in the two directions in which real rows vary most';
    return {
      'real.svg': pointsPicture(seen, limits, `real rows ${along}`),
      ...(samples && {
        'samples.svg': pointsPicture(view(samples), limits, `samples of ${evaluation.model.kind} ${along}`),
      }),
    };
  }
  if (!isPicture(exampleShape)) return {};
  return {
    'real.png': await sheetOf(real, sheetColumns),
    ...(samples && { 'samples.png': await sheetOf(samples, sheetColumns) }),
    ...(neighbours && {
      'copying.png': await captioned(neighbours, evaluation.model.kind),
      'first.png': await pairsSheet(neighbours.typical),
      'closest.png': await pairsSheet(neighbours.closest),
    }),
  };
}

async function captioned(
  { typical, closest, among }: NonNullable<Evaluated['neighbours']>,
  kind: string,
): Promise<Uint8Array> {
  const images = stacked([typical.samples, typical.nearest, closest.samples, closest.nearest]);
  const figure = await encodeSvgGrid(imageGrid(images, { columns: typical.samples.shape[0] ?? 1 }), {
    title: `${kind}: samples beside their nearest training images`,
    rowLabels: ['first samples', 'nearest', `closest of ${among}`, 'nearest'],
  });
  return svgToPng(figure);
}

/** On black, as images of digits and clothes stand: no bright lines between them, on a page of whatever colour. */
async function sheetOf(images: Samples, columns: number): Promise<Uint8Array> {
  const [, height = 1] = images.shape;
  const scale = Math.max(1, Math.round(imageHeight / height));
  return encodePng(imageGrid(images, { columns, padding: scale, scale, background: 0 }));
}

/** Samples above, what is nearest to them below. */
async function pairsSheet({ samples, nearest }: NeighbourPairs): Promise<Uint8Array> {
  return sheetOf(stacked([samples, nearest]), samples.shape[0] ?? 1);
}

function stacked(all: readonly Samples[]): Samples {
  const data = new Float32Array(all.reduce((sum, one) => sum + one.data.length, 0));
  let at = 0;
  for (const one of all) {
    data.set(one.data, at);
    at += one.data.length;
  }
  return {
    data,
    shape: [all.reduce((sum, { shape: [rows = 0] }) => sum + rows, 0), ...(all[0]?.shape.slice(1) ?? [])],
  };
}
