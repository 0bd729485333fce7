// How a PixelCNN is trained: the negative log-likelihood per number of an image, by Adam with clipped gradients.
import { exampleSize } from '../../../data/dataset.js';
import type { ParameterSpecs } from '../../../nn/layer.js';
import { float32, type Value, type Values } from '../../../runtime/runtime.js';
import { add, multiply, split, sum } from '../../../tensor/index.js';
import type { Program } from '../../../tensor/program.js';
import type { Objective } from '../../../training/objective.js';
import { adamOf } from '../../adam-options.js';
import { type Architecture, reachOf, scope, verticalRows, type Weights } from './architecture.js';
import { conditionalsOf } from './conditionals.js';
import type { PixelCnnConfig } from './options.js';
import type { PixelOutput } from './outputs.js';

/** What the objective needs besides the options. */
export interface TrainingParts {
  readonly config: PixelCnnConfig;
  readonly architecture: Architecture;
  readonly output: PixelOutput;
  readonly parameters: ParameterSpecs;
  readonly exampleShape: readonly number[];
  readonly initial: Values;
  /** What judges held-out rows: x [, labels] -> loss [N]. */
  readonly evaluation: Program;
  readonly batchSize: number;
  /** The names of the weights that make up the model. */
  readonly weights: readonly string[];
}

/** The loss and how it is minimised. */
export function pixelCnnObjective(parts: TrainingParts): Objective {
  const {
    config,
    architecture,
    output,
    parameters,
    exampleShape,
    initial,
    evaluation,
    batchSize,
    weights: kept,
  } = parts;
  const { ema, clipNorm, conditional } = config;
  const perNumber = 1 / exampleSize(exampleShape);
  return {
    name: 'pixelcnn',
    parameters,
    exampleShape,
    wantsLabels: conditional,
    optimiser: adamOf(config),
    clipNorm,
    ema,
    initial,
    evaluation: { program: evaluation, noise: [], batchSize, weights: kept },
    remedies: ['lower learningRate', 'lower clipNorm', 'use a larger batch'],
    loss({ rows, labels, weights }) {
      const named: Weights = (name) => weights[`${scope}/${name}`] ?? rows;
      const count = Number(rows.dim(0));
      const lengths = partLengths(architecture, count);
      const labelParts = labels === undefined ? [] : split(labels, 0, lengths);
      const total = split(rows, 0, lengths)
        .map((part, index) => sum(conditionalsOf(architecture, output, part, named, labelParts[index])))
        .reduce(add);
      const nats = multiply(total, -1 / count);
      return {
        loss: multiply(nats, perNumber),
        metrics: { negativeLogLikelihood: nats, bitsPerDimension: multiply(nats, perNumber / Math.LN2) },
      };
    },
  };
}

/** The windows that a layer cuts out of its images stay in the caches of most processors up to this many bytes. */
const cachedBytes = 5e6;
/** More parts than this would make the program long to compile for little. */
const mostParts = 4;

/**
 * How many images of a batch go through the network at a time. The loss is a sum over images, so a batch can be taken in parts, one
 * after the other, whose values stay in the caches: a seventh less time at 32 images of 28x28 in four parts.
 */
export function partLengths(architecture: Architecture, count: number): number[] {
  const { height, width, layers } = architecture;
  const window = Math.max(
    ...Array.from({ length: layers + 1 }, (_, layer) => {
      const reach = reachOf(architecture, layer);
      return verticalRows(reach, layer) * (2 * reach.aside + 1) * reach.inputs;
    }),
  );
  const images = Math.max(1, Math.floor(cachedBytes / (4 * height * width * window)));
  const length = Math.ceil(count / Math.min(mostParts, Math.ceil(count / images)));
  return Array.from({ length: Math.ceil(count / length) }, (_, part) => Math.min(length, count - part * length));
}

/** Biases with which a binary pixel begins at the mean of its channel. */
export function binaryBiases({ channels, channelOrder }: Architecture, means: Float64Array): Values {
  const initial: Record<string, Value> = {};
  for (const [place, channel] of channelOrder.entries()) {
    const ofChannel = means.filter((_, i) => i % channels === channel);
    const p = Math.min(0.99, Math.max(0.01, ofChannel.reduce((a, b) => a + b, 0) / ofChannel.length));
    initial[`${scope}/head${place}/output/bias`] = float32(Float32Array.of(Math.log(p / (1 - p))), [1]);
  }
  return initial;
}
