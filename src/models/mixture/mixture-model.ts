// What Gaussian and Bernoulli mixtures have in common as models: first a component is drawn, z ~ Categorical(w), then a row, x ~ p(x | z).
//
//   log p(x) = log sum_k w_k p(x | k)
import { ConfigError, NotFittedError, ShapeError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, exampleSize, isImageShape } from '../../data/dataset.js';
import { freshSeed, random } from '../../runtime/random.js';
import type { Value } from '../../runtime/runtime.js';
import { inputsOf } from '../../tensor/program.js';
import type { FitOptions, FitReport, HasDensity, HasPortraits, Portrait, SampleOptions, Samples } from '../contract.js';
import { checkCount, type Fitted, FittedModel, type WeightShapes } from '../fitted-model.js';
import { componentMeansPortrait } from '../pictures/portrait.js';
import { byClass, classNames } from './by-class.js';
import { at, type Emission } from './emission.js';
import type { EmRun } from './expectation-maximisation.js';
import { FitProgress } from './fit-progress.js';
import { fitMixture, mixtureWarnings } from './mixture-fit.js';
import type { MixtureOptions } from './mixture-options.js';
import { type Mixture, mixtureFeeds } from './mixture-values.js';
import { centreOf, packMixtures } from './packing.js';
import {
  evidence,
  feedPrefix,
  logSumExp,
  mostProbable,
  type Probabilities,
  posterior,
  scoreProgram,
} from './scoring.js';

/** Numbers in the rows that are scored together. */
const scoredValues = 2 ** 18;

