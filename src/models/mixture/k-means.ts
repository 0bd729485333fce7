// k-means: every row belongs to its nearest centre, and every centre is the mean of its rows (Lloyd 1982), which lowers
//
//   inertia = sum_n min_k |x_n - c_k|^2
//
// from a k-means++ start (Arthur and Vassilvitskii 2007). Mini-batches (Sculley 2010) come near it with fewer passes over the data. The centres are those of a mixture of Gaussians with one variance for all
// features and clusters, fitted by classifying rows instead of sharing them (Celeux and Govaert 1992). Samples are drawn from that mixture:
// a cluster in proportion to its rows, a row around its centre with the variance inertia / (N D). There is no `logProb`, because that
// likelihood is not what k-means maximises.
import { z } from 'zod';
import { ConfigError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, exampleSize, isImageShape } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import type { Runtime, Value } from '../../runtime/runtime.js';
import type { FitOptions, FitReport, HasPortraits, Portrait, SampleOptions, Samples } from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { checkCount, FittedModel, type WeightShapes } from '../fitted-model.js';
import { centresPortrait } from '../pictures/portrait.js';
import { RowChunks } from '../row-chunks.js';
import { FitProgress } from './fit-progress.js';
import { type LloydOptions, type LloydRun, lloyd } from './lloyd.js';
import { miniBatch } from './mini-batch.js';
import { givenCentres } from './mixture-options.js';
import { valuesOf } from './mixture-values.js';
import { drawPool, poolMean, seedCentres, squaredDistance } from './seeding.js';

const schema = z.object({
  clusters: z.int().positive().default(8).describe('how many clusters'),
  start: z
    .union([z.enum(['k-means++', 'random']), z.strictObject({ centers: z.array(z.array(z.number())).min(1) })])
    .default('k-means++')
    .describe('k-means++, random, or { centers } as numbers'),
  algorithm: z
    .enum(['lloyd', 'mini-batch'])
    .default('lloyd')
    .describe(
      'lloyd goes over all rows in every iteration, mini-batch over a few: for data that does not fit in memory',
    ),
  batchSize: z.int().positive().default(1024).describe('mini-batch: rows per iteration'),
  patience: z
    .int()
    .positive()
    .default(10)
    .describe('mini-batch: converged after so many batches that have not lowered the smoothed inertia'),
  restarts: z.int().positive().default(1).describe('starts to try; the one with the lowest inertia is kept'),
  maxIterations: z.int().positive().default(300).describe('iterations of each start at most, passes or batches'),
  tolerance: z
    .number()
    .min(0)
    .default(1e-4)
    .describe(
      "lloyd: converged when the centres' squared moves add up to at most this share of the features' mean variance",
    ),
});

/** Options of k-means, defaults filled in. */
export type KMeansConfig = z.output<typeof schema>;

/** Clusters around centres, for points, tables and images. */
export class KMeans extends FittedModel<KMeansConfig> implements HasPortraits {
  readonly kind = 'k-means';

  /** [clusters, ...row]; of images they are images. @throws NotFittedError */
  get centers(): Value {
    return this.#weight('centers');
  }

  /** How many of the rows it was fitted to belong to each cluster, [clusters]. @throws NotFittedError */
  get counts(): Value {
    return this.#weight('counts');
  }

  /** The sum of the squared distances of the rows it was fitted to, each to its nearest centre. @throws NotFittedError */
  get inertia(): number {
    return Number(this.#weight('inertia').data[0]);
  }

  /** The distance of each row to each centre, [rows, clusters]. @throws ShapeError, NotFittedError */
  transform(x: Samples): { readonly values: Float64Array; readonly columns: number } {
    const { clusters } = this.config;
    const { exampleShape } = this.fitted();
    const features = exampleSize(exampleShape);
    const [rows = 0] = x.shape;
    if (x.shape.length < 2 || x.data.length !== rows * features || exampleSize(x.shape.slice(1)) !== features)
      throw new ShapeError(
        `Rows of shape [${x.shape.slice(1).join(', ')}] (${x.data.length} numbers, ${rows} rows) were given to a k-means ` +
          `that was fitted to rows of shape [${exampleShape.join(', ')}].`,
      );
    const centers = Float64Array.from(this.centers.data, Number);
    const values = Float64Array.from({ length: rows * clusters }, (_, index) =>
      Math.sqrt(
        squaredDistance(
          x.data,
          Math.floor(index / clusters) * features,
          centers,
          (index % clusters) * features,
          features,
        ),
      ),
    );
    return { values, columns: clusters };
  }

  /** The cluster of each row, the first of the nearest. @throws ShapeError, NotFittedError */
  predict(x: Samples): Int32Array {
    const { values, columns } = this.transform(x);
    return Int32Array.from({ length: values.length / columns }, (_, row) => {
      const distances = values.subarray(row * columns, (row + 1) * columns);
      return distances.indexOf(distances.reduce((a, b) => Math.min(a, b)));
    });
  }

  /** Draws rows around the centres (see the top of this file); their labels are the clusters. Pixels are clipped to [0, 1]. */
  async sample(count: number, { seed = freshSeed(), given }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    if (given !== undefined)
      throw new ConfigError(`Rows of "${given.label}" were asked for; k-means knows no classes, only clusters.`);
    const { exampleShape } = this.fitted();
    const features = exampleSize(exampleShape);
    const isImage = isImageShape(exampleShape);
    const counts = Float64Array.from(this.counts.data, Number);
    const rows = counts.reduce((a, b) => a + b, 0);
    const spread = Math.sqrt(this.inertia / (rows * features));
    const centers = this.centers.data;
    const data = new Float32Array(count * features);
    const labels = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      // Every row has its own stream, so that it does not depend on how many are drawn.
      const stream = random(seed).split('sample').split(row);
      let left = stream.next() * rows;
      const cluster = counts.findIndex((inCluster) => {
        left -= inCluster;
        return left < 0;
      });
      for (const [d, noise] of stream.normal(features).entries()) {
        const value = Number(centers[cluster * features + d]) + spread * noise;
        data[row * features + d] = isImage ? Math.min(Math.max(value, 0), 1) : value;
      }
      labels[row] = cluster;
    }
    return { data, shape: [count, ...exampleShape], labels };
  }

