// The generator's block of residual GANs (Gulrajani et al. 2017; Miyato et al. 2018, figure 9): two normalised 3x3 convolutions at
// twice the resolution, beside a 1x1 convolution.
//
//   y = up(conv1x1(x)) + conv3x3(relu(norm(conv3x3(up(relu(norm(x)))))))
//
// The papers enlarge before the 1x1 convolution; the two commute, and this order does a fourth of the work.
import { type Initialiser, initialisers } from '../initialisers.js';
import type { Layer } from '../layer.js';
import { activation } from './activation.js';
import { batchNorm } from './batch-norm.js';
import { conv } from './conv.js';
import { residual } from './residual.js';
import { resizeConv } from './resize-conv.js';
import { sequential } from './sequential.js';
import { upsample } from './upsample.js';

/** Options of a residual block that enlarges. */
export interface ResidualUpOptions {
  /** The number of channels of the result. */
  readonly filters: number;
  /** Makes the norm in front of each convolution, such as one that is conditioned. Default a batch norm. */
  readonly norm?: () => Layer;
  /** Of the 3x3 convolutions. Default Glorot uniform with gain sqrt 2, as the paper's code has it. */
  readonly weightInitialiser?: Initialiser;
}

/**
 * A residual block that doubles height and width: [H, W, C] -> [2 H, 2 W, filters]. Parameters: body/norm1, body/conv1, body/norm2,
 * body/conv2, projection/conv.
 *
 * @throws ConfigError for filters that are no whole number from 1; ShapeError for what is no image
 * @example residualUp({ filters: 256, norm: () => conditionalBatchNorm({ classes: 10 }) })   // [4, 4, 256] -> [8, 8, 256]
 */
export function residualUp({
  filters,
  norm = () => batchNorm(),
  weightInitialiser = initialisers.glorotUniform(Math.SQRT2),
}: ResidualUpOptions): Layer {
  const body = sequential({
    norm1: norm(),
    relu1: activation('relu'),
    conv1: resizeConv({ filters, kernel: 3, weightInitialiser }),
    norm2: norm(),
    relu2: activation('relu'),
    conv2: conv({ filters, kernel: 3, weightInitialiser }),
  });
  const projection = sequential({ conv: conv({ filters, kernel: 1 }), upsample: upsample() });
  return { ...residual(body, { projection }), kind: 'residualUp' };
}
