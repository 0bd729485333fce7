// Classification by Bayes' rule with any density: a model of each class says how plausible a row is under it.
//
//   p(y | x) = p(x | y) p(y) / sum_y' p(x | y') p(y')
//
// Where a model has only a bound on log p(x | y), the bound takes its place; the answer then says so, since a bound that is looser for
// one class than for another shifts the decision.
import { ConfigError, DatasetError, NotFittedError, VerisimError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import type { Confusion } from '../../metrics/confusion.js';
import type {
  ClassLogProbabilities,
  ClassProbabilities,
  FitOptions,
  FitReport,
  HasJointDensity,
  HasPosterior,
  JointDensity,
  PredictOptions,
  Samples,
} from '../contract.js';
import { hasJointDensity, type Scorer, type ScoringModel } from './abilities.js';
import { confusionOf, predictionsOf, probabilitiesOf } from './class-answers.js';
import { classPriors, type Priors } from './class-priors.js';
import { classesOf, labelsAmong, labelsOf, rowsOfClass } from './class-rows.js';
import { logPosterior } from './posterior.js';
import { parts, type Rows, rowCount } from './rows.js';
import { type Quantity, type ScoreOptions, scoreRows } from './score-rows.js';

/** What p(x | y) comes from: a new model per class, fitted models by class name, or one fitted model of rows and classes. */
export type ClassModels = (() => ScoringModel) | Readonly<Record<string, Scorer>> | HasJointDensity;

/** How to classify. */
export interface BayesClassifierOptions extends Pick<ScoreOptions, 'samples' | 'seed'> {
  /** Default: 'empirical' where the classifier fits the models, 'uniform' for fitted ones. A joint model has its own. */
  readonly priors?: Priors;
}

/** What came of fitting a model per class. */
export interface ClassifierReport {
  /** By class name; classes without rows have none. */
  readonly reports: Readonly<Record<string, FitReport>>;
  /** What looks wrong, each with the class it is about. */
  readonly warnings: readonly string[];
}

interface Known {
  readonly classes: readonly string[];
  readonly logPriors: Float64Array;
  /** One per class; undefined for a class without rows. */
  readonly models: readonly (Scorer | undefined)[];
}

/** A classifier by Bayes' rule. */
export class BayesClassifier implements HasJointDensity, HasPosterior {
  readonly #source: ClassModels;
  readonly #options: BayesClassifierOptions;
  #known: Known | undefined;
  /** Models that this classifier made, and has to dispose of. */
  #own: readonly ScoringModel[] = [];
  #quantity: Quantity | undefined;
  #classes: readonly string[] | undefined;

  /** Use {@link bayesClassifier}. */
  constructor(source: ClassModels, options: BayesClassifierOptions) {
    this.#source = source;
    this.#options = options;
    if (hasJointDensity(source)) {
      if (options.priors !== undefined)
        throw new ConfigError('A model of rows and classes has its own priors: set them in its options, not here.');
    } else if (typeof source !== 'function') this.#known = given(source, options.priors ?? 'uniform');
  }

  /** The names of the classes, in the order of all answers; known once fitted, of a joint model once it has answered. */
  get classes(): readonly string[] {
    const classes = this.#known?.classes ?? this.#classes;
    if (classes === undefined) throw new NotFittedError(notFitted);
    return classes;
  }

  /** What the last answer rests on: exact densities, or a bound on them. Undefined before the first. */
  get quantity(): Quantity | undefined {
    return this.#quantity;
  }

  /**
   * Fits one new model to the rows of each class.
   *
   * @param options go to every model's fit; of validation rows, each model gets those of its class
   * @throws ConfigError where the models have been fitted already, DatasetError for data without labels, or validation rows without a class
   * @throws what a model's fit throws, with the class it is about; the signal's reason where it is aborted
   */
  async fit(data: Dataset, options: FitOptions = {}): Promise<ClassifierReport> {
    const source = this.#source;
    if (typeof source !== 'function')
      throw new ConfigError(
        'This classifier was made of fitted models, which stay as they are. To fit one per class, give a function that makes a new model.',
      );
    const [labels, classes] = [await labelsOf(data), await classesOf(data)];
    const counts = countsOf(labels, classes.length);
    const priors = classPriors(this.#options.priors ?? 'empirical', classes, counts);
    const heldOut = await heldOutRows(options, classes, counts);
    const own: ScoringModel[] = [];
    const models: (Scorer | undefined)[] = [];
    const reports: Record<string, FitReport> = {};
    try {
      for (const [label, name] of classes.entries()) {
        const rows = rowsOfClass(data, labels, label);
        if (rows === undefined) {
          models.push(undefined);
          continue;
        }
        const model = source();
        own.push(model);
        models.push(model);
        reports[name] = await fitClass(model, rows, name, { ...options, ...heldOut[label] });
        options.signal?.throwIfAborted();
        // Each open device costs memory; a model opens it again when it is asked.
        await model.dispose();
      }
    } catch (error) {
      for (const model of own) await model.dispose();
      throw error;
    }
    await this.dispose();
    this.#own = own;
    this.#known = { classes, logPriors: priors.map(Math.log), models };
    return { reports, warnings: warningsOf(classes, counts, reports) };
  }

  /** log p(x, y), or its bound, for rows and classes. @throws NotFittedError before fit, ConfigError for models that cannot be compared */
  async jointLogProb(x: Samples): Promise<JointDensity> {
    return this.#joint(x);
  }

  /** log p(y | x), [N, classes]. @throws NotFittedError before fit, ShapeError for rows of another shape */
  async predictLogProba(rows: Rows, options: PredictOptions = {}): Promise<ClassLogProbabilities> {
    const count = rowCount(rows);
    let values = new Float64Array();
    let done = 0;
    for await (const x of parts(rows, options)) {
      const { values: joint, classes } = await this.#joint(x);
      if (values.length === 0) values = new Float64Array(count * classes.length);
      values.set(logPosterior(joint, this.#logPriors(classes.length)), done * classes.length);
      done += x.shape[0] ?? 0;
      options.onProgress?.(done, count);
    }
    if (done === 0) throw new ConfigError('There are no rows to classify; at least one is needed.');
    return { values, classes: this.classes };
  }

  /** p(y | x), [N, classes]. @throws as predictLogProba */
  async predictProba(rows: Rows, options: PredictOptions = {}): Promise<ClassProbabilities> {
    return probabilitiesOf(this, rows, options);
  }

  /** The number of each row's most probable class. @throws as predictLogProba */
  async predict(rows: Rows, options: PredictOptions = {}): Promise<Int32Array> {
    return predictionsOf(this, rows, options);
  }

  /** How the answers compare with a data set's labels; classes that only the data has come last. @throws DatasetError without labels */
  async evaluate(data: Dataset): Promise<Confusion> {
    return confusionOf(this, data);
  }

  /** The share of a data set's rows that are given their own class. @throws DatasetError without labels */
  async accuracy(data: Dataset): Promise<number> {
    return (await this.evaluate(data)).accuracy;
  }

  /** Frees the devices of the models that the classifier made. What they learnt stays. */
  async dispose(): Promise<void> {
    for (const model of this.#own) await model.dispose();
  }

  async #joint(x: Samples): Promise<JointDensity> {
    const source = this.#source;
    if (hasJointDensity(source)) {
      const joint = await source.jointLogProb(x);
      this.#quantity = 'log-density';
      this.#classes = joint.classes;
      return joint;
    }
    if (this.#known === undefined) throw new NotFittedError(notFitted);
    const { classes, models, logPriors } = this.#known;
    const values = new Float64Array((x.shape[0] ?? 0) * classes.length).fill(Number.NEGATIVE_INFINITY);
    let quantity: Quantity | undefined;
    for (const [label, model] of models.entries()) {
      const logPrior = logPriors[label] ?? Number.NEGATIVE_INFINITY;
      if (model === undefined || logPrior === Number.NEGATIVE_INFINITY) continue;
      const scores = await scoreRows(model, x, this.#options);
      if (quantity !== undefined && quantity !== scores.quantity)
        throw new ConfigError(
          `The models of the classes give different quantities, ${quantity} and ${scores.quantity}, which cannot be compared. ` +
            'Use models of one kind for all classes.',
        );
      quantity = scores.quantity;
      for (const [row, value] of scores.values.entries()) values[row * classes.length + label] = value + logPrior;
    }
    this.#quantity = quantity;
    return { values, classes };
  }

  /** A joint model does not tell its priors; a row that is impossible under every class is then left undecided. */
  #logPriors(classes: number): Float64Array {
    return this.#known?.logPriors ?? new Float64Array(classes).fill(-Math.log(classes));
  }
}

/**
 * A classifier by Bayes' rule over any density, or bound on one.
 *
 * @throws ConfigError for priors that are no probabilities of the classes
 * @example
 * const classifier = bayesClassifier(() => gaussianMixture({ components: 10 }), { priors: 'empirical' });
 * await classifier.fit(await mnist());
 * const accuracy = await classifier.accuracy(await mnist({ split: 'test' }));
 * @example bayesClassifier({ setosa: fittedToSetosa, virginica: fittedToVirginica })
 */
export function bayesClassifier(models: ClassModels, options: BayesClassifierOptions = {}): BayesClassifier {
  return new BayesClassifier(models, options);
}

const notFitted = 'This classifier has not been fitted. Call fit(data) with labelled data first.';

function given(models: Readonly<Record<string, Scorer>>, priors: Priors): Known {
  const classes = Object.keys(models);
  if (classes.length < 2)
    throw new ConfigError(
      `Received fitted models of ${classes.length} classes; at least two are needed to tell them apart.`,
    );
  return { classes, models: Object.values(models), logPriors: classPriors(priors, classes, undefined).map(Math.log) };
}

async function fitClass(model: ScoringModel, rows: Dataset, name: string, options: FitOptions): Promise<FitReport> {
  try {
    return await model.fit(rows, options);
  } catch (error) {
    if (error instanceof VerisimError) error.message = `Class "${name}": ${error.message}`;
    throw error;
  }
}

/** What to hold each class's model to, by the number of the class. @throws DatasetError for a class that has rows, but none of these */
async function heldOutRows(
  { validation }: FitOptions,
  classes: readonly string[],
  counts: Int32Array,
): Promise<Pick<FitOptions, 'validation'>[]> {
  if (validation === undefined) return [];
  const { labels } = await labelsAmong(validation, classes);
  return classes.map((name, label) => {
    const rows = rowsOfClass(validation, labels, label);
    if (rows !== undefined) return { validation: rows };
    if (counts[label] === 0) return {};
    throw new DatasetError(
      `Class "${name}" has rows in the training data and none in the validation data "${validation.name}". ` +
        'Hold out rows of every class.',
    );
  });
}

function countsOf(labels: Int32Array, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

function warningsOf(
  classes: readonly string[],
  counts: Int32Array,
  reports: Readonly<Record<string, FitReport>>,
): string[] {
  const empty = classes.filter((_, label) => counts[label] === 0);
  return [
    ...empty.map((name) => `The data has no rows of class "${name}", so no row is ever called that. Add rows of it.`),
    ...Object.entries(reports).flatMap(([name, { warnings }]) => warnings.map((one) => `Class "${name}": ${one}`)),
  ];
}
