// What models share that learn p(x | y) for each class and count p(y): Bayes' rule, densities, sampling and additive statistics.
//
//   p(x) = sum_y p(y) p(x | y)          p(y | x) = p(y) p(x | y) / p(x)
//
// Without labels there is a single class, and p(x) = p(x | y).
import { ConfigError, ShapeError } from '../../core/errors.js';
import { unknownName } from '../../core/nearest.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { freshSeed, type Random, random } from '../../runtime/random.js';
import type { Values } from '../../runtime/runtime.js';
import { emptyWindow } from '../../training/metric-window.js';
import type {
  Conditional,
  FitOptions,
  FitReport,
  HasDensity,
  HasJointDensity,
  HasPortraits,
  JointDensity,
  Portrait,
  SampleBytes,
  SampleOptions,
  Samples,
} from '../contract.js';
import { checkCount, FittedModel } from '../fitted-model.js';
import { classMeansPortrait } from '../pictures/portrait.js';
import { placeOf } from '../tools/place-of.js';
import { logSumExp } from '../tools/posterior.js';
import { checkFinite } from './check-finite.js';
import { busyMilliseconds, classesOf, rest } from './class-rows.js';
import type { ScoringDevice } from './class-scores.js';
import { classWarnings } from './class-warnings.js';

/** The options that these models share. */
export interface BayesConfig {
  readonly priors: 'empirical' | 'uniform';
  readonly conditional: boolean;
}

/** Statistics of rows. Those of parts add up to those of the whole. */
export interface ClassSummary {
  readonly exampleShape: readonly number[];
  /** None where the rows were taken without classes: they are then all of class 0. */
  readonly classes: readonly string[];
  /** The rows of each class. */
  readonly counts: Float64Array;
}

/** What a pass over data may be told. */
export type SummaryOptions = Pick<FitOptions, 'signal' | 'device' | 'threads' | 'seed'>;

/** p(x | y) of all classes, made ready for use. */
export interface ClassDensities {
  /** log p(x | y) of rows [count, features], as [count, classes]; classes without rows may have any value. */
  logDensities(x: Float32Array, count: number): Promise<Float64Array> | Float64Array;
  /** The same of rows that are kept as bytes, where that saves time. */
  logDensitiesOfBytes?(rows: SampleBytes, count: number): Promise<Float64Array> | Float64Array;
  /** Draws a row of class `label` into `row`. */
  draw(row: Float32Array, label: number, stream: Random): void;
  /** The mean of log p(x | y) over the rows of each class that it was learnt from. */
  readonly meanLogDensities: Float64Array;
}

/** Rows scored at a time. */
const scoredValues = 2 ** 20;

