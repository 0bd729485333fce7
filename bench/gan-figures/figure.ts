// What a figure of the adversarial family is: a training, once or with several seeds, and what is measured of its samples.
import type { QuantityName } from './quantities.js';

/** A training and its measures. */
export interface GanFigure {
  readonly name: string;
  readonly model: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly data: FigureData;
  /** Whether it trains on points in units of their deviations; samples are judged in the data's own. */
  readonly standardised?: boolean;
  readonly fit: GanFit;
  /** A training for each. */
  readonly seeds: readonly number[];
  /** How many samples are looked at. */
  readonly samples: number;
  readonly measures: readonly Measure[];
  /** A sheet of samples of the first seed in docs/images/. */
  readonly picture?: { readonly file: string; readonly text: string };
}

/** How long to train. */
export interface GanFit {
  readonly steps?: number;
  /** Stops once it has computed as much as two cores do in so many minutes, on however many cores. */
  readonly minutes?: number;
  readonly batchSize: number;
}

/** Points are made anew from a seed; images are those of the training split. */
export type FigureData = 'eight-gaussians' | 'grid-25-gaussians' | 'mnist' | 'cifar-10';

/** One quantity of the samples. */
export interface Measure {
  readonly of: QuantityName;
  /** What every seed has to reach. */
  readonly goal?: number;
}
