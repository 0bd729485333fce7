// What a classifier minimises, and what its validation rows are judged by: the cross-entropy of the true classes, in nats.
//
//   -sum_k t_k log p(k | x),   t = (1 - s) onehot(y) + s / K with label smoothing s (Szegedy et al. 2016); s = 0 in validation
import { crossEntropyFromLogits } from '../../nn/losses/cross-entropy.js';
import type { Tensors } from '../../nn/network.js';
import { adam, adamW } from '../../nn/optimisers/adam.js';
import type { LearningRate } from '../../nn/schedules.js';
import { schedules } from '../../nn/schedules.js';
import { add, argMax, cast, equal, mean, multiply, oneHot } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { batchInput, type Program } from '../../tensor/program.js';
import { batch } from '../../tensor/shape.js';
import { averagePrefix, labelsInput, type Objective, rowsInput } from '../../training/objective.js';
import { ClassifierNetwork } from './classifier-network.js';
import type { ClassifierConfig } from './classifier-options.js';

/** The data that a classifier is for. */
export interface ClassifierData {
  readonly exampleShape: readonly number[];
  /** How many classes there are. */
  readonly classes: number;
}

/** Rows of a validation or a prediction that are computed at a time. */
export const classifierBatch = 256;

/** The objective of a classifier whose training takes so many steps; what rows are standardised by is left to the caller. */
export function classifierObjective(config: ClassifierConfig, data: ClassifierData, steps: number): Objective {
  const { learningRate, weightDecay, labelSmoothing, ema } = config;
  const { exampleShape, classes } = data;
  const network = new ClassifierNetwork(config, exampleShape, classes);
  const rate = rateOf(config, steps);
  return {
    name: 'classifier',
    parameters: network.parameters,
    exampleShape,
    wantsLabels: true,
    optimiser: weightDecay === 0 ? adam({ learningRate: rate }) : adamW({ learningRate: rate, weightDecay }),
    ema,
    evaluation: {
      program: evaluationProgram(config, data),
      noise: [],
      batchSize: classifierBatch,
      weights: weightNames(config, network),
    },
    remedies: [
      `lower learningRate from ${learningRate} to, say, ${Number((learningRate / 10).toPrecision(1))}`,
      'normalise hidden layers with batchNorm',
    ],
    loss: ({ rows, labels = input(labelsInput, [], 'int64'), weights, apply }) => {
      const logits = network.logits(network.features(rows, weights, apply), apply);
      const targets = add(multiply(oneHot(labels, classes), 1 - labelSmoothing), labelSmoothing / classes);
      const loss = crossEntropyFromLogits(logits, targets);
      const accuracy = mean(cast(equal(argMax(logits, -1), labels), 'float32'));
      return { loss, metrics: { loss, accuracy } };
    },
  };
}

/** The program x -> features [N, width] and logits [N, classes] of a fitted classifier. */
export function predictionProgram(config: ClassifierConfig, { exampleShape, classes }: ClassifierData): Program {
  const network = new ClassifierNetwork(config, exampleShape, classes);
  const { weights, apply } = weightInputs(config, network);
  const features = network.features(batchInput(rowsInput, exampleShape), weights, apply);
  return { name: 'classifier-prediction', results: { features, logits: network.logits(features, apply) } };
}

/** The weights that make up a fitted classifier: those of the network, or their averages where there are some. */
export function weightNames({ ema }: ClassifierConfig, { parameters }: ClassifierNetwork): string[] {
  const names = Object.keys(parameters);
  return ema === 0 ? names : names.map((name) => `${averagePrefix}/${name}`);
}

function evaluationProgram(config: ClassifierConfig, { exampleShape, classes }: ClassifierData): Program {
  const network = new ClassifierNetwork(config, exampleShape, classes);
  const { weights, apply } = weightInputs(config, network);
  const logits = network.logits(network.features(batchInput(rowsInput, exampleShape), weights, apply), apply);
  const labels = input(labelsInput, [batch], 'int64');
  return {
    name: 'classifier-evaluation',
    results: { loss: crossEntropyFromLogits(logits, labels, { reduction: 'none' }) },
  };
}

/** The weights as inputs, averaged ones where there are some, and networks applied to them. */
function weightInputs(config: ClassifierConfig, network: ClassifierNetwork) {
  const names = weightNames(config, network);
  const weights: Tensors = Object.fromEntries(
    Object.entries(network.parameters).map(([name, { shape }], index) => [name, input(names[index] ?? name, shape)]),
  );
  const apply: Parameters<ClassifierNetwork['logits']>[1] = (part, x) => part.apply(x, weights).output;
  return { weights, apply };
}

function rateOf({ learningRate, schedule, warmUp }: ClassifierConfig, steps: number): LearningRate {
  if (schedule === 'constant') return learningRate;
  return schedules.cosine({ peak: learningRate, steps, warmupSteps: Math.min(Math.round(warmUp * steps), steps - 1) });
}
