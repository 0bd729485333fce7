// Losses swing: the players chase each other around the equilibrium instead of coming to rest in it (Mescheder, Geiger and Nowozin 2018,
// Which training methods for GANs do actually converge?). Seen in the later half of a training: the amplitude of a loss about its trend is a
// large part of its level, and the swings are slower than noise, by von Neumann's ratio of successive differences to the variance, which is
// 2 for noise.
import { type Detector, meanOf, seriesOf } from './evidence.js';
import { ema, lessMomentum, lowerLearningRate, r1 } from './remedies.js';

const fewestRows = 80;
/** The amplitude of a sine has this part of the level at least. */
const leastAmplitude = 0.5;
const largestRatio = 1;
const fewestCrossings = 6;

/** How values swing about their linear trend. */
export interface Swing {
  /** Of a sine with the same variance. */
  readonly amplitude: number;
  /** The mean size of the values. */
  readonly level: number;
  /** Mean squared difference of successive values over the variance. */
  readonly ratio: number;
  /** How often values change from one side of the trend to the other. */
  readonly crossings: number;
}

/** Measures swings. */
export function swingOf(values: readonly number[]): Swing {
  const middle = (values.length - 1) / 2;
  const mean = meanOf(values);
  const slope =
    values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) /
    values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const rest = values.map((value, i) => value - mean - slope * (i - middle));
  const variance = meanOf(rest.map((value) => value ** 2));
  const changes = rest.slice(1).map((value, i) => value - (rest[i] ?? 0));
  return {
    amplitude: Math.sqrt(2 * variance),
    level: meanOf(values.map(Math.abs)),
    ratio: meanOf(changes.map((change) => change ** 2)) / variance,
    crossings: rest.slice(1).filter((value, i) => value >= 0 !== (rest[i] ?? 0) >= 0).length,
  };
}

export const oscillatingLosses: Detector = {
  name: 'oscillating losses',
  detect({ history }) {
    // The losses of a critic are values without a level of their own.
    if (history.length < fewestRows || !history.some(({ metrics }) => metrics['D(x)'] !== undefined)) return undefined;
    for (const name of ['generatorLoss', 'discriminatorLoss']) {
      const values = seriesOf(history, name);
      const { amplitude, level, ratio, crossings } = swingOf(values.slice(Math.floor(values.length / 2)));
      if (amplitude > leastAmplitude * level && ratio < largestRatio && crossings >= fewestCrossings)
        return `The losses swing instead of settling: ${name} goes up and down by ${amplitude.toPrecision(2)} about ${level.toPrecision(2)}.`;
    }
    return undefined;
  },
  remedies: [lowerLearningRate, lessMomentum, r1, ema],
};
