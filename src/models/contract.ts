// The contract of every model: capabilities are interfaces, and a model implements exactly those it can honour.
import type { Dataset } from '../data/dataset.js';
import type { TableSchema } from '../data/table/schema.js';
import type { DeviceName } from '../runtime/runtime.js';
import type { MetricRow } from '../training/observer.js';
import type { TrainOptions } from '../training/plan.js';
import type { StopReason } from '../training/train.js';

/** Rows drawn from a model, or decoded by it: images in [0, 1] as [N, H, W, C], other rows as the data they were learnt from. */
export interface Samples {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  /** The class of each row, where one was asked for or drawn. */
  readonly labels?: Int32Array;
  /** The same rows as bytes, for models that can do with them, where `data` is made of bytes. */
  readonly bytes?: SampleBytes;
}

/** Rows as the bytes that they are kept as: the numbers are float32(byte / divisor). */
export interface SampleBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly divisor: number;
}

/** How to fit: by default one epoch with seed 0. */
export interface FitOptions extends Partial<TrainOptions> {
  /** The same seed, data and options give the same weights, bit for bit, on the same machine, device and threads. Default 0. */
  readonly seed?: number;
  /** Rows per batch. Default: the model's `defaultBatchSize`, fewer where there are not as many rows. */
  readonly batchSize?: number;
  /** Default: the device of the last fit, at first `cpu`. */
  readonly device?: DeviceName;
  /** Default: the physical cores. */
  readonly threads?: number;
}

/** What came of a fit. */
export interface FitReport {
  /** Whether the model's own criterion was met. Training for a number of steps without validation rows has none: there it is false. */
  readonly converged: boolean;
  /** Steps done in all, those before a resumed part included. */
  readonly iterations: number;
  readonly stoppedBecause: StopReason;
  /** What looks wrong, each with what to do about it. */
  readonly warnings: readonly string[];
  /** The metrics of this fit; of a resumed one, those from where it went on. */
  readonly history: readonly MetricRow[];
}

/** How to draw. */
export interface SampleOptions {
  /** The same seed and count give the same rows; without one, two calls differ. */
  readonly seed?: number;
  /** What the rows shall be, for models that can be asked: a class by name. */
  readonly given?: { readonly label: string };
  /**
   * Keeps every number of the drawn latent codes within [-truncation, truncation], of models that have {@link HasTruncation}; others take
   * no notice. Samples look better the smaller it is, and vary less. Default: nothing is cut off.
   */
  readonly truncation?: number;
}

/** What every model can do, whether or not it can draw rows: learn, be saved, let go of its device. */
export interface FittableModel<Config = object> {
  /** The model's name, also in the command line: `dcgan`. */
  readonly kind: string;
  /** What the user asked for, defaults filled in; fit never changes it. */
  readonly config: Readonly<Config>;
  /** Rows per batch where `fit` names no number and there are as many; absent in models that take all rows at once. */
  readonly defaultBatchSize?: number;
  /** Batches that one step takes: the steps of a discriminator, for one. Default 1. */
  readonly batchesPerStep?: number;
  /** The table that the model was fitted to, where it was one; `decodeRows` makes rows of it from samples. */
  readonly table?: TableSchema | undefined;
  /**
   * Learns from data, from the beginning. What was learnt before is replaced once the new fit has something to show.
   *
   * @throws ShapeError, ConfigError for data or options the model cannot take, or while another fit runs
   * @throws DivergedError where training broke; the last good weights are kept
   */
  fit(data: Dataset, options?: FitOptions): Promise<FitReport>;
  /** Writes model.json and weights.safetensors. @throws NotFittedError before fit */
  save(folder: string): Promise<void>;
  /** Frees the device. What was learnt stays; using the model again opens the device anew. */
  dispose(): Promise<void>;
}

/** A model of where rows come from: it can draw new ones. All models are generative but the classifiers, their yardstick. */
export interface GenerativeModel<Config = object> extends FittableModel<Config> {
  /** Draws rows. @throws NotFittedError before fit */
  sample(count: number, options?: SampleOptions): Promise<Samples>;
}

/** Exact densities. */
export interface HasDensity {
  /** The log-density of each row, in nats. */
  logProb(x: Samples): Promise<Float64Array>;
  /** Whether it is the probability of categories that rows are taken for, not a density over their values. Default false. */
  readonly isDiscrete?: boolean;
  /** Levels that numbers are rounded to before their probability is told, of models that do so: 256. Default: none are rounded. */
  readonly levels?: number;
}

/** Densities joint with the class, from which Bayes' rule gives the class: p(y | x) = p(x, y) / sum_y p(x, y). */
export interface HasJointDensity {
  /**
   * log p(x, y) of each row and each class, in nats.
   *
   * @throws NotFittedError before fit, ConfigError where the model was fitted without labels
   */
  jointLogProb(x: Samples): Promise<JointDensity>;
}

