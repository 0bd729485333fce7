// How a restricted Boltzmann machine is trained: the free energy of the data falls, that of its own chains rises.
import { bernoulli } from '../../nn/distributions/bernoulli.js';
import { sumPerExample } from '../../nn/distributions/distribution.js';
import { initialisers } from '../../nn/initialisers.js';
import { type ParameterSpecs, statistic, weight } from '../../nn/layer.js';
import type { State } from '../../nn/optimisers/optimiser.js';
import { sgd } from '../../nn/optimisers/sgd.js';
import { schedules } from '../../nn/schedules.js';
import { float32 } from '../../runtime/runtime.js';
import {
  add,
  mean,
  multiply,
  negative,
  reshape,
  sigmoid,
  square,
  stopGradient,
  subtract,
  sum,
} from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import type { Loss, LossContext, Objective } from '../../training/objective.js';
import { freeEnergy, gibbsStep, hiddenLogits, visibleLogits, weightsBy } from './rbm-energy.js';
import type { RbmConfig } from './rbm-options.js';

/** The parameters for rows of `size` numbers. `base` are the log-odds of the data, where annealing begins. */
export function rbmParameters({ hiddenUnits }: RbmConfig, size: number): ParameterSpecs {
  return {
    weight: weight([size, hiddenUnits], initialisers.normal(0.01)),
    visibleBias: weight([size], initialisers.zeros()),
    hiddenBias: weight([hiddenUnits], initialisers.zeros()),
    base: statistic([size], initialisers.zeros()),
  };
}

/** What the training of one machine needs. */
export interface RbmTraining {
  readonly config: RbmConfig;
  readonly exampleShape: readonly number[];
  readonly size: number;
  readonly batchSize: number;
  readonly rows: number;
  /** The mean of each number of a row. */
  readonly means: Float64Array;
  /** Uniform numbers that persistent chains begin with, [batchSize, size]. */
  readonly start: Float32Array;
}

/** The loss and how it is minimised. */
export function rbmObjective(training: RbmTraining): Objective {
  const { config, exampleShape, size, rows, means } = training;
  const { learningRate, decaySteps, momentum, ema } = config;
  // A number that is always 0 has no finite log-odds; a row more of each kind keeps all of them finite.
  const odds = Float32Array.from(means, (p) => {
    const smoothed = (p * rows + 1) / (rows + 2);
    return Math.log(smoothed / (1 - smoothed));
  });
  return {
    name: 'rbm',
    parameters: rbmParameters(config, size),
    exampleShape,
    optimiser: sgd({
      learningRate:
        decaySteps === null ? learningRate : schedules.linear({ from: learningRate, to: 0, steps: decaySteps }),
      momentum,
    }),
    ema,
    initial: { base: float32(odds, [size]), visibleBias: float32(odds.slice(), [size]) },
    remedies: ['lower learningRate', 'raise weightDecay'],
    loss: (context) => contrastiveLoss(context, training),
  };
}

function contrastiveLoss({ rows, weights, noise }: LossContext, training: RbmTraining): Loss {
  const { config, size, batchSize, start, means } = training;
  const { hiddenUnits, gibbsSteps, persistent, weightDecay } = config;
  const own = weightsBy((name) => weights[name] ?? rows);
  const data = reshape(rows, [batchSize, size]);
  const chains = input('chains', [batchSize, size]);
  const frozen = weightsBy((name) => stopGradient(weights[name] ?? rows));
  let fantasy = persistent ? chains : data;
  for (let step = 1; step <= gibbsSteps; step++)
    fantasy = gibbsStep(
      fantasy,
      frozen,
      noise(`hidden${step}`, [batchSize, hiddenUnits], 'uniform'),
      noise(`visible${step}`, [batchSize, size], 'uniform'),
    );
  fantasy = stopGradient(fantasy);
  const gap = subtract(mean(freeEnergy(data, own)), mean(freeEnergy(fantasy, own)));
  const seen = visibleLogits(sigmoid(hiddenLogits(data, frozen)), frozen);
  const state: State = persistent
    ? {
        chains: {
          current: chains,
          next: fantasy,
          initial: float32(
            start.map((u, i) => (u < (means[i % size] ?? 0) ? 1 : 0)),
            [batchSize, size],
          ),
        },
      }
    : {};
  return {
    loss: add(gap, multiply(sum(square(own.weight)), weightDecay / 2)),
    metrics: {
      freeEnergyGap: gap,
      reconstruction: negative(mean(sumPerExample(bernoulli(seen).logProb(data)))),
    },
    state,
  };
}

/** Hidden units that are on or off for all rows say nothing about any. */
export function idleWarnings(code: Float32Array, units: number): string[] {
  const [lowest, highest] = [new Float32Array(units).fill(1), new Float32Array(units)];
  for (const [i, p] of code.entries()) {
    lowest[i % units] = Math.min(lowest[i % units] ?? 1, p);
    highest[i % units] = Math.max(highest[i % units] ?? 0, p);
  }
  const idle = lowest.reduce((count, low, unit) => count + Number((highest[unit] ?? 0) < 0.05 || low > 0.95), 0);
  if (idle <= units / 4) return [];
  return [
    `${idle} of ${units} hidden units are on or off whatever the row, so they say nothing about it. Lower learningRate, train for longer, ` +
      'or use fewer hiddenUnits.',
  ];
}
