// Pictures of what a model learnt, by what it can do: its portraits, rows of each class, the plane of its codes, its density over one or
// two columns.
import type { Dataset } from '../../data/dataset.js';
import type { FittableModel, GenerativeModel } from '../contract.js';
import { canSample } from '../tools/abilities.js';
import { classSamplesPicture } from './class-samples-picture.js';
import { codePlanePicture } from './code-plane-picture.js';
import { densityPicture } from './density-picture.js';
import { portraitPictures } from './portrait-picture.js';

/** A figure. */
export interface Picture {
  /** Also the name of its file, without ending: `class-means`. */
  readonly name: string;
  readonly title: string;
  /** An SVG document; `svgToPng` makes a PNG file of it. */
  readonly svg: string;
}

/** What is drawn. */
export interface PictureOptions {
  /** The data that densities are shown with, as histogram or dots. Default: none, and the axes end where samples do. */
  readonly data?: Dataset;
  /** Of the samples. Default 0. */
  readonly seed?: number;
}

/** What a picture is made from. */
export interface PictureRequest extends Required<Pick<PictureOptions, 'seed'>> {
  readonly model: GenerativeModel;
  readonly data: Dataset | undefined;
  /** The shape of a row. */
  readonly exampleShape: readonly number[];
  /** The start of every title: the model, and what it is shown with. */
  readonly heading: string;
}

/** Every kind of picture: none where the model or its rows do not allow it. */
const kinds: readonly ((request: PictureRequest) => Promise<readonly Picture[]>)[] = [
  portraitPictures,
  classSamplesPicture,
  codePlanePicture,
  densityPicture,
];

/**
 * Draws what a model learnt. Of images: its portraits (the means of classes or components, centres, principal components, images over
 * the plane of two-dimensional codes, walks along discovered codes), and samples of each class. Of two-dimensional codes: rows of the data in their plane. Of one or
 * two columns of numbers: its density, with the data. None of a classifier.
 *
 * @throws NotFittedError before fit; ShapeError for data that are not like those it was fitted to
 * @example
 * for (const { name, svg } of await drawPictures(model, { data })) await writeFile(`${name}.svg`, svg);
 */
export async function drawPictures(
  model: FittableModel,
  { data, seed = 0 }: PictureOptions = {},
): Promise<readonly Picture[]> {
  if (!canSample(model)) return [];
  const exampleShape = data?.exampleShape ?? (await model.sample(1, { seed })).shape.slice(1);
  const heading = data === undefined ? model.kind : `${model.kind} on ${data.name}`;
  const pictures: Picture[] = [];
  for (const draw of kinds) pictures.push(...(await draw({ model, data, seed, exampleShape, heading })));
  return pictures;
}