/** A model of each class with a prior over the classes. */
export abstract class BayesModel<Config extends BayesConfig, Summary extends ClassSummary>
  extends FittedModel<Config>
  implements HasDensity, HasJointDensity, HasPortraits, Conditional
{
  #ready: { readonly weights: Values; readonly densities: ClassDensities } | undefined;

  /** The statistics of data of these classes. */
  protected abstract summarizeRows(
    data: Dataset,
    classes: readonly string[],
    options: SummaryOptions,
  ): Promise<Summary>;

  /** The statistics of two parts of the same data, taken together. @throws ShapeError where they are of different data */
  abstract combine(a: Summary, b: Summary): Summary;

  /** The statistics that the fitted model rests on, to which others can be added. @throws NotFittedError before fit */
  abstract summary(): Summary;

  protected abstract weightsOf(summary: Summary): Values;

  /** What looks wrong with data of these statistics. */
  protected abstract warningsOf(summary: Summary): readonly string[];

  /** p(x | y) for all classes of these statistics. @throws ConfigError where there is no such density */
  protected abstract densitiesOf(summary: Summary): ClassDensities;

  /** The mean row of each class, in the rows' shape. @throws NotFittedError before fit */
  abstract classMeans(): Samples;

  /** The names of the classes, none where it was fitted without labels. @throws NotFittedError before fit */
  get labels(): readonly string[] {
    return this.fitted().classes;
  }

  /** p(y) of each class. @throws NotFittedError before fit */
  get priors(): Float64Array {
    this.fitted();
    return this.#logPriors(this.summary()).map(Math.exp);
  }

  /**
   * The additive statistics of data: those of parts, combined, are those of the whole.
   *
   * @throws DatasetError for data the model cannot take; the signal's reason where it is aborted
   * @example await model.fromSummaries([await model.summarize(partA), await model.summarize(partB)])
   */
  async summarize(data: Dataset, options: SummaryOptions = {}): Promise<Summary> {
    return this.#summaryOf(data, options);
  }

  /** Learns from the statistics of parts as from their rows. @throws ConfigError for no parts, ShapeError for parts of different data */
  async fromSummaries(summaries: readonly Summary[]): Promise<FitReport> {
    const [first, ...others] = summaries;
    if (first === undefined) throw new ConfigError(`${this.kind}: no summaries were given; at least one is needed.`);
    return this.#learnFrom(others.reduce((sum, other) => this.combine(sum, other), first));
  }

  #summaryOf(data: Dataset, options: SummaryOptions): Promise<Summary> {
    return this.summarizeRows(data, this.config.conditional ? classesOf(data) : [], options);
  }

  async #learnFrom(summary: Summary): Promise<FitReport> {
    const densities = this.densitiesOf(summary);
    const { exampleShape, classes } = summary;
    const weights = this.weightsOf(summary);
    await this.keep({ exampleShape, classes, weights });
    this.#ready = { weights, densities };
    const history = [{ step: 1, epoch: 1, metrics: this.metricsOf(summary, densities) }];
    const warnings = [...classWarnings(summary), ...this.warningsOf(summary)];
    return { converged: true, iterations: 1, stoppedBecause: 'finished', warnings, history };
  }

  /** One pass over the data. An aborted one learns nothing; what was learnt before stays. */
  protected override async learn(data: Dataset, options: FitOptions): Promise<FitReport> {
    const { observer, signal } = options;
    await observer?.onStart?.({ firstStep: 0, steps: 1, stepsPerEpoch: 1, batchSize: data.length });
    const started = performance.now();
    const summary = await this.#summaryOf(data, options).catch((error) => {
      if (signal?.aborted === true && error === signal.reason) return undefined;
      throw error;
    });
    if (summary === undefined)
      return { converged: false, iterations: 0, stoppedBecause: 'aborted', warnings: [], history: [] };
    const report = await this.#learnFrom(summary);
    const [row] = report.history;
    if (observer === undefined || row === undefined) return report;
    const stepsPerSecond = 1000 / Math.max(1, performance.now() - started);
    observer.onProgress?.({ ...row, steps: 1, epochs: 1, stepsPerSecond, secondsLeft: 0 });
    await observer.onMetrics?.(row);
    const checkpoint = { step: 1, variables: this.fitted().weights, window: emptyWindow };
    await observer.onSnapshot?.(checkpoint);
    await observer.onCheckpoint?.(checkpoint);
    return report;
  }

  /** log p(x) = log sum_y p(y) p(x | y) of rows [N, ...], in nats. @throws NotFittedError, ShapeError, ConfigError */
  async logProb(x: Samples): Promise<Float64Array> {
    const { values, classes } = await this.#joint(x);
    return Float64Array.from({ length: values.length / classes }, (_, row) =>
      logSumExp(values.subarray(row * classes, (row + 1) * classes)),
    );
  }

  /**
   * log p(x, y) = log p(y) + log p(x | y) of rows [N, ...] and each class, in nats.
   *
   * @throws ConfigError where it was fitted without labels, NotFittedError, ShapeError
   */
  async jointLogProb(x: Samples): Promise<JointDensity> {
    const { labels } = this;
    if (labels.length === 0)
      throw new ConfigError(
        `This ${this.kind} was fitted without labels, so it knows no classes. Fit it to data with labels, with conditional: true.`,
      );
    const { values } = await this.#joint(x);
    return { values, classes: labels };
  }

  /**
   * Draws a class from p(y), unless one is given, and a row from p(x | y). Images are kept in [0, 1].
   *
   * @throws UnknownNameError, ConfigError for a class that it does not know or has seen no rows of; NotFittedError before fit
   */
  async sample(count: number, { seed = freshSeed(), given }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape, classes } = this.fitted();
    const wanted = given === undefined ? undefined : this.#classNumber(given.label);
    const priors = this.priors;
    const size = exampleSize(exampleShape);
    const [choices, noise] = [random(seed).split('classes'), random(seed).split('rows')];
    const densities = this.densities();
    const data = new Float32Array(count * size);
    const labels = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      const label = wanted ?? placeOf(priors, choices.next());
      labels[row] = label;
      densities.draw(data.subarray(row * size, (row + 1) * size), label, noise);
    }
    return { data, shape: [count, ...exampleShape], ...(classes.length === 0 ? {} : { labels }) };
  }

  /** Of images, the mean image of each class. @throws NotFittedError before fit */
  async portraits(): Promise<readonly Portrait[]> {
    const { classes } = this.fitted();
    return classMeansPortrait(this.classMeans(), classes);
  }

  /** The densities of what was learnt. @throws NotFittedError before fit */
  protected densities(): ClassDensities {
    const { weights } = this.fitted();
    if (this.#ready?.weights !== weights) this.#ready = { weights, densities: this.densitiesOf(this.summary()) };
    return this.#ready.densities;
  }

  /** Where many rows are scored. */
  protected get scoringDevice(): ScoringDevice {
    return {
      run: (name, define, feeds) => this.run(name, define, feeds),
      isFast: async () => (await this.device.open()).device === 'cpu',
    };
  }

  async #joint(rows: Samples): Promise<{ readonly values: Float64Array; readonly classes: number }> {
    const { exampleShape } = this.fitted();
    const size = exampleSize(exampleShape);
    const [count = 0] = rows.shape;
    const densities = this.densities();
    // The numbers of bytes are not made unless they are needed.
    const bytes = densities.logDensitiesOfBytes === undefined ? undefined : rows.bytes;
    const { length } = bytes === undefined ? rows.data : bytes.bytes;
    if (rows.shape.slice(1).join() !== exampleShape.join() || length !== count * size)
      throw new ShapeError(
        `${this.kind}: rows have to be [N, ${exampleShape.join(', ')}]; received [${rows.shape.join(', ')}] with ${length} numbers.`,
      );
    const logPriors = this.#logPriors(this.summary());
    const classes = logPriors.length;
    const values = new Float64Array(count * classes);
    const parts = Math.max(1, Math.ceil((count * size) / scoredValues));
    const partRows = Math.max(1, Math.ceil(count / parts));
    let stored: Promise<void> = Promise.resolve();
    let rested = performance.now();
    for (let first = 0; first < count; first += partRows) {
      const partCount = Math.min(partRows, count - first);
      const [start, end] = [first * size, (first + partCount) * size];
      const ofBytes =
        bytes && densities.logDensitiesOfBytes?.({ ...bytes, bytes: bytes.bytes.subarray(start, end) }, partCount);
      const found = Promise.resolve(
        ofBytes ?? densities.logDensities(this.#finite(rows.data.subarray(start, end), size, first), partCount),
      ).then((ofPart) => values.set(ofPart, first * classes));
      // Where an earlier part fails, that is the error to report.
      found.catch(() => {});
      // The next part is made ready while the device works on this one.
      await stored;
      stored = found;
      if (performance.now() - rested > busyMilliseconds) {
        await rest();
        rested = performance.now();
      }
    }
    await stored;
    for (let i = 0; i < values.length; i++) {
      const logPrior = logPriors[i % classes] ?? 0;
      values[i] = logPrior === Number.NEGATIVE_INFINITY ? logPrior : (values[i] ?? 0) + logPrior;
    }
    return { values, classes };
  }

  /** @throws ConfigError for numbers that are not finite */
  #finite(x: Float32Array, size: number, first: number): Float32Array {
    checkFinite(this.kind, x, size, first);
    return x;
  }

  #classNumber(label: string): number {
    const { labels } = this;
    if (labels.length === 0)
      throw new ConfigError(`This ${this.kind} was fitted without labels, so rows of a class cannot be asked for.`);
    const number = labels.indexOf(label);
    if (number < 0) throw unknownName('class', label, labels);
    if (this.summary().counts[number] === 0)
      throw new ConfigError(`The data had no rows of the class "${label}", so none can be drawn.`);
    return number;
  }

  /** Classes without rows have no prior: they could not be told from any other. */
  #logPriors({ counts }: ClassSummary): Float64Array {
    const seen = counts.map((count) => (this.config.priors === 'uniform' ? Math.min(1, count) : count));
    const total = seen.reduce((sum, count) => sum + count, 0);
    return seen.map((count) => Math.log(count / total));
  }

  /** What a fit reports: the mean of log p(x, y) over the rows it was learnt from. */
  protected metricsOf(summary: Summary, { meanLogDensities }: ClassDensities): Readonly<Record<string, number>> {
    const logPriors = this.#logPriors(summary);
    const total = summary.counts.reduce((sum, count) => sum + count, 0);
    const logProb = summary.counts.reduce((sum, count, label) => {
      const ofClass = (logPriors[label] ?? 0) + (meanLogDensities[label] ?? 0);
      return count === 0 ? sum : sum + (count / total) * ofClass;
    }, 0);
    return { logProb };
  }
}

/** @throws ShapeError where two summaries are of different data */
export function checkSameData(kind: string, a: ClassSummary, b: ClassSummary): void {
  for (const [what, one, other] of [
    ['rows of shape', a.exampleShape, b.exampleShape],
    ['the classes', a.classes, b.classes],
  ] as const)
    if (JSON.stringify(one) !== JSON.stringify(other))
      throw new ShapeError(
        `${kind}: the summaries are of ${what} [${one.join(', ')}] and [${other.join(', ')}]; they have to be of parts of the same data, with all its classes named.`,
      );
}
