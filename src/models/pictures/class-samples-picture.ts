// Images drawn from each class: a row for every class.
import { ConfigError } from '../../core/errors.js';
import type { GenerativeModel, Samples } from '../contract.js';
import { isPicture } from '../encode-samples.js';
import type { Picture, PictureRequest } from './draw-pictures.js';
import { drawPortrait } from './portrait-picture.js';

/** Images beside each other, and the most classes below each other. */
const columns = 10;
const mostClasses = 20;

/** A sheet of samples, where the model can be asked for images of a class. */
export async function classSamplesPicture({
  model,
  exampleShape,
  heading,
  seed,
}: PictureRequest): Promise<readonly Picture[]> {
  const classes = classesOf(model);
  if (classes.length === 0 || !isPicture(exampleShape)) return [];
  const size = exampleShape.reduce((product, length) => product * length, columns);
  const rows: { readonly label: string; readonly samples: Samples }[] = [];
  for (const label of classes.slice(0, mostClasses)) {
    const samples = await drawn(model, label, seed);
    if (samples !== undefined) rows.push({ label, samples });
  }
  if (rows.length === 0) return [];
  const data = new Float32Array(rows.length * size);
  for (const [row, { samples }] of rows.entries()) data.set(samples.data, row * size);
  const portrait = {
    name: 'class-samples',
    title: 'samples of each class',
    images: { data, shape: [rows.length * columns, ...exampleShape] },
    columns,
    rowLabels: rows.map(({ label }) => label),
    ...(classes.length > mostClasses ? { caption: `the first ${mostClasses} of ${classes.length} classes` } : {}),
  };
  return [await drawPortrait(portrait, heading)];
}

/** The classes that can be asked for. */
export function classesOf(model: GenerativeModel): readonly string[] {
  return 'labels' in model && Array.isArray(model.labels) ? model.labels : [];
}

/** Images of a class; none where the data had no rows of it. */
async function drawn(model: GenerativeModel, label: string, seed: number): Promise<Samples | undefined> {
  try {
    return await model.sample(columns, { seed, given: { label } });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
