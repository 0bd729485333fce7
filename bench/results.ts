// What verisim bench measures, as its JSON document holds it. Times are milliseconds, memory is megabytes of 10^6 bytes.
import type { MissingPeer } from './peers/peer.js';

/** Everything measured. Parts that were not asked for are left out. */
export interface BenchResult {
  readonly machine: string;
  readonly node: string;
  readonly threads: number;
  readonly training?: TrainingResult;
  readonly calls?: CallsResult;
  readonly pixelSampling?: PixelSamplingResult;
  readonly missingPeers: readonly MissingPeer[];
  readonly sampling: readonly { readonly name: string; readonly imagesPerSecond: number }[];
  readonly startup?: StartupResult;
}

/** Training steps, and the peak rate they are compared with. */
export interface TrainingResult {
  readonly rounds: number;
  /** GFLOP/s by the side of the square matrices. */
  readonly matrixProducts: Readonly<Record<string, number>>;
  /** The best of them, GFLOP/s. */
  readonly peak: number;
  readonly steps: readonly StepResult[];
}

interface Timed {
  readonly name: string;
  readonly description: string;
  /** The median of the rounds. */
  readonly milliseconds: number;
  /** Half of the rounds lie between these. */
  readonly quartiles: readonly [number, number];
  /** The most memory resident in a process of its own that did this and nothing else. */
  readonly megabytes: number;
  readonly peers: readonly PeerResult[];
}

/** One training step's figures. */
export interface StepResult extends Timed {
  readonly gigaflop: number;
  /** Of the peak rate of matrix products, measured in the same rounds. */
  readonly shareOfPeak: number;
  readonly compileMs: number;
  /** Nanoseconds in which two cores answered each other, the median of the same rounds; undefined with one thread. */
  readonly answerNs?: number;
  /** The loss in nats after some steps from a start that peers share, who have to reach it too. */
  readonly figure?: number;
}

/** Calls of the public functions on whole data sets. */
export interface CallsResult {
  readonly rounds: number;
  /** What the rows are. */
  readonly rows: string;
  /** The rows as float32. */
  readonly rowMegabytes: number;
  readonly tasks: readonly CallResult[];
}

/** One call's figures. */
export interface CallResult extends Timed {
  /** What the ratio to the peers shall at least be. */
  readonly goal: number;
  /** The first whole call of a fresh process, with the rows in memory. */
  readonly firstMs: number;
  /** What the model reached, which the peers have to reach too. */
  readonly figure: number;
}

/** A peer on the same work. */
export interface PeerResult {
  readonly name: string;
  readonly version: string;
  readonly milliseconds?: number;
  /** The peer's time over ours: above 1 we are faster. */
  readonly ratio?: number;
  readonly ratioQuartiles?: readonly [number, number];
  readonly megabytes?: number;
  readonly firstMs?: number;
  /** What it reached, where that shows that it does the same work. */
  readonly figure?: number;
  /** Operations of its products and convolutions in one step, by its own count. */
  readonly gigaflop?: number;
  readonly error?: string;
  readonly remarks: readonly string[];
}

/** Drawing with a PixelCNN: computing only what a new pixel changes, and by a pass over the image for every pixel. */
export interface PixelSamplingResult {
  readonly name: string;
  readonly description: string;
  readonly images: number;
  readonly rounds: number;
  readonly milliseconds: number;
  readonly quartiles: readonly [number, number];
  /** Products and convolutions for all images. */
  readonly gigaflop: number;
  readonly naiveGigaflop: number;
  /** Of a pass for every pixel, extrapolated from {@link passes} passes. */
  readonly naiveMs: number;
  readonly passes: number;
  /** {@link naiveMs} over {@link milliseconds}, the median of the rounds. */
  readonly ratio: number;
  readonly ratioQuartiles: readonly [number, number];
}

/** Whole commands. */
export interface StartupResult {
  readonly helpMs: number;
  readonly firstStepMs: number;
  readonly trainingMegabytes: number;
}
