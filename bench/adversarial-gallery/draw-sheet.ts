// A sheet of samples: images in rows that share a class or a category, or points in the plane.
import { type AdversarialModel, type CodeLayout, random, type Samples } from '../../src/index.js';
import { ConditionalAdversarialModel } from '../../src/models/adversarial/conditional-adversarial-model.js';
import { drawCodes } from '../../src/models/adversarial/conditioning/code-layout.js';
import { encodePng, imageGrid, svgToPng } from '../../src/plot/index.js';
import { limitsOf, pointsPicture } from '../../src/report/points-picture.js';

/** Images in a row, and points of a picture. */
const [columns, pointCount] = [16, 2000];
/** Rows of images that share nothing. */
const plainRows = 6;

/** How a sheet is drawn. */
export interface Sheet {
  readonly rows: 'class' | 'category' | undefined;
  readonly seed: number;
}

/** The sheet as a PNG file. @param data real rows, for the limits of points */
export async function drawSheet(model: AdversarialModel, { rows, seed }: Sheet, data: Samples): Promise<Uint8Array> {
  const isImage = data.shape.length === 4;
  if (!isImage) {
    const samples = await model.sample(pointCount, { seed });
    return svgToPng(pointsPicture(samples, limitsOf(data), 'samples'), { scale: 1 });
  }
  return encodePng(imageGrid(await imagesOf(model, { rows, seed }), { columns, scale: 1 }));
}

/** The images, row by row. */
export async function imagesOf(model: AdversarialModel, { rows, seed }: Sheet): Promise<Samples> {
  if (rows === 'class') {
    if (!(model instanceof ConditionalAdversarialModel)) throw new TypeError(`${model.kind} knows no classes.`);
    const perClass: Samples[] = [];
    for (const label of model.labels) perClass.push(await model.sample(columns, { seed, given: { label } }));
    return joined(perClass);
  }
  if (rows === 'category') {
    return model.decode(codesByCategory(model.codeLayout, seed));
  }
  return model.sample(plainRows * columns, { seed });
}

/** Codes of which each row of the sheet has one value of the first categorical code, and each column the same noise. */
export function codesByCategory(layout: CodeLayout, seed: number): Samples {
  const { noise, categories, size } = layout;
  const [values = 1] = categories;
  const drawn = drawCodes(layout, columns, random(seed));
  const data = new Float32Array(values * columns * size);
  for (let value = 0; value < values; value++) {
    data.set(drawn, value * columns * size);
    for (let column = 0; column < columns; column++) {
      const start = (value * columns + column) * size + noise;
      data.fill(0, start, start + values);
      data[start + value] = 1;
    }
  }
  return { data, shape: [values * columns, size] };
}

function joined(parts: readonly Samples[]): Samples {
  const [first] = parts;
  if (first === undefined) return { data: new Float32Array(), shape: [0, 1, 1, 1] };
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let start = 0;
  for (const part of parts) {
    data.set(part.data, start);
    start += part.data.length;
  }
  const rows = parts.reduce((sum, { shape: [count = 0] }) => sum + count, 0);
  return { data, shape: [rows, ...first.shape.slice(1)] };
}
