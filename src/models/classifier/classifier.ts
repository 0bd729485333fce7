// The classifier: a network that learns p(y | x) alone, with nothing said about where rows come from. It is the yardstick of generative
// models: what their classification by Bayes' rule is compared with, and whose view of samples tells whether they look like their class.
//
//   p(y | x) = softmax(W hidden(x) + b)_y,   minimising -E log p(y | x)
//
// Dense layers (Rumelhart, Hinton and Williams 1986) for rows of any shape, convolutions (LeCun et al. 1998) for images; batch normalisation
// (Ioffe and Szegedy 2015) and one rise and fall of the step size (Smith and Topin 2018) make few epochs enough.
import { ConfigError, DatasetError } from '../../core/errors.js';
import type { Dataset } from '../../data/dataset.js';
import type { Confusion } from '../../metrics/confusion.js';
import { float32 } from '../../runtime/runtime.js';
import { objectiveProgram } from '../../training/objective.js';
import { floatsOf } from '../autoencoder/numbers.js';
import type {
  ClassLogProbabilities,
  ClassProbabilities,
  FitOptions,
  FitReport,
  HasPosterior,
  PredictOptions,
  Samples,
} from '../contract.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import type { WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription, type TrainingLength } from '../neural-model.js';
import { checkRows } from '../rows.js';
import { survey } from '../survey.js';
import { confusionOf, predictionsOf, probabilitiesOf } from '../tools/class-answers.js';
import { logPosterior } from '../tools/posterior.js';
import { parts, type Rows, rowCount } from '../tools/rows.js';
import { ClassifierNetwork, inputScale } from './classifier-network.js';
import { classifierBatch, classifierObjective, predictionProgram, weightNames } from './classifier-objective.js';
import { type ClassifierConfig, type ClassifierOptions, classifierSchema } from './classifier-options.js';
import { checkValidation, labelledRows } from './labelled-rows.js';

/** Rows as a classifier sees them. */
export interface SeenRows {
  /** The last hidden layer, [N, width]. */
  readonly features: Samples;
  readonly probabilities: ClassProbabilities;
}

/** A classifier of images, tables and points. */
export class Classifier extends NeuralModel<ClassifierConfig> implements HasPosterior {
  readonly kind = 'classifier';
  override readonly defaultBatchSize = 128;

  /** The shape of the rows that it takes. @throws NotFittedError before fit */
  get exampleShape(): readonly number[] {
    return this.fitted().exampleShape;
  }

  get classes(): readonly string[] {
    return this.fitted().classes;
  }

  /** Numbers in a row of {@link features}. @throws NotFittedError before fit */
  get featureWidth(): number {
    const { exampleShape, classes } = this.fitted();
    return new ClassifierNetwork(this.config, exampleShape, classes.length).width;
  }

  /** The last hidden layer of rows [N, ...] and the probabilities of their classes, in one pass. @throws NotFittedError, ShapeError, ConfigError */
  async features(x: Samples): Promise<SeenRows> {
    const { features, logits } = await this.#see(x);
    const count = x.shape[0] ?? 0;
    const { values, classes } = this.#logProbabilities(logits);
    return {
      features: { data: features, shape: [count, features.length / count] },
      probabilities: { values: values.map(Math.exp), classes },
    };
  }

