// The plane of two-dimensional codes with rows of the data in it, in the colours of their classes: whether like rows have like codes.
import type { Dataset } from '../../data/dataset.js';
import { scatterPlot } from '../../plot/index.js';
import { random } from '../../runtime/random.js';
import type { Samples } from '../contract.js';
import { hasEncoder } from '../tools/abilities.js';
import type { Picture, PictureRequest } from './draw-pictures.js';

/** Rows that are encoded; more would hide each other. */
const mostRows = 3000;

/** The picture of a model whose codes have two numbers; none for other models, for those that search for codes, and without data. */
export async function codePlanePicture({ model, data, heading }: PictureRequest): Promise<readonly Picture[]> {
  if (data === undefined || !hasEncoder(model)) return [];
  const [, codeSize] = (await model.encode(await someRows(data, 1))).shape;
  if (codeSize !== 2) return [];
  const rows = await someRows(data, mostRows);
  const codes = await model.encode(rows);
  const { labels } = rows;
  const count = rows.shape[0] ?? 0;
  const title = `${heading}: codes`;
  const svg = scatterPlot({
    title,
    caption: `${count === data.length ? `all ${count}` : `${count} of ${data.length}`} rows${labels === undefined ? '' : ', each in the colour of its class'}`,
    xLabel: 'first number of the code',
    yLabel: 'second',
    points: codes.data,
    ...(labels === undefined ? {} : { groups: labels, names: data.classes ?? [] }),
  });
  return [{ name: 'codes', title, svg }];
}

/** Rows spread over the data at random, always the same ones. */
async function someRows(data: Dataset, most: number): Promise<Samples> {
  const count = Math.min(most, data.length);
  const chosen = random(0).split('encoded rows').permutation(data.length).slice(0, count).sort();
  const { x, labels } = await data.gather(chosen);
  return { data: x, shape: [count, ...data.exampleShape], ...(labels === undefined ? {} : { labels }) };
}
