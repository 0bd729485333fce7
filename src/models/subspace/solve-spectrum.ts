// Which way to the principal components suits the data.
import { ConfigError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import type { Runtime } from '../../runtime/runtime.js';
import { byteRowsFor, summarizeByteScatter } from './byte-scatter.js';
import { noiseOf } from './pca-weights.js';
import { randomisedSpectrum } from './randomised-spectrum.js';
import { type ScatterSummary, summarizeScatter } from './scatter.js';
import {
  type ComponentCount,
  checkComponents,
  type Spectrum,
  spectrumOfFewRows,
  spectrumOfScatter,
} from './spectrum.js';

/** What decides, with the options of the randomised solver. */
export interface SolverOptions {
  readonly components: ComponentCount;
  readonly solver: 'auto' | 'exact' | 'randomised';
  readonly precision: 'auto' | 'float64';
  readonly oversamples: number;
  readonly powerIterations: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** The longest side of a matrix that the exact solver decomposes: its square takes 0.5 GB. */
const mostExact = 8192;
/** Up to this size `auto` is exact. */
const mostAutomatic = 4096;
/** Columns up to which a covariance is decomposed even where there are fewer rows. */
const alwaysCovariance = 512;
/** Multiplications of a covariance from which on float32 saves time that can be noticed. */
const leastRounded = 2 ** 32;
/** A variance whose squared deviations float32 holds with all digits. */
const leastVariance = 1e-25;
/** The last variance as a share of the first, and what is left out as a share of all, from which on float32 gives them 5 digits or more. */
const leastShare = { variance: 1e-3, noise: 1e-2 } as const;

/** The leading components of data. @throws ConfigError, DatasetError; the signal's reason where it is aborted */
export async function solveSpectrum(runtime: Runtime, data: Dataset, options: SolverOptions): Promise<Spectrum> {
  const { components, solver, precision, signal, ...projection } = options;
  const features = exampleSize(data.exampleShape);
  const side = Math.min(features, data.length);
  const { number } = checkComponents(components, data.length, features);
  if (solver === 'randomised' || (solver === 'auto' && side > mostAutomatic)) {
    if (number === undefined)
      throw new ConfigError(
        `pca: the randomised solver needs a number of components, not ${components === 'mle' ? '"mle"' : `the share ${components} of the variance`}. ` +
          'Give a whole number, or solver "exact".',
      );
    return randomisedSpectrum(runtime, data, { ...projection, ...present({ signal }), components: number });
  }
  if (side > mostExact)
    throw new ConfigError(
      `pca: ${data.length} rows of ${features} columns are too many for solver "exact", which decomposes matrices of at most ` +
        `${mostExact}. Use "randomised".`,
    );
  if (features > alwaysCovariance && data.length < features) return spectrumOfFewRows(runtime, data, components);
  const isLarge = data.length * features ** 2 >= leastRounded;
  const bytes = byteRowsFor(runtime, data);
  if (precision === 'auto' && isLarge && bytes !== undefined)
    return spectrumOfScatter(runtime, await summarizeByteScatter(runtime, data, bytes), components);
  // The likeliest number of components depends on the smallest variances, too.
  if (precision === 'auto' && components !== 'mle' && isLarge) {
    const summary = await summarizeScatter(runtime, data, 'float32');
    if (isInRange(summary)) {
      const spectrum = await spectrumOfScatter(runtime, summary, components);
      if (isPrecise(spectrum)) return spectrum;
    }
    signal?.throwIfAborted();
  }
  return spectrumOfScatter(runtime, await summarizeScatter(runtime, data), components);
}

/** Whether squares neither overflow nor vanish in float32. */
function isInRange({ count, mean, scatter }: ScatterSummary): boolean {
  const variances = mean.map((_, i) => scatter[i * (mean.length + 1)]! / (count - 1));
  return variances.every(Number.isFinite) && variances.some((variance) => variance > leastVariance);
}

/** Whether products in float32 determine this much of a spectrum: their errors are about 1e-8 of the largest variance. */
function isPrecise(spectrum: Spectrum): boolean {
  const { variances, totalVariance, mean } = spectrum;
  const left = mean.length - variances.length;
  const isLarge = variances.at(-1)! >= leastShare.variance * variances[0]!;
  return isLarge && (left === 0 || noiseOf(spectrum) * left >= leastShare.noise * totalVariance);
}

/** @throws ConfigError for more columns than a covariance is held of */
export function checkCovarianceSize(features: number): void {
  if (features > mostExact)
    throw new ConfigError(
      `pca: a covariance of ${features} columns takes ${((features ** 2 * 8) / 2 ** 30).toFixed(1)} GiB; at most ${mostExact} columns ` +
        'are summarised. Fit with solver "randomised" instead.',
    );
}
