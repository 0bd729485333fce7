// The contract of every metric of a generative model: what it looks at, which way is better, what it costs, how to read its value.
// A metric is an object without state, so that commands, reports and other programs can list, choose and run metrics the same way.
import type { Workspace } from './workspace.js';

/** Rows in some feature space: of pixels, of principal components, of a classifier's last hidden layer. */
export interface FeatureRows {
  /** [rows, width], row by row. */
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly width: number;
}

/** Images as they are looked at. */
export interface ImageRows {
  /** [N, H, W, C] in [0, 1]. */
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly [number, number, number, number];
}

/** p(y | x) of rows, as a classifier sees them. */
export interface ClassProbabilities {
  /** [rows, classes]; every row sums to 1. */
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly classes: number;
}

/** Codes of labelled rows. */
export interface LabelledCodes {
  readonly codes: FeatureRows;
  /** [rows]: the class of each row, from 0. */
  readonly labels: Int32Array;
}

/** The log-likelihood of held-out rows under a model, and what is needed to compare it with those of others. */
export interface RowLikelihoods {
  /** [rows], in nats: of the quantity that is named. */
  readonly values: Float64Array;
  /** What the values are: the log-density itself, or which bound on it or estimate of it. */
  readonly quantity: 'log-density' | 'elbo' | 'importance' | 'ais' | 'exact';
  /**
   * Whether values are log-probabilities of discrete rows, those of flows included that spread pixels over their levels and tell the
   * density per level; otherwise they are densities over the values as the model takes them.
   */
  readonly isDiscrete: boolean;
  /** Numbers in a row. */
  readonly dimensions: number;
  /** Levels of each number, where rows are quantised: 256 of 8-bit images, 2 of binary ones. */
  readonly levels?: number;
}

/**
 * All that metrics may look at. An evaluation gives what its model and data allow; a metric names the parts that it needs. `real`, `samples` and
 * `training` are in one feature space.
 */
export interface MetricInputs {
  /** Real rows that the model was not trained on. */
  readonly real: FeatureRows;
  /** Rows drawn from the model. */
  readonly samples: FeatureRows;
  /** Real rows that the model was trained on. */
  readonly training: FeatureRows;
  /** The classes of `real` rows, from 0. */
  readonly realLabels: Int32Array;
  /** The classes that were asked for when `samples` were drawn, from 0. */
  readonly sampleLabels: Int32Array;
  /** What a classifier trained on real rows makes of the samples. */
  readonly sampleClasses: ClassProbabilities;
  /** The same of the held-out rows. */
  readonly realClasses: ClassProbabilities;
  readonly likelihoods: RowLikelihoods;
  /** Codes of training rows, for probes to learn from. */
  readonly trainingCodes: LabelledCodes;
  /** Codes of held-out rows, for probes to be judged by. */
  readonly realCodes: LabelledCodes;
  /** Held-out rows and what became of them through the code and back. */
  readonly originals: ImageRows;
  readonly reconstructions: ImageRows;
}

/** The name of something that metrics look at. */
export type MetricNeed = keyof MetricInputs;

/** What a metric is about, in the order in which reports show it. */
export type MetricTopic = 'likelihood' | 'samples' | 'copying' | 'diversity' | 'representation';

/** How to compute. */
export interface MetricOptions {
  /** Of subsets, projections and resampling: the same seed gives the same value and interval. Default 0. */
  readonly seed?: number;
  /** Resamplings or subsets behind the interval, a whole number from 2. Default: the metric's. */
  readonly resamplings?: number;
  /** Whether an interval is wanted where it takes longer than the value; other metrics give theirs all the same. Default true. */
  readonly interval?: boolean;
  readonly signal?: AbortSignal;
  /** Called with the share that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
  /** The device, and work that several metrics of the same rows need. Default: one of its own, freed at the end. */
  readonly workspace?: Workspace;
}

/** A value, and how far it may be trusted. */
export interface MetricValue {
  readonly value: number;
  /** The 95 % interval, by resampling the rows or by subsets of them; absent where a metric has no spread. */
  readonly interval?: readonly [low: number, high: number];
  /** Parts of the value, by name: the bins that differ, the value of each class. */
  readonly details?: Readonly<Record<string, number | readonly number[]>>;
  /** What makes the value doubtful and what to do about it: fewer rows than dimensions. */
  readonly warnings?: readonly string[];
}

/**
 * A metric.
 *
 * @example const { value, interval } = await fid.compute({ real, samples }, { seed: 1 })
 */
export interface Metric<Need extends MetricNeed = MetricNeed> {
  /** Its name in commands and files: `fid`. */
  readonly name: string;
  /** Its name in reports: `Fréchet distance (FID)`. */
  readonly title: string;
  readonly topic: MetricTopic;
  /** What it measures, in one sentence that needs no other. */
  readonly measures: string;
  readonly better: 'higher' | 'lower';
  /** The values it can have, ends included: [0, Infinity]. */
  readonly range: readonly [low: number, high: number];
  /** Of the value; empty for a pure number: `nats`, `bits per dimension`. */
  readonly unit: string;
  readonly needs: readonly Need[];
  /** Whether the value depends on the feature space of the rows, which then is part of its name in every output. */
  readonly usesFeatures: boolean;
  /** Fewer rows than this of any input are refused. */
  readonly minimumRows: number;
  /** Paper and equation or section. */
  readonly source: string;
  /**
   * Why these inputs are none for it, though all that it needs is there: bits per dimension of rows without levels. Undefined where it
   * takes them; absent where it takes all. `compute` refuses with the same words.
   */
  refusal?(inputs: Pick<MetricInputs, Need>): string | undefined;
  /** Seconds that it will take on two ordinary cores, roughly. */
  estimateSeconds(inputs: Pick<MetricInputs, Need>): number;
  /**
   * Computes in float64; the same inputs and seed give the same value, whatever the size of the batches inside.
   *
   * @throws ShapeError for widths that differ, DatasetError for fewer rows than needed or values that are no numbers
   * @throws the signal's reason where it is aborted
   */
  compute(inputs: Pick<MetricInputs, Need>, options?: MetricOptions): Promise<MetricValue>;
  /** The value in plain words, for somebody who does not know the metric: one sentence. */
  read(value: MetricValue): string;
}
