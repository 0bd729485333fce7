// A Gaussian of independent dimensions, for tests of tools: small enough that every number can be worked out by hand.
import { exampleSize, gatherAll } from '../../../data/dataset.js';
import type { Dataset } from '../../../data/index.js';
import { freshSeed, random } from '../../../runtime/random.js';
import type {
  Bound,
  FitOptions,
  FitReport,
  HasBound,
  HasDensity,
  HasLatent,
  SampleOptions,
  Samples,
} from '../../contract.js';
import { FittedModel, type WeightShapes } from '../../fitted-model.js';

/** Options of the test's Gaussians. */
export interface ExactGaussianConfig {
  /** Added to every variance. */
  readonly floor: number;
  /** What the fit pretends to need. */
  readonly iterations: number;
}

abstract class GaussianBase extends FittedModel<ExactGaussianConfig> {
  /** Whether the device is in use: fitting and scoring open it, dispose closes it. */
  isOpen = false;

  constructor(config: Partial<ExactGaussianConfig> = {}) {
    super(Object.freeze({ floor: 0, iterations: 1, ...config }));
  }

  /** The mean of each dimension. */
  get means(): Float64Array {
    return this.#weight('means');
  }

  /** The variance of each dimension, with the floor. */
  get variances(): Float64Array {
    return this.#weight('variances');
  }

  protected override async learn(data: Dataset, { observer, signal }: FitOptions): Promise<FitReport> {
    this.isOpen = true;
    const { x } = await gatherAll(data);
    const size = exampleSize(data.exampleShape);
    const means = new Float64Array(size);
    const variances = new Float64Array(size).fill(this.config.floor);
    for (const [i, value] of x.entries()) means[i % size] = (means[i % size] ?? 0) + value / data.length;
    for (const [i, value] of x.entries())
      variances[i % size] = (variances[i % size] ?? 0) + (value - (means[i % size] ?? 0)) ** 2 / data.length;
    const vector = (values: Float64Array) => ({ dtype: 'float64' as const, shape: [size], data: values });
    await this.keep({
      exampleShape: data.exampleShape,
      classes: [],
      weights: { means: vector(means), variances: vector(variances) },
    });
    const history = [];
    const { iterations } = this.config;
    for (let step = 1; step <= iterations && signal?.aborted !== true; step++) {
      const row = { step, epoch: step, metrics: { lowerBound: -1 / step } };
      history.push(row);
      observer?.onProgress?.({ ...row, steps: 100, epochs: 100, stepsPerSecond: 10, secondsLeft: (100 - step) / 10 });
      await observer?.onMetrics?.(row);
    }
    const isAborted = history.length < iterations;
    const warnings = variances.some((variance) => variance === 0) ? ['A dimension is constant; set a floor.'] : [];
    return {
      converged: !isAborted,
      iterations: history.length,
      stoppedBecause: isAborted ? 'aborted' : 'finished',
      warnings,
      history,
    };
  }

  protected override weightShapes(exampleShape: readonly number[]): WeightShapes {
    const size = exampleSize(exampleShape);
    return { means: [size], variances: [size] };
  }

  async sample(count: number, { seed = freshSeed() }: SampleOptions = {}): Promise<Samples> {
    const { means, variances } = this;
    const data = random(seed)
      .normal(count * means.length)
      .map((value, i) => (means[i % means.length] ?? 0) + value * Math.sqrt(variances[i % means.length] ?? 0));
    return { data, shape: [count, ...this.fitted().exampleShape] };
  }

  override async dispose(): Promise<void> {
    this.isOpen = false;
    await super.dispose();
  }

  /** log N(x; means, variances) of each row. */
  protected logDensities({ data, shape }: Samples): Float64Array {
    this.isOpen = true;
    const { means, variances } = this;
    return Float64Array.from({ length: shape[0] ?? 0 }, (_, row) =>
      means.reduce((sum, mean, i) => {
        const variance = variances[i] ?? 0;
        const distance = (data[row * means.length + i] ?? Number.NaN) - mean;
        return sum - 0.5 * (Math.log(2 * Math.PI * variance) + distance ** 2 / variance);
      }, 0),
    );
  }

  #weight(name: string): Float64Array {
    const data = this.fitted().weights[name]?.data;
    if (data instanceof Float64Array) return data;
    throw new Error(`no ${name}`);
  }
}

/** A Gaussian with its density; the first dimension, standardised, is its latent code. */
export class ExactGaussian extends GaussianBase implements HasDensity, HasLatent {
  readonly kind = 'exact-gaussian';

  async logProb(x: Samples): Promise<Float64Array> {
    return this.logDensities(x);
  }

  /** -2 log L + 2 d log N: a mean and a variance for each dimension. */
  async bic(x: Samples): Promise<number> {
    const sum = this.logDensities(x).reduce((a, b) => a + b, 0);
    return -2 * sum + 2 * this.means.length * Math.log(x.shape[0] ?? 0);
  }

  async encode({ data, shape: [count = 0] }: Samples): Promise<Samples> {
    const { means, variances } = this;
    const codes = Float32Array.from({ length: count }, (_, row) => {
      return ((data[row * means.length] ?? 0) - (means[0] ?? 0)) / Math.sqrt(variances[0] ?? 1);
    });
    return { data: codes, shape: [count, 1] };
  }

  /** The mean in all dimensions but the first. */
  async decode({ data, shape: [count = 0] }: Samples): Promise<Samples> {
    const { means, variances } = this;
    const rows = Float32Array.from({ length: count * means.length }, (_, i) => {
      const [row, dimension] = [Math.floor(i / means.length), i % means.length];
      return (means[dimension] ?? 0) + (dimension === 0 ? (data[row] ?? 0) * Math.sqrt(variances[0] ?? 1) : 0);
    });
    return { data: rows, shape: [count, ...this.fitted().exampleShape] };
  }

  async reconstruct(x: Samples): Promise<Samples> {
    return this.decode(await this.encode(x));
  }

  async interpolate(a: Samples, b: Samples, steps: number): Promise<Samples> {
    const [from, to] = [await this.encode(a), await this.encode(b)];
    const count = a.shape[0] ?? 0;
    const data = Float32Array.from({ length: count * steps }, (_, i) => {
      const [row, share] = [Math.floor(i / steps), (i % steps) / (steps - 1)];
      return (from.data[row] ?? 0) * (1 - share) + (to.data[row] ?? 0) * share;
    });
    return this.decode({ data, shape: [count * steps, 1] });
  }
}

/** A Gaussian that tells only a bound, half a nat below its log-density. */
export class BoundedGaussian extends GaussianBase implements HasBound {
  readonly kind = 'bounded-gaussian';
  /** The seeds it was asked with. */
  readonly seeds: (number | undefined)[] = [];

  async logProbBound(x: Samples, { seed }: { readonly samples?: number; readonly seed?: number } = {}): Promise<Bound> {
    this.seeds.push(seed);
    return { values: this.logDensities(x).map((value) => value - 0.5), kind: 'elbo' };
  }
}
