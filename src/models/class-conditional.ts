// What models share that learn p(x | y) and take p(y) from the frequencies of the classes.
//
//   p(x, y) = p(y) p(x | y),   p(x) = sum_y p(x, y)
import { ConfigError, DatasetError } from '../core/errors.js';
import { unknownName } from '../core/nearest.js';
import type { Dataset } from '../data/dataset.js';
import { type ParameterSpec, statistic } from '../nn/layer.js';
import { random } from '../runtime/random.js';
import { float32, type Value } from '../runtime/runtime.js';
import type { JointDensity, SampleOptions } from './contract.js';
import { labelsOf } from './tools/class-rows.js';
import { placeOf } from './tools/place-of.js';
import { logSumExp } from './tools/posterior.js';

/** The parameter that holds the classes' frequencies, saved with the weights. */
export function priorParameter(classes: number): ParameterSpec {
  return statistic([classes], ([size = 0]) => new Float32Array(size).fill(1 / size));
}

/**
 * The frequencies of the classes in data, [classes].
 *
 * @throws ConfigError for data without classes, DatasetError for labels that count through none of them
 */
export async function classFrequencies(kind: string, data: Dataset): Promise<Value> {
  const { name, classes = [], length } = data;
  if (classes.length === 0)
    throw new ConfigError(
      `${kind}: conditional is true, but ${name} has no labels. Use data with labels, or leave conditional out.`,
    );
  const counts = new Float64Array(classes.length);
  for (const [row, label] of (await labelsOf(data)).entries()) {
    if (!(label >= 0 && label < classes.length))
      throw new DatasetError(
        `${kind}: the label of row ${row} of "${name}" is ${label}; labels count through its ${classes.length} classes from 0.`,
      );
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return float32(
    Float32Array.from(counts, (count) => count / length),
    [classes.length],
  );
}

/** The classes of a fitted model, none where it is not conditional, and how frequent they are. */
export class ClassPrior {
  readonly #kind: string;
  readonly #labels: readonly string[];
  readonly #frequencies: Float64Array;

  constructor(kind: string, labels: readonly string[], frequencies: Value | undefined) {
    this.#kind = kind;
    this.#labels = labels;
    this.#frequencies = Float64Array.from(frequencies?.data ?? [], Number);
  }

  /** How frequent each class is, in their order; none where the model is not conditional. */
  get frequencies(): Float64Array {
    return this.#labels.length === 0 ? new Float64Array() : this.#frequencies;
  }

  /**
   * The number of a class by its name; undefined where none is given.
   *
   * @throws ConfigError where there are no classes, or no row of this one; UnknownNameError for a class it does not know
   */
  numberOf(given: SampleOptions['given']): number | undefined {
    if (given === undefined) return undefined;
    this.checkClasses('rows of a class cannot be asked for');
    const number = this.#labels.indexOf(given.label);
    if (number < 0) throw unknownName('class', given.label, this.#labels);
    if (this.#frequencies[number] === 0)
      throw new ConfigError(`The data had no rows of the class "${given.label}", so none can be drawn.`);
    return number;
  }

  /** The class of each row to be drawn: the one given, or drawn from p(y); undefined for models that are not conditional. */
  draw(count: number, seed: number, given: SampleOptions['given']): Int32Array | undefined {
    const number = this.numberOf(given);
    if (number !== undefined) return new Int32Array(count).fill(number);
    if (this.#labels.length === 0) return undefined;
    const stream = random(seed).split('classes');
    return Int32Array.from({ length: count }, () => placeOf(this.#frequencies, stream.next()));
  }

  /** log p(x, y) from log p(x | y) of all rows for one class after the other. @throws ConfigError where there are no classes */
  async joint(count: number, logProb: (label: number) => Promise<Float64Array>): Promise<JointDensity> {
    this.checkClasses('it knows no classes');
    const classes = this.#labels;
    const values = new Float64Array(count * classes.length).fill(Number.NEGATIVE_INFINITY);
    for (const number of classes.keys()) {
      const prior = Math.log(this.#frequencies[number] ?? 0);
      if (prior === Number.NEGATIVE_INFINITY) continue;
      for (const [row, score] of (await logProb(number)).entries())
        values[row * classes.length + number] = prior + score;
    }
    return { values, classes };
  }

  /** @throws ConfigError where the model has no classes, saying what follows from that */
  checkClasses(consequence: string): void {
    if (this.#labels.length === 0)
      throw new ConfigError(
        `This ${this.#kind} was fitted without classes, so ${consequence}. Fit it to data with labels, with conditional: true.`,
      );
  }
}

/** log p(x) = log sum_y p(x, y) of each row. */
export function marginal({ values, classes }: JointDensity): Float64Array {
  const columns = classes.length;
  return Float64Array.from({ length: values.length / columns }, (_, row) =>
    logSumExp(values.subarray(row * columns, (row + 1) * columns)),
  );
}
