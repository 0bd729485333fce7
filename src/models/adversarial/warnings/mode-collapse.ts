// Modes collapse: the generator makes a few kinds of rows that fool the discriminator, whatever the code (Metz et al. 2017, Unrolled generative
// adversarial networks, section 3.1). Seen by samples that are less various than the data, long after the start, where all games begin so.
import { type Detector, meanOf } from './evidence.js';
import type { Look } from './look.js';
import {
  instanceNoise,
  lowerLearningRate,
  minibatchDeviation,
  nonSaturating,
  unrolledSteps,
  wasserstein,
} from './remedies.js';

/** Samples are far less various than the data below these. */
const leastDiversity = 0.5;
const leastReach = 0.4;
/** Looks that are averaged, and steps after which samples that never were various count, too, unless they still grow so. */
const fewestLooks = 4;
const slowStart = 1000;

export const modeCollapse: Detector = {
  name: 'mode collapse',
  detect({ looks }) {
    if (looks.length < 2 * fewestLooks) return undefined;
    const latest = looks.slice(-fewestLooks);
    const before = looks.slice(0, -fewestLooks);
    const isLow = (name: 'diversity' | 'reach', least: number): boolean => {
      const mean = (some: readonly Look[]): number => meanOf(some.map((look) => look[name]));
      const now = mean(latest);
      const hasFallen = before.some((look) => look[name] > Math.max(least, 1.5 * now));
      const isStuck = (latest[0]?.step ?? 0) >= slowStart && now < 1.1 * mean(before.slice(-fewestLooks));
      return now < least && (hasFallen || isStuck);
    };
    const percent = (name: 'diversity' | 'reach'): string =>
      `${Math.round(100 * meanOf(latest.map((look) => look[name])))} %`;
    if (isLow('diversity', leastDiversity))
      return `The modes collapse: the mean distance between samples is ${percent('diversity')} of that between rows of the data.`;
    if (isLow('reach', leastReach))
      return `The modes collapse: samples are of ${percent('reach')} of the kinds of rows that the data are of, by nearest neighbours.`;
    return undefined;
  },
  remedies: [unrolledSteps, minibatchDeviation, wasserstein, nonSaturating, instanceNoise, lowerLearningRate],
};
