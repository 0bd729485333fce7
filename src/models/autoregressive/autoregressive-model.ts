// What autoregressive models share: a product of conditionals that is trained by maximum likelihood, scores rows exactly and draws them
// number by number.
//
//   log p(x) = sum_d log p(x_d | x_earlier)                      one view: one order, one set of masks
//   log p(x) = log mean_v exp log p_v(x)                         several views: whole rows are averaged, in probabilities
//   log p(x) = log sum_y p(y) p(x | y)                           with classes
//
// An average of logits, or of log-probabilities, would be no density: it does not add up to one.
import { type Dataset, exampleSize } from '../../data/dataset.js';
import type { ParameterSpecs } from '../../nn/layer.js';
import type { Tensors } from '../../nn/network.js';
import { freshSeed } from '../../runtime/random.js';
import { int64Scalar, type Value, type Values } from '../../runtime/runtime.js';
import {
  batch,
  batchInput,
  cast,
  input,
  mean,
  negative,
  type Program,
  reshape,
  sum,
  type Tensor,
} from '../../tensor/index.js';
import { averagePrefix, labelsInput, objectiveProgram, rowsInput } from '../../training/objective.js';
import type { Evaluation } from '../../training/program.js';
import { ClassPrior, classFrequencies, priorParameter } from '../class-conditional.js';
import type { Conditional, HasDensity, HasJointDensity, JointDensity, SampleOptions, Samples } from '../contract.js';
import { checkCount, type WeightShapes } from '../fitted-model.js';
import { NeuralModel, type TrainingDescription } from '../neural-model.js';
import { inRowBatches } from '../row-batches.js';
import { checkRows, keepInRange } from '../rows.js';
import { checkBinary, checkBinaryRows, survey } from '../survey.js';
import { logSumExp } from '../tools/posterior.js';
import { type AutoregressiveConfig, optimiserOf, remediesOf } from './autoregressive-options.js';
import { checkTraining, columnWarnings } from './data-checks.js';
import { drawRows } from './drawing.js';
import type { AutoregressiveNetwork } from './network.js';
import { wholeBlocks } from './row-blocks.js';
import { meanOfViews, viewAt, viewOfStep } from './views.js';

/** Rows scored at a time. */
const scoredRows = 500;
/** Views whose average chooses the best weights: enough to choose by, few enough to be quick. */
const judgedViews = 4;
const viewInput = 'view';
/** p(y) of each class. */
const priorName = 'classes/prior';

