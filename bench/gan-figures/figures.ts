// What is trained and measured, with what was aimed at.
import type { GanFigure, Measure } from './figure.js';

const ring = {
  data: 'eight-gaussians',
  seeds: [0, 1, 2, 3, 4],
  samples: 10_000,
} as const;

const grid = {
  data: 'grid-25-gaussians',
  fit: { steps: 30_000, batchSize: 64 },
  seeds: [0, 1, 2, 3, 4],
  samples: 10_000,
  measures: [{ of: 'modes', goal: 25 }, { of: 'high-quality' }],
} as const;

/** Both players, of all models on points. */
const networks = { latentSize: 2, generatorLayers: [64, 64, 64, 64], discriminatorLayers: [64, 64, 64, 64] };

/** The penalty's weight is that of the authors' own experiments on points (gan_toy.py); a faster critic needs one step a turn. */
const critic = {
  ...networks,
  discriminatorSteps: 1,
  gradientPenalty: 0.1,
  learningRate: 1e-3,
  discriminatorLearningRate: 3e-3,
  beta1: 0.5,
  ema: 0.999,
};

/** Networks for the grid, twice as wide. */
const wide = { latentSize: 4, generatorLayers: [128, 128, 128, 128], discriminatorLayers: [128, 128, 128, 128] };

/**
 * Noise that vanishes early, and a penalty on the slope at data: in trials without them modes were lost, and found again. So they were late
 * in trainings whose rates did not fall.
 */
const lookingAhead = {
  ...networks,
  unrolledSteps: 3,
  r1: 0.02,
  instanceNoise: 0.3,
  instanceNoiseSteps: 2000,
  learningRate: 2e-3,
  discriminatorLearningRate: 5e-3,
  decaySteps: 24_000,
  ema: 0.999,
};

const ringGoals: readonly Measure[] = [
  { of: 'modes', goal: 8 },
  { of: 'high-quality', goal: 90 },
];

const withoutGoals: readonly Measure[] = [{ of: 'modes' }, { of: 'high-quality' }];

const onDigits = { data: 'mnist', seeds: [0] } as const;
const onColour = { data: 'cifar-10', seeds: [0], samples: 10_000, measures: [{ of: 'fid' }] } as const;

/** As long as both networks on CIFAR-10 may compute. */
const colourMinutes = 60;

/** The figures. */
export const ganFigures: readonly GanFigure[] = [
  {
    name: 'ring, wgan-gp',
    model: 'wgan-gp',
    options: { ...critic, decaySteps: 40_000 },
    fit: { steps: 40_000, batchSize: 64 },
    ...ring,
    measures: ringGoals,
  },
  {
    name: 'ring, unrolled-gan',
    model: 'unrolled-gan',
    options: lookingAhead,
    fit: { steps: 24_000, batchSize: 64 },
    ...ring,
    measures: ringGoals,
  },
  {
    // What the look ahead is worth: all else is the same.
    name: 'ring, the same without looking ahead',
    model: 'unrolled-gan',
    options: { ...lookingAhead, unrolledSteps: 0 },
    fit: { steps: 24_000, batchSize: 64 },
    ...ring,
    measures: withoutGoals,
  },
  {
    name: 'ring, minimax gan',
    model: 'gan',
    options: { ...networks, objective: 'minimax', learningRate: 1e-3, ema: 0.999, decaySteps: 24_000 },
    fit: { steps: 24_000, batchSize: 64 },
    ...ring,
    measures: withoutGoals,
  },
  {
    name: 'grid, wgan-gp',
    model: 'wgan-gp',
    options: { ...critic, ...wide, decaySteps: 30_000 },
    ...grid,
  },
  {
    // The recipe of the ring, in units of the data's deviations. The noise lasts longer, for there is more to find.
    name: 'grid, gan',
    model: 'gan',
    options: { ...lookingAhead, ...wide, unrolledSteps: 0, instanceNoiseSteps: 10_000, decaySteps: 30_000 },
    standardised: true,
    ...grid,
  },
  {
    name: 'digits by class, acgan',
    model: 'acgan',
    options: { ema: 0.999 },
    ...onDigits,
    fit: { minutes: 15, batchSize: 64 },
    samples: 1000,
    measures: [
      { of: 'conditional-accuracy', goal: 97 },
      { of: 'intra-class-diversity', goal: 80 },
      { of: 'pixel-diversity', goal: 80 },
    ],
  },
  {
    name: 'digits, dcgan',
    model: 'dcgan',
    options: { ema: 0.999 },
    ...onDigits,
    fit: { minutes: 10, batchSize: 64 },
    samples: 10_000,
    measures: [{ of: 'classes', goal: 10 }, { of: 'label-entropy', goal: 2.2 }, { of: 'fid' }],
  },
  {
    name: 'colour, dcgan',
    model: 'dcgan',
    options: { ema: 0.999 },
    fit: { minutes: colourMinutes, batchSize: 64 },
    ...onColour,
    picture: {
      file: 'dcgan-cifar-10.png',
      text: 'CIFAR-10 by `dcgan`, not chosen by hand:',
    },
  },
  {
    name: 'colour, sngan',
    model: 'sngan',
    // A quarter of the paper's channels, and two rates instead of five steps of the discriminator: else too few steps fit into the time.
    options: { channels: 16, discriminatorSteps: 1, discriminatorLearningRate: 4e-4, ema: 0.999 },
    fit: { minutes: colourMinutes, batchSize: 64 },
    ...onColour,
    picture: {
      file: 'sngan-cifar-10.png',
      text: 'CIFAR-10 by `sngan` after the same processor time, not chosen by hand:',
    },
  },
];
