// What "verisim encode" does.
import type { Dataset } from '../../data/index.js';
import type { HasLatent, Samples } from '../../models/contract.js';
import { parts } from '../../models/tools/rows.js';
import type { EncodeArguments } from '../encode.js';
import { rowsDisplay } from '../rows-display.js';
import { latentModel } from './able-model.js';
import { withRun } from './opened-run.js';
import { checkResultFile, type ResultRows, writeResults } from './result-file.js';

export async function encode(folder: string, options: EncodeArguments): Promise<void> {
  const { out, json } = options;
  checkResultFile(out);
  await withRun(folder, options, latentModel, async ({ model, data, title }) => {
    const codes = await encodeRows(model, data, rowsDisplay('Encoding'));
    await writeResults(out, codeColumns(codes, data));
    const { shape } = codes;
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ run: folder, model: model.kind, data: title, shape, out })}\n`
        : `${out}: ${shape[0]} codes of ${shape.slice(1).join('x')}, of ${title}\n`,
    );
  });
}

/** The codes of all rows. */
export async function encodeRows(
  model: HasLatent,
  data: Dataset,
  onProgress?: (done: number, rows: number) => void,
): Promise<Samples> {
  let codes = new Float32Array();
  let codeShape: readonly number[] = [];
  let done = 0;
  for await (const x of parts(data)) {
    const before = done;
    const part = await model.encode(x, { onProgress: (rows) => onProgress?.(before + rows, data.length) });
    codeShape = part.shape.slice(1);
    const size = codeShape.reduce((product, length) => product * length, 1);
    if (done === 0) codes = new Float32Array(data.length * size);
    codes.set(part.data, done * size);
    done += part.shape[0] ?? 0;
    onProgress?.(done, data.length);
  }
  return { data: codes, shape: [data.length, ...codeShape] };
}

/** z1, z2, ... and the class where it is known. */
export function codeColumns({ data, shape }: Samples, { labels, classes }: Dataset): ResultRows {
  const [count = 0] = shape;
  const size = data.length / count;
  const columns = Array.from({ length: size }, (_, i) => [
    `z${i + 1}`,
    Array.from({ length: count }, (_, row) => data[row * size + i] ?? 0),
  ]);
  const names =
    labels === undefined ? [] : [['class', Array.from(labels, (label) => classes?.[label] ?? String(label))]];
  return { array: { data, shape }, columns: Object.fromEntries([...columns, ...names]) };
}
