// Samples for an evaluation: as many as wanted, or as a patience allows, drawn part by part so that this can be watched and stopped.
import { ShapeError, VerisimError } from '../../core/errors.js';
import { exampleSize } from '../../data/index.js';
import type { GenerativeModel, Samples } from '../../models/contract.js';
import { random } from '../../runtime/random.js';
import { affordableRows, mostRows } from './affordable.js';

/** How to draw. */
export interface DrawOptions {
  readonly seed: number;
  /** Default: 10 000, or fewer where drawing them would take longer than `seconds`. */
  readonly count?: number | undefined;
  /** Patience, where no count is given. */
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the rows drawn, and how many it will be as far as that is known. */
  readonly onProgress?: (done: number, rows: number) => void;
}

/** What was drawn. */
export interface DrawnRows {
  readonly samples: Samples;
  /** Rows in a second, once warm. */
  readonly perSecond: number;
}

/** Rows drawn together. A larger count begins with the rows of a smaller one: the seed of each part is its own. */
const partRows = 250;

/** @throws ShapeError for a model of other rows, VerisimError where the model draws numbers that are none; the signal's reason where it is aborted */
export async function drawRows(
  model: Pick<GenerativeModel, 'kind' | 'sample'>,
  exampleShape: readonly number[],
  { seed, count, seconds, signal, onProgress }: DrawOptions,
): Promise<DrawnRows> {
  const size = exampleSize(exampleShape);
  const parts: Samples[] = [];
  let wanted = count ?? mostRows;
  let drawn = 0;
  let firstSeconds = 0;
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  while (drawn < wanted) {
    signal?.throwIfAborted();
    // Whole parts are drawn and cut, so that the rows do not depend on how many are wanted.
    const part = await model.sample(partRows, { seed: partSeed(seed, parts.length) });
    checkShape(model.kind, part, exampleShape);
    checkDrawn(model.kind, part.data, size, drawn);
    parts.push(part);
    drawn += partRows;
    if (parts.length === 1) firstSeconds = elapsed();
    // The first part compiles programs: the second tells how fast it goes, unless the first has used up the patience.
    else if (count === undefined)
      wanted = Math.max(drawn, affordableRows((elapsed() - firstSeconds) / (drawn - partRows), seconds));
    if (count === undefined && parts.length === 1 && firstSeconds > seconds) wanted = partRows;
    onProgress?.(Math.min(drawn, wanted), wanted);
  }
  const isWarm = parts.length > 1;
  const rate = isWarm
    ? (drawn - partRows) / Math.max(1e-9, elapsed() - firstSeconds)
    : drawn / Math.max(1e-9, elapsed());
  return { samples: joined(parts, wanted, exampleShape), perSecond: rate };
}

function partSeed(seed: number, part: number): number {
  return (
    random(seed)
      .split('evaluation samples')
      .split(part)
      .integers(1, 0, 2 ** 31)[0] ?? 0
  );
}

function joined(parts: readonly Samples[], count: number, exampleShape: readonly number[]): Samples {
  const size = exampleSize(exampleShape);
  const data = new Float32Array(count * size);
  const labels = parts.every((part) => part.labels !== undefined) ? new Int32Array(count) : undefined;
  let row = 0;
  for (const part of parts) {
    const rows = Math.min(partRows, count - row);
    data.set(part.data.subarray(0, rows * size), row * size);
    if (part.labels !== undefined) labels?.set(part.labels.subarray(0, rows), row);
    row += rows;
  }
  return { data, shape: [count, ...exampleShape], ...(labels === undefined ? {} : { labels }) };
}

function checkShape(kind: string, { shape }: Samples, exampleShape: readonly number[]): void {
  if (shape.slice(1).join() === exampleShape.join()) return;
  throw new ShapeError(
    `This ${kind} draws rows of shape [${shape.slice(1).join(', ')}], but those of the data have [${exampleShape.join(', ')}]. ` +
      'Use the data that it was trained on.',
  );
}

function checkDrawn(kind: string, data: Float32Array, size: number, before: number): void {
  const broken = data.findIndex((value) => !Number.isFinite(value));
  if (broken < 0) return;
  throw new VerisimError(
    `The ${kind} drew ${data[broken]} in sample ${before + Math.floor(broken / size)}; samples have to be finite numbers. ` +
      'Its training has probably diverged: look at its losses, and train again with a smaller learning rate.',
  );
}
