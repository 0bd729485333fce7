// What an evaluation shows: samples, and samples beside their nearest training rows. Images are sheets of pixels, points are dots.
import type { Dataset } from '../data/index.js';
import type { Samples } from '../models/contract.js';
import { isPicture } from '../models/encode-samples.js';
import { encodePng, encodeSvgGrid, imageGrid, svgToPng } from '../plot/index.js';
import type { Evaluated } from './evaluate/evaluate.js';
import type { NeighbourPairs } from './evaluate/neighbours.js';

/** Files by their names. */
export interface EvaluationPictures {
  readonly 'samples.png'?: Uint8Array;
  readonly 'samples.svg'?: Uint8Array | string;
  readonly 'copying.png'?: Uint8Array;
  readonly 'first.png'?: Uint8Array;
  readonly 'closest.png'?: Uint8Array;
}

/** Samples beside each other. */
const sheetColumns = 10;
/** The gaps of sheets for pages, in the images' own pixels: pages enlarge them. */
const gap = 1;

/** Draws the pictures; none of rows that are neither images nor points. */
export async function evaluationPictures(
  { samples, neighbours, evaluation }: Evaluated,
  training: Dataset,
): Promise<EvaluationPictures> {
  if (!isPicture(training.exampleShape)) return {};
  const { typical, closest, among } = neighbours;
  const title = `${evaluation.model.kind}: samples beside their nearest training images`;
  const sheet = imageGrid(together(typical, closest), { columns: typical.samples.shape[0] ?? 1 });
  const figure = await encodeSvgGrid(sheet, {
    title,
    rowLabels: ['first samples', 'nearest', `closest of ${among}`, 'nearest'],
  });
  return {
    'samples.png': await sheetOf(samples, sheetColumns),
    'copying.png': await svgToPng(figure),
    'first.png': await pairsSheet(typical),
    'closest.png': await pairsSheet(closest),
  };
}

/** Images in their own pixels, so that a page can enlarge them by whole numbers. */
async function sheetOf(images: Samples, columns: number): Promise<Uint8Array> {
  return encodePng(imageGrid(images, { columns, padding: gap, scale: 1 }));
}

/** Samples above, what is nearest to them below. */
async function pairsSheet({ samples, nearest }: NeighbourPairs): Promise<Uint8Array> {
  return sheetOf(stacked([samples, nearest]), samples.shape[0] ?? 1);
}

function together(typical: NeighbourPairs, closest: NeighbourPairs): Samples {
  return stacked([typical.samples, typical.nearest, closest.samples, closest.nearest]);
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