/** A model that multiplies conditionals. */
export abstract class AutoregressiveModel<Config extends AutoregressiveConfig>
  extends NeuralModel<Config>
  implements HasDensity, HasJointDensity, Conditional
{
  override readonly defaultBatchSize = 100;
  /** Whether rows have to consist of zeros and ones. */
  protected abstract readonly isBinary: boolean;

  /** The network for rows of a number of numbers, and of a number of classes; 0 for none. */
  abstract networkFor(size: number, classes: number): AutoregressiveNetwork;

  /** The names of the classes, none where it was fitted without. @throws NotFittedError before fit */
  get labels(): readonly string[] {
    return this.#classesOf(this.fitted().classes);
  }

  /**
   * The log-density of each row, in nats: with classes of all together, with several orders or masks of their mean.
   *
   * @throws NotFittedError before fit, ShapeError, ConfigError for rows that it cannot be about
   */
  async logProb(x: Samples): Promise<Float64Array> {
    const { values, classes } = await this.#joint(x);
    return Float64Array.from({ length: values.length / classes }, (_, row) =>
      logSumExp(values.subarray(row * classes, (row + 1) * classes)),
    );
  }

  /**
   * log p(x, y) of each row and class, in nats.
   *
   * @throws ConfigError where it was fitted without classes, NotFittedError, ShapeError
   */
  async jointLogProb(x: Samples): Promise<JointDensity> {
    const { labels } = this;
    this.#prior().checkClasses('it knows no classes');
    const { values } = await this.#joint(x);
    return { values, classes: labels };
  }

  /**
   * Draws rows number by number: the same seed gives the same rows, however many are drawn. Pixels are kept in [0, 1].
   *
   * @throws UnknownNameError, ConfigError for a class that it does not know, NotFittedError before fit
   */
  async sample(count: number, { seed = freshSeed(), given }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape } = this.fitted();
    const { labels: classes } = this;
    const prior = this.#prior();
    const label = prior.numberOf(given);
    const size = exampleSize(exampleShape);
    const network = this.networkFor(size, classes.length);
    const weights = this.#arrays(network.parameters);
    const { frequencies: priors } = prior;
    const { data, labels } = await drawRows({ network, weights, count, size, seed, priors, label });
    return {
      data: keepInRange(data, exampleShape),
      shape: [count, ...exampleShape],
      ...(classes.length === 0 ? {} : { labels }),
    };
  }

  /** The program rows -> log-density under one view and class, for running and for explaining. @throws NotFittedError before fit */
  scoringProgram(): Program {
    const { exampleShape } = this.fitted();
    const { labels: classes } = this;
    const network = this.networkFor(exampleSize(exampleShape), classes.length);
    const x = batchInput(rowsInput, exampleShape);
    const conditionals = network.conditionals(this.#flat(x, exampleShape), this.#inputs(network.parameters), {
      view: network.views === 1 ? viewAt(0) : input(viewInput, [], 'int64'),
      labels: classes.length === 0 ? undefined : input(labelsInput, [batch], 'int64'),
    });
    // Hundreds of numbers are added up: in float64 nothing is lost.
    return { name: `${this.kind}-score`, results: { logProb: sum(cast(conditionals, 'float64'), { axes: 1 }) } };
  }

  protected override async describeTraining(
    data: Dataset,
    batchSize: number,
    seed: number,
  ): Promise<TrainingDescription> {
    const { conditional, ema } = this.config;
    const { exampleShape } = data;
    checkTraining(this.kind, data, conditional, batchSize);
    const found = await survey(this.kind, data);
    if (this.isBinary) checkBinary(this.kind, data.name, found);
    const classes = this.#classesOf(data.classes ?? []);
    const network = this.networkFor(exampleSize(exampleShape), classes.length);
    const parameters: ParameterSpecs = { ...network.parameters, ...this.#priorParameter(classes.length) };
    const initial: Record<string, Value> = { ...network.initial(found, data.length) };
    if (classes.length > 0) initial[priorName] = await classFrequencies(this.kind, data);
    const program = objectiveProgram(
      {
        name: this.kind,
        parameters,
        exampleShape,
        wantsLabels: classes.length > 0,
        optimiser: optimiserOf(this.config),
        ema,
        initial,
        evaluation: this.#evaluation(network, exampleShape, classes.length),
        remedies: remediesOf(this.config),
        loss: ({ rows, labels, weights, step }) => {
          const conditionals = network.conditionals(this.#flat(rows, exampleShape), weights, {
            view: viewOfStep(step, network.views),
            labels,
          });
          const loss = negative(mean(sum(conditionals, { axes: 1 })));
          return { loss, metrics: { loss } };
        },
      },
      batchSize,
      seed,
    );
    return { program, warnings: () => (this.isBinary ? [] : columnWarnings(this.kind, found)) };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    const count = this.#classesOf(classes).length;
    const { parameters } = this.networkFor(exampleSize(exampleShape), count);
    return Object.fromEntries(
      Object.entries({ ...parameters, ...this.#priorParameter(count) }).map(([name, { shape }]) => [
        this.#weightName(name),
        shape,
      ]),
    );
  }

  /** log p(x, y), or of a model without classes log p(x) as that of a single one. */
  async #joint(x: Samples): Promise<{ readonly values: Float64Array; readonly classes: number }> {
    const { exampleShape } = this.fitted();
    const { labels } = this;
    const rows = checkRows(this.kind, x, exampleShape);
    if (this.isBinary) checkBinaryRows(this.kind, x.data, x.shape.slice(1));
    const { views } = this.networkFor(exampleSize(exampleShape), labels.length);
    const logPrior = (labels.length === 0 ? Float64Array.of(1) : this.#prior().frequencies).map(Math.log);
    const values = new Float64Array(rows * logPrior.length);
    const feed = wholeBlocks(x, exampleSize(exampleShape));
    const fed = feed.shape[0] ?? rows;
    for (const [label, prior] of logPrior.entries()) {
      const feeds: Record<string, Value> = { [rowsInput]: feed };
      if (labels.length > 0)
        feeds[labelsInput] = { dtype: 'int64', shape: [fed], data: new BigInt64Array(fed).fill(BigInt(label)) };
      const ofViews: Float64Array[] = [];
      for (let view = 0; view < views; view++) ofViews.push(await this.#underView(feeds, view, views));
      for (let row = 0; row < rows; row++)
        values[row * logPrior.length + label] =
          prior + logSumExp(Float64Array.from(ofViews, (all) => all[row] ?? 0)) - Math.log(views);
    }
    return { values, classes: logPrior.length };
  }

  async #underView(feeds: Values, view: number, views: number): Promise<Float64Array> {
    const choice: Values = views === 1 ? {} : { [viewInput]: int64Scalar(view) };
    const { logProb } = await inRowBatches(
      // A later fit may be to other classes.
      (part) => this.run(`score ${this.labels.length}`, () => this.scoringProgram(), { ...part, ...choice }),
      feeds,
      scoredRows,
    );
    return logProb?.data instanceof Float64Array ? logProb.data : new Float64Array();
  }

  /** Held-out rows by the mean over a few views, as the fitted model takes it over all. */
  #evaluation(network: AutoregressiveNetwork, exampleShape: readonly number[], classes: number): Evaluation {
    const views = Math.min(network.views, judgedViews);
    const weights = this.#inputs(network.parameters);
    const x = this.#flat(batchInput(rowsInput, exampleShape), exampleShape);
    const labels = classes === 0 ? undefined : input(labelsInput, [batch], 'int64');
    const logProb = meanOfViews(network, x, { weights, labels, views });
    return {
      program: { name: `${this.kind}-evaluation`, results: { loss: negative(logProb) } },
      noise: [],
      batchSize: scoredRows,
      weights: Object.keys({ ...network.parameters, ...this.#priorParameter(classes) }).map((name) =>
        this.#weightName(name),
      ),
    };
  }

  /** The parameters' values under their own names. */
  #arrays(parameters: ParameterSpecs): Record<string, Float32Array> {
    const { weights } = this.fitted();
    return Object.fromEntries(
      Object.keys(parameters).flatMap((name) => {
        const data = weights[this.#weightName(name)]?.data;
        return data instanceof Float32Array ? [[name, data] as const] : [];
      }),
    );
  }

  #inputs(parameters: ParameterSpecs): Tensors {
    return Object.fromEntries(
      Object.entries(parameters).map(([name, { shape }]) => [name, input(this.#weightName(name), shape)]),
    );
  }

  #prior(): ClassPrior {
    return new ClassPrior(this.kind, this.labels, this.fitted().weights[this.#weightName(priorName)]);
  }

  #priorParameter(classes: number): ParameterSpecs {
    return classes === 0 ? {} : { [priorName]: priorParameter(classes) };
  }

  #weightName(name: string): string {
    return this.config.ema === 0 ? name : `${averagePrefix}/${name}`;
  }

  #classesOf(classes: readonly string[]): readonly string[] {
    return this.config.conditional ? classes : [];
  }

  #flat(x: Tensor, exampleShape: readonly number[]): Tensor {
    return reshape(x, [-1, exampleSize(exampleShape)]);
  }
}
