// The network of a classifier: rows, standardised, through hidden layers to features, and features to a logit for each class.
//
//   features = hidden((x - mean) / deviation),   logits = features W + b,   p(y | x) = softmax(logits)
import { ShapeError } from '../../core/errors.js';
import { exampleSize, isImageShape } from '../../data/dataset.js';
import { type Initialiser, initialisers } from '../../nn/initialisers.js';
import { type Layer, type ParameterSpecs, statistic } from '../../nn/layer.js';
import { activation } from '../../nn/layers/activation.js';
import { batchNorm } from '../../nn/layers/batch-norm.js';
import { conv } from '../../nn/layers/conv.js';
import { dense } from '../../nn/layers/dense.js';
import { dropout } from '../../nn/layers/dropout.js';
import { flattenLayer } from '../../nn/layers/flatten-layer.js';
import { sequential } from '../../nn/layers/sequential.js';
import { type Network, network, type Tensors } from '../../nn/network.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { divide, mean, subtract } from '../../tensor/index.js';
import { scalar } from '../../tensor/operators/source.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Survey } from '../survey.js';
import type { ClassifierConfig } from './classifier-options.js';

type Apply = (network: Network, x: Tensor) => Tensor;

/** The network of a classifier for rows of some shape and a number of classes. */
export class ClassifierNetwork {
  readonly parameters: ParameterSpecs;
  /** Numbers in the last hidden layer. */
  readonly width: number;
  readonly #hidden: Network;
  readonly #output: Network;

  /** @throws ShapeError for rows that the network cannot take */
  constructor(config: ClassifierConfig, exampleShape: readonly number[], classes: number) {
    const hidden = config.network === 'dense' ? denseLayers(config, [256, 128]) : convolutions(config, exampleShape);
    this.#hidden = network(
      'features',
      sequential({ ...(config.network === 'dense' ? { flatten: flattenLayer() } : {}), ...hidden }),
      exampleShape,
    );
    this.width = exampleSize(this.#hidden.outputShape);
    this.#output = network('output', dense({ units: classes }), [this.width]);
    const scale = scaleShape(exampleShape);
    this.parameters = {
      'input/mean': statistic(scale, initialisers.zeros()),
      'input/deviation': statistic(scale, initialisers.ones()),
      ...this.#hidden.parameters,
      ...this.#output.parameters,
    };
  }

  /** The last hidden layer of rows [N, ...exampleShape]: [N, width]. */
  features(x: Tensor, weights: Tensors, apply: Apply): Tensor {
    const { 'input/mean': centre = scalar(0), 'input/deviation': deviation = scalar(1) } = weights;
    return apply(this.#hidden, divide(subtract(x, centre), deviation));
  }

  /** The logits [N, classes] of features. */
  logits(features: Tensor, apply: Apply): Tensor {
    return apply(this.#output, features);
  }
}

/** Variances of no more than this share of the squared mean are rounding. */
const constancy = 1e-12;

/** What rows are standardised by: of images each channel, of other rows each column; constant ones stay as they are. */
export function inputScale(exampleShape: readonly number[], { means, squares }: Survey): Values {
  const shape = scaleShape(exampleShape);
  const size = exampleSize(shape);
  const [centres, deviations] = [new Float32Array(size), new Float32Array(size)];
  for (let column = 0; column < size; column++) {
    const ofColumn = (values: Float64Array): number => {
      let sum = 0;
      for (let i = column; i < values.length; i += size) sum += values[i] ?? 0;
      return (sum * size) / values.length;
    };
    const centre = ofColumn(means);
    const variance = ofColumn(squares) - centre ** 2;
    centres[column] = centre;
    // Beside the column's own size: what is left of a constant one is rounding, but a column of tiny numbers is none.
    deviations[column] = variance > constancy * centre ** 2 ? Math.sqrt(variance) : 1;
  }
  return { 'input/mean': float32(centres, shape), 'input/deviation': float32(deviations, shape) };
}

function scaleShape(exampleShape: readonly number[]): readonly number[] {
  return isImageShape(exampleShape) ? exampleShape.slice(2) : exampleShape;
}

/** Dense layers, each with what follows it. */
function denseLayers(config: ClassifierConfig, otherwise: readonly number[]): Record<string, Layer> {
  const layers = (config.hiddenLayers ?? otherwise).flatMap((units, index): [string, Layer][] => {
    const name = `hidden${index + 1}`;
    return [
      ...followed(config, name, dense({ units, bias: !config.batchNorm, weightInitialiser: initialiser(config) })),
      ...dropped(config, name),
    ];
  });
  return Object.fromEntries(layers);
}

/** Convolutions at one resolution after the other, pooled, and dense layers. @throws ShapeError */
function convolutions(config: ClassifierConfig, exampleShape: readonly number[]): Record<string, Layer> {
  const { channels, kernel, firstStride, pooling, batchNorm: normalised } = config;
  const smallest = 2 ** (channels.length - 1) * firstStride;
  if (!isImageShape(exampleShape) || Math.min(exampleShape[0], exampleShape[1]) < smallest)
    throw new ShapeError(
      `classifier: rows of shape [${exampleShape.join(', ')}] were given; convolutions of ${channels.length} resolutions need images ` +
        `[H, W, C] of at least ${smallest}x${smallest} pixels. ` +
        "Give fewer channels, or use network: 'dense', which takes rows of any shape.",
    );
  const layers = channels.flatMap((filters, level) =>
    Array.from({ length: config.convolutions }, (_, index) => {
      const stride = index > 0 ? 1 : level > 0 ? 2 : firstStride;
      const layer = conv({ filters, kernel, stride, bias: !normalised, weightInitialiser: initialiser(config) });
      return followed(config, `conv${level + 1}-${index + 1}`, layer);
    }).flat(),
  );
  const pooled = pooling === 'average' ? { pool: channelMeans() } : { flatten: flattenLayer() };
  return {
    ...Object.fromEntries(layers),
    ...pooled,
    ...Object.fromEntries(dropped(config, 'pool')),
    ...denseLayers(config, []),
  };
}

/** A layer, normalised where that is asked for, and its activation. */
function followed(
  { batchNorm: normalised, activation: name }: ClassifierConfig,
  layerName: string,
  layer: Layer,
): [string, Layer][] {
  return [
    [layerName, layer],
    ...(normalised ? [[`${layerName}-norm`, batchNorm()] satisfies [string, Layer]] : []),
    [`${layerName}-activation`, activation(name)],
  ];
}

function dropped({ dropout: rate }: ClassifierConfig, layerName: string): [string, Layer][] {
  return rate === 0 ? [] : [[`${layerName}-dropout`, dropout({ rate })]];
}

/** The mean over all places of an image: [H, W, C] -> [C]. */
function channelMeans(): Layer {
  return {
    kind: 'channelMeans',
    outputShape: (inputShape) => inputShape.slice(-1),
    parameters: () => ({}),
    apply: (x) => mean(x, { axes: [1, 2] }),
  };
}

/** Keeps the variance of what goes through: half of it is lost in functions that are flat below 0. */
function initialiser({ activation: name }: ClassifierConfig): Initialiser {
  return name === 'tanh' ? initialisers.glorotNormal() : initialisers.heNormal();
}
