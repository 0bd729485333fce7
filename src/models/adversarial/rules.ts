// The rules of the game that options describe.
import { adam } from '../../nn/optimisers/adam.js';
import type { Optimiser } from '../../nn/optimisers/optimiser.js';
import { rmsProp } from '../../nn/optimisers/rms-prop.js';
import { sgd } from '../../nn/optimisers/sgd.js';
import { type LearningRate, schedules } from '../../nn/schedules.js';
import type { AdversarialConfig } from './adversarial-options.js';
import { augment, drawsPerImage } from './augment/augment.js';
import { instanceNoise } from './augment/instance-noise.js';
import type { Rules, View } from './game-rules.js';
import { objectives } from './objectives/index.js';
import { gradientPenalty } from './regularisers/gradient-penalty.js';
import { r1 } from './regularisers/r1.js';

const optimisers: Readonly<
  Record<AdversarialConfig['optimiser'], (config: AdversarialConfig, learningRate: LearningRate) => Optimiser>
> = {
  adam: ({ beta1, beta2 }, learningRate) => adam({ learningRate, beta1, beta2 }),
  sgd: ({ momentum }, learningRate) => sgd({ learningRate, momentum }),
  'rms-prop': (_, learningRate) => rmsProp({ learningRate }),
};

/** The rules of a game with these options. */
export function rulesOf(config: AdversarialConfig): Rules {
  const { discriminatorSteps, unrolledSteps, labelSmoothing, clip, ema, gradientNorms } = config;
  const { learningRate, discriminatorLearningRate, decaySteps } = config;
  const optimiser = optimisers[config.optimiser];
  return {
    generatorOptimiser: optimiser(config, fallingRate(learningRate, decaySteps)),
    discriminatorOptimiser: optimiser(
      config,
      fallingRate(discriminatorLearningRate ?? learningRate, decaySteps, discriminatorSteps),
    ),
    objective: objectives[config.objective],
    penalties: [
      ...(config.gradientPenalty > 0 ? [gradientPenalty(config.gradientPenalty)] : []),
      ...(config.r1 > 0 ? [r1(config.r1)] : []),
    ],
    clip,
    views: viewsOf(config),
    labelSmoothing,
    discriminatorSteps,
    unrolledSteps,
    ema,
    gradientNorms,
    remedies: remediesFor(config),
  };
}

/** A rate that falls to nothing within so many steps of the game, each of `updates` updates. */
function fallingRate(from: number, decaySteps: number | null, updates = 1): LearningRate {
  return decaySteps === null ? from : schedules.linear({ from, to: 0, steps: decaySteps * updates });
}

/** What happens to rows before the discriminator sees them. */
function viewsOf({
  augmentation,
  instanceNoise: deviation,
  instanceNoiseSteps: decaySteps,
}: AdversarialConfig): View[] {
  const views: View[] = [];
  if (augmentation.length > 0)
    views.push((x, { noise }) =>
      augment(x, noise('augmentation', [Number(x.dim(0)), drawsPerImage(augmentation)], 'uniform'), augmentation),
    );
  if (deviation > 0)
    views.push((x, { step, noise }) =>
      instanceNoise(x, noise('instanceNoise', x.shape.map(Number), 'normal'), step, { deviation, decaySteps }),
    );
  return views;
}

/** What to try when a training with these options diverges. */
function remediesFor(config: AdversarialConfig): string[] {
  const { learningRate, discriminatorLearningRate, optimiser, clip, minibatchDeviation, discriminatorNorm } = config;
  const lower = (rate: number): number => Number(Math.min(2e-4, rate / 10).toPrecision(1));
  const takesPenalty = !minibatchDeviation && discriminatorNorm !== 'batch';
  return [
    `lower learningRate from ${learningRate} to, say, ${lower(learningRate)}`,
    ...(discriminatorLearningRate === null
      ? []
      : [
          `lower discriminatorLearningRate from ${discriminatorLearningRate} to, say, ${lower(discriminatorLearningRate)}`,
        ]),
    ...(optimiser === 'sgd' ? ['use the optimiser adam'] : []),
    ...(clip !== null && takesPenalty ? ['set clip to null and gradientPenalty to 10'] : []),
    'check that the data has no extreme values',
  ];
}