  /** log p(y | x), [N, classes]. @throws NotFittedError before fit, ShapeError for rows of another shape, ConfigError for none */
  async predictLogProba(rows: Rows, options: PredictOptions = {}): Promise<ClassLogProbabilities> {
    const { classes } = this;
    const count = rowCount(rows);
    const values = new Float64Array(count * classes.length);
    let done = 0;
    for await (const x of parts(rows, options)) {
      const { logits } = await this.#see(x);
      values.set(this.#logProbabilities(logits).values, done * classes.length);
      done += x.shape[0] ?? 0;
      options.onProgress?.(done, count);
    }
    if (done === 0) throw new ConfigError('There are no rows to classify; at least one is needed.');
    return { values, classes };
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

  protected override async learn(data: Dataset, options: FitOptions = {}): Promise<FitReport> {
    const labelled = await labelledRows(this.kind, data);
    if (options.validation !== undefined) await checkValidation(this.kind, options.validation, labelled.classes ?? []);
    return super.learn(labelled, options);
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
    { epochs = 1, steps }: TrainingLength,
  ): Promise<TrainingDescription> {
    if (this.config.batchNorm && batchSize < 2)
      throw new ConfigError(
        `${this.kind}: the batch size is ${batchSize}, but batch normalisation compares rows of a batch. Use at least 2, or set batchNorm to false.`,
      );
    const { exampleShape, classes = [] } = data;
    const stepsPerEpoch = Math.max(1, Math.floor(data.length / batchSize));
    const total = Math.max(1, steps ?? Math.round(epochs * stepsPerEpoch));
    const objective = classifierObjective(this.config, { exampleShape, classes: classes.length }, total);
    const initial = inputScale(exampleShape, await survey(this.kind, data));
    return { program: objectiveProgram({ ...objective, initial }, batchSize, seed) };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    if (classes.length < 2)
      throw new DatasetError(`${this.kind}: ${classes.length} classes were given; at least two are told apart.`);
    const network = new ClassifierNetwork(this.config, exampleShape, classes.length);
    const names = weightNames(this.config, network);
    return Object.fromEntries(
      Object.entries(network.parameters).map(([name, { shape }], index) => [names[index] ?? name, shape]),
    );
  }

  /** The features [N, width] and logits [N, classes] of rows. */
  async #see(x: Samples): Promise<{ features: Float32Array; logits: Float32Array }> {
    const { exampleShape, classes } = this.fitted();
    checkRows(this.kind, x, exampleShape);
    const program = () => predictionProgram(this.config, { exampleShape, classes: classes.length });
    const { features, logits } = await this.runRows(
      `predict ${classes.length}`,
      program,
      { x: float32(x.data, x.shape) },
      classifierBatch,
    );
    return { features: floatsOf(features), logits: floatsOf(logits) };
  }

  #logProbabilities(logits: Float32Array): ClassLogProbabilities {
    const { classes } = this;
    const uniform = new Float64Array(classes.length).fill(-Math.log(classes.length));
    return { values: logPosterior(Float64Array.from(logits), uniform), classes };
  }
}

/** The entry of the table of models. */
export const classifierDefinition: ModelDefinition = {
  kind: 'classifier',
  family: 'classifier',
  description:
    'Discriminative baseline: dense or convolutional network with softmax; it knows p(y | x) alone and draws no rows.',
  strengths: 'Tells classes apart better than any generative model here, so others are measured by it.',
  weaknesses: 'Knows nothing but the border between classes: it draws no rows, and finds no row strange.',
  paper: 'LeCun et al. 1998, Gradient-Based Learning Applied to Document Recognition',
  schema: classifierSchema,
  charts: [
    { label: 'cross-entropy (nats)', metrics: ['loss', 'validationLoss'] },
    { label: 'accuracy', metrics: ['accuracy'] },
  ],
  create: (options = {}) => new Classifier(parseOptions('classifier', classifierSchema, options)),
  restore: (saved) => new Classifier(parseOptions('classifier', classifierSchema, saved.config)).adopt(saved),
};

/**
 * A classifier: a network with softmax.
 *
 * @throws ConfigError for options that are unknown or not allowed
 * @example
 * const model = classifier({ network: 'convolutional' });
 * await model.fit(await mnist(), { epochs: 3, seed: 0 });
 * const accuracy = await model.accuracy(await mnist({ split: 'test' }));
 */
export function classifier(options: ClassifierOptions = {}): Classifier {
  return new Classifier(parseOptions('classifier', classifierSchema, options));
}