/** A mixture, or one mixture per class. */
export abstract class MixtureModel<Config extends MixtureOptions>
  extends FittedModel<Config>
  implements HasDensity, HasPortraits
{
  #runs: readonly EmRun[] = [];

  /** The density of the components for rows of a number of features. */
  protected abstract emission(features: number): Emission;

  /** Whether the last fit met the tolerance; undefined before a fit, and for a model that was loaded. */
  get converged(): boolean | undefined {
    return this.#runs.length === 0 ? undefined : this.#runs.every((run) => run.converged);
  }

  /** The bound of every iteration of the best start, in nats per row; of several classes one after the other. Empty where loaded. */
  get lowerBounds(): readonly number[] {
    return this.#runs.flatMap((run) => run.lowerBounds);
  }

  /** The weights of the components, [components]; with perClass [classes, components]. @throws NotFittedError */
  get weights(): Value {
    return this.weight('weights');
  }

  /** The means, [components, ...row]; with perClass [classes, components, ...row]. Of images they are images. @throws NotFittedError */
  get means(): Value {
    return this.weight('means');
  }

  /** The log-density of each row, in nats; with perClass under all classes together. @throws ShapeError, NotFittedError */
  async logProb(x: Samples): Promise<Float64Array> {
    return evidence(await this.joint(x));
  }

  /** The probability of each component given the row; with perClass of each class. @throws ShapeError, NotFittedError */
  async predictProba(x: Samples): Promise<Probabilities> {
    return posterior(await this.joint(x));
  }

  /** The most probable component of each row; with perClass its class. @throws ShapeError, NotFittedError */
  async predict(x: Samples): Promise<Int32Array> {
    return mostProbable(await this.joint(x));
  }

  /** Akaike's information criterion of rows, -2 log L + 2 p: the lower, the better. */
  async aic(x: Samples): Promise<number> {
    return -2 * (await this.#logLikelihood(x)) + 2 * this.#freeParameters();
  }

  /** The Bayesian information criterion of rows, -2 log L + p log n: the lower, the better. */
  async bic(x: Samples): Promise<number> {
    return -2 * (await this.#logLikelihood(x)) + this.#freeParameters() * Math.log(x.shape[0] ?? 0);
  }

  /** Draws rows; their labels are the components they come from, with perClass the classes. Pixels are clipped to [0, 1]. */
  async sample(count: number, { seed = freshSeed(), given: wanted }: SampleOptions = {}): Promise<Samples> {
    checkCount(count);
    const { exampleShape, classes } = this.fitted();
    const only = wanted === undefined ? undefined : this.#classNumber(wanted.label);
    const features = exampleSize(exampleShape);
    const isImage = isImageShape(exampleShape);
    const emission = this.emission(features);
    const mixtures = this.#mixtures();
    const samplers = mixtures.map(({ parameters }) => emission.sampler(parameters));
    const priors = this.#priors();
    const data = new Float32Array(count * features);
    const labels = new Int32Array(count);
    for (let row = 0; row < count; row++) {
      // Every row has its own stream, so that it does not depend on how many are drawn.
      const stream = random(seed).split('sample').split(row);
      const group = only ?? draw(priors, stream.next());
      const component = draw(mixtures[group]?.weights ?? priors, stream.next());
      const values = samplers[group]?.(component, stream) ?? new Float64Array(features);
      data.set(isImage ? values.map((value) => Math.min(Math.max(value, 0), 1)) : values, row * features);
      labels[row] = classes.length > 0 ? group : component;
    }
    return { data, shape: [count, ...exampleShape], labels };
  }

  /** Of images, the means of the components, the heaviest first; with perClass a row for each class. @throws NotFittedError */
  async portraits(): Promise<readonly Portrait[]> {
    const { exampleShape, classes } = this.fitted();
    return componentMeansPortrait(this.means.data, this.weights.data, exampleShape, classes);
  }

  protected override async learn(data: Dataset, options: FitOptions): Promise<FitReport> {
    const { perClass, restarts, maxIterations } = this.config;
    const { seed = 0, signal, observer } = options;
    const stream = random(seed).split(this.kind);
    const classes = perClass ? classNames(data) : [];
    const groups = perClass ? byClass(data, classes, this.config.components) : [data];
    const warm = this.#warmStarts(data, classes);
    const emission = this.emission(exampleSize(data.exampleShape));
    const runtime = await this.device.open(present({ device: options.device, threads: options.threads }));
    const progress = new FitProgress(observer, groups.length * (warm === undefined ? restarts : 1) * maxIterations);
    await progress.start(data.length);
    const runs: EmRun[] = [];
    const warnings: string[] = [];
    for (const [index, rows] of groups.entries()) {
      const run = await fitMixture({
        runtime,
        data: rows,
        emission,
        options: this.config,
        stream: perClass ? stream.split(index) : stream,
        warm: warm?.[index],
        signal,
        tell: (bound, restart) =>
          progress.tell({
            'lower bound': bound,
            ...(restarts > 1 ? { restart } : {}),
            ...(perClass ? { class: index } : {}),
          }),
      });
      runs.push(run);
      warnings.push(...mixtureWarnings(run, rows.length, emission, perClass ? ` of class "${classes[index]}"` : ''));
    }
    await this.keep({
      exampleShape: data.exampleShape,
      classes,
      weights: packMixtures(runs, groups, this.weightShapes(data.exampleShape, classes)),
    });
    this.#runs = runs;
    const converged = runs.every((run) => run.converged);
    const aborted = runs.some((run) => run.aborted);
    return {
      converged,
      iterations: progress.history.length,
      stoppedBecause: aborted ? 'aborted' : 'finished',
      warnings,
      history: progress.history,
    };
  }

  protected override weightShapes(exampleShape: readonly number[], classes: readonly string[]): WeightShapes {
    const { components, perClass } = this.config;
    const leading = perClass ? [classes.length] : [];
    const { shapes } = this.emission(exampleSize(exampleShape));
    return {
      ...(perClass ? { priors: [classes.length] } : {}),
      weights: [...leading, components],
      ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, [...leading, ...shape]])),
      means: [...leading, components, ...exampleShape],
    };
  }

  /** One of the learnt arrays. @throws NotFittedError */
  protected weight(name: string): Value {
    const value = this.fitted().weights[name];
    if (value === undefined) throw new ConfigError(`This ${this.kind} has no ${name}.`);
    return value;
  }

  /** log p(x, class) of each row, [rows, classes]; without perClass log p(x, component). */
  protected async joint(x: Samples): Promise<Probabilities> {
    const { exampleShape, classes } = this.fitted();
    const features = exampleSize(exampleShape);
    const [rows = 0] = x.shape;
    if (x.shape.length < 2 || x.data.length !== rows * features || exampleSize(x.shape.slice(1)) !== features)
      throw new ShapeError(
        `Rows of shape [${x.shape.slice(1).join(', ')}] (${x.data.length} numbers, ${rows} rows) were given to a ${this.kind} ` +
          `that was fitted to rows of shape [${exampleShape.join(', ')}].`,
      );
    const emission = this.emission(features);
    const { components } = this.config;
    const mixtures = this.#mixtures();
    const shift = centreOf(mixtures, this.#priors(), features);
    const columns = classes.length > 0 ? classes.length : components;
    const values = new Float64Array(rows * columns);
    const chunk = Math.max(1, Math.floor(scoredValues / features));
    const program = scoreProgram(emission, features, components);
    const inputs = inputsOf(Object.values(program.results));
    for (const [group, mixture] of mixtures.entries()) {
      // Not every emission looks at all feeds.
      const feeds = Object.fromEntries(
        Object.entries(
          mixtureFeeds(emission, mixture.weights, shift, emission.feeds(mixture.parameters, shift)),
        ).flatMap(([name, value]) => (inputs.has(feedPrefix + name) ? [[feedPrefix + name, value] as const] : [])),
      );
      const logPrior = Math.log(at(this.#priors(), group));
      for (let first = 0; first < rows; first += chunk) {
        const count = Math.min(chunk, rows - first);
        const part = x.data.subarray(first * features, (first + count) * features);
        const { joint } = await this.run('score', () => program, {
          ...feeds,
          x: { dtype: 'float32', shape: [count, features], data: part },
        });
        const densities = joint?.data instanceof Float64Array ? joint.data : new Float64Array();
        if (classes.length === 0) values.set(densities, first * columns);
        else
          for (let row = 0; row < count; row++)
            values[(first + row) * columns + group] =
              logPrior + logSumExp(densities.subarray(row * components, (row + 1) * components));
      }
    }
    return { values, columns };
  }

  /** The mixtures that were learnt, one per class or one. */
  #mixtures(): Mixture[] {
    const { exampleShape, classes } = this.fitted();
    const { shapes } = this.emission(exampleSize(exampleShape));
    const groups = Math.max(classes.length, 1);
    const partOf = (name: string, group: number): Float64Array => {
      const { data } = this.weight(name);
      if (!(data instanceof Float64Array)) throw new ConfigError(`The ${name} of this ${this.kind} are not float64.`);
      const size = data.length / groups;
      return data.subarray(group * size, (group + 1) * size);
    };
    return Array.from({ length: groups }, (_, group) => ({
      weights: partOf('weights', group),
      parameters: Object.fromEntries(Object.keys(shapes).map((name) => [name, partOf(name, group)])),
    }));
  }

  #priors(): Float64Array {
    const priors = this.config.perClass ? this.weight('priors').data : Float64Array.of(1);
    return priors instanceof Float64Array ? priors : Float64Array.of(1);
  }

  /** Where a warm start goes on from. @throws ShapeError, ConfigError for data that is not like the first fit's */
  #warmStarts(data: Dataset, classes: readonly string[]): readonly Mixture[] | undefined {
    const before = this.config.warmStart ? this.#learnt() : undefined;
    if (before === undefined) return undefined;
    const { exampleShape, classes: known } = before;
    if (exampleShape.join() !== data.exampleShape.join() || known.join() !== classes.join())
      throw new ShapeError(
        `With warmStart, the data has to be like that of the first fit: rows of shape [${exampleShape.join(', ')}] ` +
          `${known.length > 0 ? `and the classes ${known.join(', ')}` : ''}; "${data.name}" has [${data.exampleShape.join(', ')}].`,
      );
    return this.#mixtures();
  }

  /** What was learnt before, if anything. */
  #learnt(): Fitted | undefined {
    try {
      return this.fitted();
    } catch (error) {
      if (error instanceof NotFittedError) return undefined;
      throw error;
    }
  }

  #classNumber(label: string): number {
    const { classes } = this.fitted();
    const index = classes.indexOf(label);
    if (index < 0)
      throw new ConfigError(
        `Rows of "${label}" were asked for; ${classes.length > 0 ? `the classes are ${classes.join(', ')}` : `this ${this.kind} was fitted without perClass: true, and has none`}.`,
      );
    return index;
  }

  async #logLikelihood(x: Samples): Promise<number> {
    return (await this.logProb(x)).reduce((a, b) => a + b, 0);
  }

  #freeParameters(): number {
    const { exampleShape, classes } = this.fitted();
    const each = this.emission(exampleSize(exampleShape)).freeParameters + this.config.components - 1;
    return Math.max(classes.length, 1) * (each + 1) - 1;
  }
}

/** A place among weights that add up to one. */
function draw(weights: Float64Array, uniform: number): number {
  let left = uniform;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.findLastIndex((weight) => weight > 0);
}
