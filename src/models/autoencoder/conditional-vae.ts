// A variational autoencoder of rows given their classes (Sohn, Lee and Yan 2015): encoder and decoder see the class beside their input.
//
//   log p(x) = log sum_y p(y) p(x | y) >= log sum_y p(y) exp(bound of log p(x | y)),  p(y) the shares of the training rows
import { ConfigError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { ClassPrior, classFrequencies } from '../class-conditional.js';
import type { Bound, Conditional, HasBound, SampleOptions, Samples } from '../contract.js';
import { interpolateCodes } from '../tools/interpolate-codes.js';
import { logSumExp } from '../tools/posterior.js';
import { type BoundOptions, Vae } from './vae-model.js';
import { priorsName } from './vae-networks.js';

/** Bounds of rows given each class. */
export interface BoundPerClass {
  /** [N, classes], row by row, in nats. */
  readonly values: Float64Array;
  readonly classes: readonly string[];
  readonly kind: Bound['kind'];
}

/** A variational autoencoder with p(x | class), for labelled data. Its codes go with labels: encode and decode take and give them. */
export class ConditionalVae extends Vae implements Conditional {
  /** The names of the classes. @throws NotFittedError */
  get labels(): readonly string[] {
    return this.fitted().classes;
  }

  /** The shares of the classes among the training rows. @throws NotFittedError */
  get priors(): Float64Array {
    return this.#prior().frequencies;
  }

  /** A lower bound on log p(x), whatever the class, in nats. @throws NotFittedError, ShapeError, ConfigError */
  override async logProbBound(x: Samples, options: BoundOptions = {}): Promise<Bound> {
    const { values, classes, kind } = await this.logProbBoundPerClass(x, options);
    const logPriors = this.priors.map(Math.log);
    const count = values.length / classes.length;
    const ofRow = (row: number): number =>
      logSumExp(logPriors.map((prior, y) => prior + (values[row * classes.length + y] ?? Number.NaN)));
    return { values: Float64Array.from({ length: count }, (_, row) => ofRow(row)), kind };
  }

  /** Lower bounds on log p(x | y) of rows for every class y. @throws NotFittedError, ShapeError, ConfigError */
  async logProbBoundPerClass(x: Samples, options: BoundOptions = {}): Promise<BoundPerClass> {
    const classes = this.labels;
    const bounds: Bound[] = [];
    for (const y of classes.keys()) bounds.push(await this.bound(x, options, (rows) => this.#sameClass(rows, y)));
    const count = x.shape[0] ?? 0;
    const values = new Float64Array(count * classes.length);
    for (const [y, bound] of bounds.entries())
      for (let row = 0; row < count; row++) values[row * classes.length + y] = bound.values[row] ?? Number.NaN;
    return { values, classes, kind: bounds[0]?.kind ?? 'elbo' };
  }

  /**
   * p(x | y) of each class as a model of its own, by class name.
   *
   * @throws NotFittedError
   * @example await bayesClassifier(model.perClass(), { samples: 100 }).accuracy(test)
   */
  perClass(): Record<string, HasBound> {
    return Object.fromEntries(
      this.labels.map((name, y) => [
        name,
        { logProbBound: (x, options = {}) => this.bound(x, options, (rows) => this.#sameClass(rows, y)) },
      ]),
    );
  }

  /** As without classes; between rows of two classes the class goes over step by step, too. */
  override async interpolate(a: Samples, b: Samples, steps: number): Promise<Samples> {
    const codes = interpolateCodes(await this.encode(a), await this.encode(b), steps);
    const [from, to] = [this.#rowClasses(a), this.#rowClasses(b)];
    const { length } = this.labels;
    const y = new Float32Array((codes.shape[0] ?? 0) * length);
    for (let i = 0; i < y.length; i++) {
      const [row, label] = [Math.floor(i / length), i % length];
      const [way, share] = [Math.floor(row / steps), (row % steps) / (steps - 1)];
      y[i] = (1 - share) * Number(from[way] === label) + share * Number(to[way] === label);
    }
    return this.decodeWith(codes, { y: float32(y, [codes.shape[0] ?? 0, length]) });
  }

  protected override async classWeights(data: Dataset): Promise<Values> {
    return { [priorsName]: await classFrequencies(this.kind, data) };
  }

  protected override classFeeds(rows: Pick<Samples, 'labels'>): Values {
    const labels = this.#rowClasses(rows);
    const { length } = this.labels;
    const y = new Float32Array(labels.length * length);
    for (const [row, label] of labels.entries()) y[row * length + label] = 1;
    return { y: float32(y, [labels.length, length]) };
  }

  protected override drawLabels(count: number, seed: number, given: SampleOptions['given']): Int32Array | undefined {
    return this.#prior().draw(count, seed, given);
  }

  #prior(): ClassPrior {
    return new ClassPrior(this.kind, this.labels, this.fitted().weights[priorsName]);
  }

  #sameClass(rows: number, label: number): Values {
    const { length } = this.labels;
    const y = Float32Array.from({ length: rows * length }, (_, i) => Number(i % length === label));
    return { y: float32(y, [rows, length]) };
  }

  /** The class of each row. @throws ConfigError where it is not given, or not one of the model's */
  #rowClasses({ labels }: Pick<Samples, 'labels'>): Int32Array {
    if (labels === undefined)
      throw new ConfigError(
        `This ${this.kind} is conditional on classes, so rows and codes need their classes: give labels, one number per row.`,
      );
    const wrong = labels.find((label) => !(label >= 0 && label < this.labels.length));
    if (wrong !== undefined)
      throw new ConfigError(
        `The label ${wrong} is none of this ${this.kind}'s, whose ${this.labels.length} classes are ${this.labels.join(', ')}.`,
      );
    return labels;
  }
}