  /** Of images, the centres, the largest cluster first. @throws NotFittedError */
  async portraits(): Promise<readonly Portrait[]> {
    return centresPortrait(this.centers.data, this.counts.data, this.fitted().exampleShape);
  }

  protected override async learn(data: Dataset, options: FitOptions): Promise<FitReport> {
    const { clusters, start, restarts, algorithm, batchSize, patience, maxIterations, tolerance } = this.config;
    const { seed = 0, signal, observer } = options;
    const stream = random(seed).split(this.kind);
    if (data.length < clusters)
      throw new ConfigError(
        `${clusters} clusters need at least ${clusters} rows; "${data.name}" has ${data.length}. ` +
          'Ask for fewer clusters, or give more rows.',
      );
    const pool = await drawPool(data, clusters, stream);
    const starts =
      typeof start === 'object'
        ? [givenCentres({ means: start.centers }, clusters, pool.features)]
        : Array.from({ length: restarts }, (_, restart) =>
            seedCentres(pool, clusters, start, stream.split('centres').split(restart)),
          );
    const runtime = await this.device.open(present({ device: options.device, threads: options.threads }));
    const progress = new FitProgress(observer, starts.length * maxIterations);
    await progress.start(data.length);
    const common = {
      ...{ clusters, pool, shift: poolMean(pool), maxIterations },
      ...present({ signal }),
      stream: stream.split('empty'),
      tell: (inertia: number, restart: number) => progress.tell({ inertia, ...(starts.length > 1 ? { restart } : {}) }),
    };
    const runs =
      algorithm === 'mini-batch'
        ? await miniBatch(starts, { ...common, runtime, data, batchSize, patience })
        : await this.#lloyd(runtime, data, starts, { ...common, tolerance });
    const best = runs.reduce((a, b) => (b.inertia < a.inertia ? b : a));
    if (!Number.isFinite(best.inertia))
      throw new ConfigError(
        `The inertia became ${best.inertia}: the numbers of "${data.name}" are too large or not finite. Standardise the features, ` +
          'and remove rows that are not finite.',
      );
    await this.keep({
      exampleShape: data.exampleShape,
      classes: [],
      weights: valuesOf(
        { centers: best.centers, counts: best.counts, inertia: Float64Array.of(best.inertia) },
        this.weightShapes(data.exampleShape),
      ),
    });
    return {
      converged: best.converged,
      iterations: progress.history.length,
      stoppedBecause: runs.some((run) => run.aborted) ? 'aborted' : 'finished',
      warnings: warningsOf(best, clusters, algorithm === 'mini-batch'),
      history: progress.history,
    };
  }

  async #lloyd(
    runtime: Runtime,
    data: Dataset,
    starts: readonly Float64Array[],
    options: Omit<LloydOptions, 'rows'>,
  ): Promise<LloydRun[]> {
    const rows = await RowChunks.open(runtime, { data });
    try {
      return await lloyd(starts, { ...options, rows });
    } finally {
      await rows.dispose();
    }
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    const { clusters } = this.config;
    return { centers: [clusters, ...exampleShape], counts: [clusters], inertia: [1] };
  }

  #weight(name: string): Value {
    const value = this.fitted().weights[name];
    if (value === undefined) throw new ConfigError(`This k-means has no ${name}.`);
    return value;
  }
}

function warningsOf(
  { converged, aborted, counts, iterations }: LloydRun,
  clusters: number,
  isMiniBatch: boolean,
): string[] {
  const distinct = counts.filter((count) => count > 0).length;
  return [
    ...(converged || aborted
      ? []
      : [
          `The best start did not converge in ${iterations} iterations. Raise maxIterations${isMiniBatch ? '' : ' or tolerance'}.`,
        ]),
    ...(distinct === clusters
      ? []
      : [
          `${distinct} distinct clusters were found, fewer than the ${clusters} asked for, possibly because rows are duplicates. ` +
            `Ask for ${distinct} clusters.`,
        ]),
  ];
}

/** The entry of the table of models. */
export const kMeansDefinition: ModelDefinition = {
  kind: 'k-means',
  family: 'mixture',
  description: 'Clusters around centres by the algorithm of Lloyd or mini-batches, with k-means++ starts.',
  strengths: 'Finds typical rows quickly, and its centres show at a glance what groups there are.',
  weaknesses: 'Has no density, and its samples are a centre with even noise on it.',
  paper:
    'Lloyd 1982, Least squares quantization in PCM; Arthur and Vassilvitskii 2007, k-means++; Sculley 2010, Web-scale k-means clustering',
  schema,
  create: (options = {}) => new KMeans(parseOptions('k-means', schema, options)),
  restore: (saved) => new KMeans(parseOptions('k-means', schema, saved.config)).adopt(saved),
};

/**
 * Clusters around centres.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = kMeans({ clusters: 10 });
 * await model.fit(await mnist(), { seed: 0 });
 * console.log(model.inertia, model.centers.shape);   // ..., [10, 28, 28, 1]
 */
export function kMeans(options: z.input<typeof schema> = {}): KMeans {
  return new KMeans(parseOptions('k-means', schema, options));
}
