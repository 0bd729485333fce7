// What a figure of a deep model with a density is: a training, and what is measured of it on the test rows.

/** One training and its measures. */
export interface DensityFigure {
  readonly name: string;
  readonly model: string;
  /** Whether each class has a model of its own, joined by Bayes' rule. Default false: one model. */
  readonly oneOfEachClass?: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly data: FigureData;
  readonly fit: {
    /** Stops once it has computed as much as two cores do in so many minutes, on however many cores. */
    readonly minutes?: number;
    readonly epochs?: number;
    readonly batchSize?: number;
    readonly patience?: number;
    /** Of the held-out rows, the first so many. Default: all. */
    readonly validationRows?: number;
    /** False for models without a loss of held-out rows. Default true. */
    readonly validates?: boolean;
  };
  readonly measures: readonly Measure[];
}

/**
 * What it is learnt from: binarized-mnist, the fixed files with validation rows of their own; mnist with its 8 bits, or black where it is
 * above one half, both with labels and with the last 5000 training rows held out for validation.
 */
export type FigureData = 'binarized-mnist' | 'mnist' | 'mnist above one half';

/** One number about the test rows. */
export interface Measure {
  readonly unit: Unit;
  /** What was measured, for people. */
  readonly text: string;
  /** Put behind the figure's name, where it has several measures. */
  readonly suffix?: string;
  /** A number. */
  readonly goal?: string;
  readonly published: string;
  /** Samples per test row, of bounds that are estimated. */
  readonly samples?: number;
  /**
   * For bounds that take too long for all test rows: only `rows` of them, drawn at random, get the samples. The bound of all rows with
   * `samplesOfAll` samples corrects for which were drawn.
   */
  readonly few?: { readonly rows: number; readonly samplesOfAll: number };
}

/** What the numbers are: nats and bits are the better the lower, accuracies the higher. */
export type Unit = 'nats an image' | 'bits per dimension' | '% of the test images';

/** Whether a value reaches the number that was aimed at. */
export function reaches(unit: Unit, value: number, goal: string): boolean {
  return unit === '% of the test images' ? value >= Number(goal) : value <= Number(goal);
}
