// Scatter matrices about known means, on the device: the products X'X of centred rows, in float64.
import { ConfigError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { subset } from '../../data/split.js';
import type { Runtime } from '../../runtime/runtime.js';
import { gather, matmul, multiply, subtract } from '../../tensor/index.js';
import { RowReduction } from '../row-reduction.js';
import type { ClassMoments, LabelledMoments } from './class-moments.js';
import { float64, float64Data } from './float64.js';

/** Rows per product: enough to keep the additions to the sums small beside it. */
const productRows = 1024;
/** The most numbers of all scatters, 2 GiB. */
const mostNumbers = 2 ** 28;

/** @throws ConfigError where covariance matrices would not fit in memory */
export function checkScatterSize(kind: string, size: number, matrices: number): void {
  if (size * size * matrices > mostNumbers)
    throw new ConfigError(
      `${kind}: ${matrices} covariance matrices of ${size} x ${size} numbers are too many to keep. ` +
        "Use covariance 'diagonal' or 'tied', smaller images, or principal components.",
    );
}

/** The scatter of all rows, each about the mean of its class. */
export async function tiedScatter(
  runtime: Runtime,
  data: Dataset,
  { moments }: LabelledMoments,
  signal: AbortSignal | undefined,
): Promise<ClassMoments> {
  signal?.throwIfAborted();
  const size = exampleSize(data.exampleShape);
  const { counts, classes, means } = moments;
  const reduction = await RowReduction.open(runtime, {
    name: 'tied-scatter',
    data,
    labels: classes.length > 0,
    // One pass only.
    memoryBudget: 0,
    chunkRows: Math.min(data.length, productRows),
    parameters: { means: [counts.length, size] },
    statistics: ({ x, weight, labels }, { means: centres }) => {
      if (centres === undefined) throw new ConfigError('The means are missing.');
      const centred = multiply(subtract(x, labels === undefined ? centres : gather(centres, labels)), weight);
      return { scatter: matmul(centred, centred, { transposeA: true }) };
    },
  });
  try {
    const sums = await reduction.run({ means: float64(means, [counts.length, size]) });
    return { ...moments, form: 'tied', scatters: float64Data(sums, 'scatter') };
  } finally {
    await reduction.dispose();
  }
}

/** The scatter of each class about its mean. */
export async function fullScatters(
  runtime: Runtime,
  data: Dataset,
  { moments, labels }: LabelledMoments,
  signal: AbortSignal | undefined,
): Promise<ClassMoments> {
  const size = exampleSize(data.exampleShape);
  const scatters = new Float64Array(moments.counts.length * size * size);
  for (const [label, count] of moments.counts.entries()) {
    signal?.throwIfAborted();
    // A single row is its own mean.
    if (count < 2) continue;
    const rows = new Uint32Array(count);
    let next = 0;
    for (const [row, ofRow] of labels.entries()) if (ofRow === label) rows[next++] = row;
    const one = {
      ...moments,
      classes: [],
      counts: Float64Array.of(count),
      means: moments.means.slice(label * size, (label + 1) * size),
    };
    const { scatters: scatter } = await tiedScatter(runtime, subset(data, rows), { moments: one, labels }, signal);
    scatters.set(scatter, label * size * size);
  }
  return { ...moments, form: 'full', scatters };
}
