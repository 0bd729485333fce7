// Conditional batch normalisation (Dumoulin et al. 2017, with the statistics of batches as in Miyato and Koyama 2018): examples are
// normalised together, then scaled and shifted by their class: y = scale_c (x - mean) / sqrt(variance + epsilon) + bias_c.
import type { Layer } from '../layer.js';
import { type BatchNormOptions, batchNorm } from './batch-norm.js';
import { type ConditionalAffineOptions, conditionalAffine } from './conditional-affine.js';
import { sequential } from './sequential.js';

/** Options of a conditional batch norm. */
export interface ConditionalBatchNormOptions
  extends ConditionalAffineOptions,
    Pick<BatchNormOptions, 'momentum' | 'epsilon'> {}

/**
 * A batch norm with a scale and a shift per class: [..., C] -> [..., C]. Parameters: affine/scale, affine/bias, both [classes, C];
 * running statistics: norm/mean, norm/variance, both [C]. The network is applied with a condition [N, classes].
 *
 * @throws ConfigError for numbers out of range, and where the network is applied without a condition; ShapeError for a condition of
 * another shape
 * @example
 * const painter = network('painter', sequential([dense({ units: 64 }), conditionalBatchNorm({ classes: 10 })]), [128]);
 * const { output } = painter.apply(z, painter.inputs(), { training: true, condition: oneHot(labels, 10) });
 */
export function conditionalBatchNorm({ classes, scaleInitialiser, ...statistics }: ConditionalBatchNormOptions): Layer {
  const norm = batchNorm({ ...statistics, scale: false, bias: false });
  const affine = conditionalAffine({ classes, ...(scaleInitialiser === undefined ? {} : { scaleInitialiser }) });
  return { ...sequential({ norm, affine }), kind: 'conditionalBatchNorm' };
}
