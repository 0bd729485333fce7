// What "verisim reconstruct" does.
import { extname } from 'node:path';
import type { Dataset } from '../../data/index.js';
import type { HasLatent, Samples } from '../../models/contract.js';
import { sampleEndings } from '../../models/encode-samples.js';
import { samplesOf } from '../../models/tools/rows.js';
import { random } from '../../runtime/random.js';
import { counted } from '../counted.js';
import type { ReconstructArguments } from '../reconstruct.js';
import { latentModel } from './able-model.js';
import { withRun } from './opened-run.js';
import { defaultFile, writeGrid } from './picture-file.js';
import { checkResultFile } from './result-file.js';

/** Rows and what came back. */
export interface Reconstruction {
  readonly originals: Samples;
  readonly reconstructions: Samples;
  /** Of a number of a row, squared and averaged. */
  readonly meanSquaredError: number;
}

/** Pairs of images beside each other. */
const pairsAcross = 8;

export async function reconstruct(folder: string, options: ReconstructArguments): Promise<void> {
  const { count, seed, json } = options;
  checkResultFile(options.out, sampleEndings);
  await withRun(folder, options, latentModel, async ({ model, data, title }) => {
    const result = await reconstructRows(model, data, count, seed);
    const { originals, reconstructions, meanSquaredError } = result;
    const out = options.out ?? defaultFile('reconstructions', data.exampleShape);
    const isPicture = ['.png', '.svg'].includes(extname(out).toLowerCase());
    const across = Math.min(pairsAcross, originals.shape[0] ?? 1);
    await writeGrid(out, isPicture ? pairs(result, across) : reconstructions, across, model.table);
    const rows = originals.shape[0] ?? 0;
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ run: folder, model: model.kind, data: title, rows, meanSquaredError, out })}\n`
        : `${out}: ${counted(rows, 'row')} of ${title}, mean squared error ${meanSquaredError.toPrecision(4)}\n`,
    );
  });
}

/** Rows chosen at random, all where there are no more, and what comes back of them. */
export async function reconstructRows(
  model: HasLatent,
  data: Dataset,
  count: number,
  seed: number,
): Promise<Reconstruction> {
  const rows = random(seed).split('rows').permutation(data.length).slice(0, count);
  const originals = await samplesOf(data, rows);
  const reconstructions = await model.reconstruct(originals);
  const sum = originals.data.reduce(
    (total, value, i) => total + (value - (reconstructions.data[i] ?? Number.NaN)) ** 2,
    0,
  );
  return { originals, reconstructions, meanSquaredError: sum / originals.data.length };
}

/** A line of originals, below it what came back of them, and so on. The last lines are filled up with black. */
export function pairs({ originals, reconstructions }: Reconstruction, across: number): Samples {
  const [count = 0, ...exampleShape] = originals.shape;
  const size = originals.data.length / count;
  const lines = Math.ceil(count / across);
  const data = new Float32Array(2 * lines * across * size);
  for (let line = 0; line < lines; line++)
    for (const [half, { data: rows }] of [originals, reconstructions].entries())
      data.set(rows.subarray(line * across * size, (line + 1) * across * size), (2 * line + half) * across * size);
  return { data, shape: [2 * lines * across, ...exampleShape] };
}