/** Log-densities joint with each class. */
export interface JointDensity {
  /** [N, classes], row by row, in nats. A class that the data had no rows of has -Infinity. */
  readonly values: Float64Array;
  readonly classes: readonly string[];
}

/** How to classify many rows. */
export interface PredictOptions {
  readonly signal?: AbortSignal;
  /** Called with the rows done so far. */
  readonly onProgress?: (done: number, rows: number) => void;
}

/** Probabilities of classes given a row. A data set is gone through part by part. */
export interface HasPosterior {
  /** The names of the classes, in the order of all answers. @throws NotFittedError before fit */
  readonly classes: readonly string[];
  /** log p(y | x), [N, classes]. @throws NotFittedError before fit, ShapeError for rows of another shape, ConfigError for none */
  predictLogProba(rows: Samples | Dataset, options?: PredictOptions): Promise<ClassLogProbabilities>;
  /** p(y | x), [N, classes]; each row adds up to 1. @throws as predictLogProba */
  predictProba(rows: Samples | Dataset, options?: PredictOptions): Promise<ClassProbabilities>;
  /** The number of each row's most probable class. @throws as predictLogProba */
  predict(rows: Samples | Dataset, options?: PredictOptions): Promise<Int32Array>;
}

/** The probabilities of classes, as logarithms. */
export interface ClassLogProbabilities {
  /** [N, classes], row by row; the exponentials of a row add up to 1. */
  readonly values: Float64Array;
  readonly classes: readonly string[];
}

/** Probabilities of classes. */
export interface ClassProbabilities {
  /** [N, classes], row by row; each row adds up to 1. */
  readonly values: Float64Array;
  readonly classes: readonly string[];
}

/** A bound on the log-density, or an estimate of it, never called logProb. */
export interface HasBound {
  /** Whether it is a bound on the probability of discrete rows, not on a density over their values. Default false. */
  readonly isDiscrete?: boolean;
  logProbBound(x: Samples, options?: { readonly samples?: number; readonly seed?: number }): Promise<Bound>;
}

/** Bounds, one per row, in nats, and what kind of bound they are: `exact` where the density itself could be computed. */
export interface Bound {
  readonly values: Float64Array;
  readonly kind: 'elbo' | 'importance' | 'ais' | 'exact';
}

/** How to encode many rows, for models that search for codes. */
export interface EncodeOptions {
  readonly signal?: AbortSignal;
  /** Called with the rows done so far. */
  readonly onProgress?: (done: number, rows: number) => void;
}

/** A latent code for every row. */
export interface HasLatent {
  /** Whether codes are searched for, in hundreds of passes through the model for each row, rather than told in one. Default false. */
  readonly searchesCodes?: boolean;
  encode(x: Samples, options?: EncodeOptions): Promise<Samples>;
  decode(z: Samples): Promise<Samples>;
  reconstruct(x: Samples): Promise<Samples>;
  interpolate(a: Samples, b: Samples, steps: number): Promise<Samples>;
}

/** A decoder of latent codes without an encoder, as GANs have. */
export interface HasDecoder {
  readonly latentSize: number;
  /** Rows from codes [N, latentSize]. */
  decode(z: Samples): Promise<Samples>;
}

/** Codes can be drawn from the middle of their distribution alone: `sample(count, { truncation })`. */
export interface HasTruncation {
  readonly canTruncate: true;
}

/** What was learnt can be looked at: models of images show means, components, the plane of their codes. */
export interface HasPortraits {
  /** Sheets of images; none where the rows are no images. @throws NotFittedError before fit */
  portraits(): Promise<readonly Portrait[]>;
}

/** A sheet of images that show what a model learnt. */
export interface Portrait {
  /** Also the name of its file, without ending: `class-means`. */
  readonly name: string;
  /** What the images are: `mean of each class`. */
  readonly title: string;
  /** How to read them, where the title does not tell. */
  readonly caption?: string;
  /** [N, H, W, C] in [0, 1]. */
  readonly images: Samples;
  /** Signed images [M, H, W, C], such as directions in the space of images; they follow the others, in colours for their sign. */
  readonly directions?: Samples;
  /** Images beside each other. */
  readonly columns: number;
  /** One per row, per column and per image. */
  readonly rowLabels?: readonly string[];
  readonly columnLabels?: readonly string[];
  readonly cellLabels?: readonly string[];
}

/** Rows of a class can be asked for. */
export interface Conditional {
  readonly labels: readonly string[];
}

/** The capabilities in the order of the documentation's matrix, and how to tell that a model has one. */
export const capabilities = {
  sample: (model: object) => 'sample' in model,
  density: (model: object) => 'logProb' in model,
  bound: (model: object) => 'logProbBound' in model,
  decode: (model: object) => 'decode' in model,
  encode: (model: object) => 'encode' in model,
  conditional: (model: object) => 'labels' in model,
  classify: (model: object) => 'predictLogProba' in model || 'jointLogProb' in model,
} as const satisfies Record<string, (model: object) => boolean>;

/** The name of a capability. */
export type Capability = keyof typeof capabilities;
