// How many of the known modes samples reach, and how many samples lie at one: the usual figures of GANs on a ring or grid of Gaussians.
//
//   high quality:  |x - m| <= 3 s  for the nearest mode m, s the standard deviation of the modes
//   covered:       the modes that are nearest to at least one sample of high quality
//
// Srivastava, Valkov, Russell, Gutmann and Sutton 2017, VEEGAN, section 4.1; the same in Lin et al. 2018, PacGAN. Of the true distribution in
// the plane 1 - exp(-9/2) = 98.9 % are of high quality. It needs the true modes, which an evaluation does not know, so it is no entry of the
// table of metrics.
import { ConfigError } from '../core/errors.js';
import type { Modes } from '../data/named/entry.js';
import { checkFeatures } from './check-inputs.js';
import type { FeatureRows } from './metric.js';

/** How samples lie about the modes. */
export interface ModeCoverage {
  /** Modes with at least one sample of high quality. */
  readonly covered: number;
  readonly modes: number;
  /** The share of samples within three standard deviations of their nearest mode. */
  readonly highQuality: number;
  /** [modes]: the samples of high quality at each mode. */
  readonly counts: Int32Array<ArrayBuffer>;
}

const asking = { title: 'Mode coverage', minimumRows: 1 };

/**
 * How many modes samples reach, and the share of samples that lie at one.
 *
 * @throws ShapeError for samples that have not as many numbers as the modes, DatasetError for none or numbers that are not finite,
 * ConfigError for no modes or a deviation that is not above 0
 * @example
 * const { data } = await model.sample(2500, { seed: 1 });
 * modeCoverage({ data, rows: 2500, width: 2 }, { means: [[2, 0], [-2, 0]], standardDeviation: 0.02 });
 */
export function modeCoverage(samples: FeatureRows, { means, standardDeviation }: Modes): ModeCoverage {
  const [{ length: width } = []] = means;
  if (means.length === 0) throw new ConfigError('Mode coverage: there are no modes; at least one is needed.');
  if (!(Number.isFinite(standardDeviation) && standardDeviation > 0))
    throw new ConfigError(
      `Mode coverage: standardDeviation is ${standardDeviation}; it has to be a number above 0, that of each mode.`,
    );
  checkFeatures(asking, { modes: { data: Float64Array.from(means.flat()), rows: means.length, width }, samples });
  const limit = (3 * standardDeviation) ** 2;
  const counts = new Int32Array(means.length);
  let near = 0;
  for (let row = 0; row < samples.rows; row++) {
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [mode, mean] of means.entries()) {
      const distance = mean.reduce((sum, value, i) => sum + (samples.data[row * width + i]! - value) ** 2, 0);
      if (distance >= least) continue;
      [nearest, least] = [mode, distance];
    }
    if (least > limit) continue;
    near += 1;
    counts[nearest] = (counts[nearest] ?? 0) + 1;
  }
  return {
    covered: counts.filter((count) => count > 0).length,
    modes: means.length,
    highQuality: near / samples.rows,
    counts,
  };
}
