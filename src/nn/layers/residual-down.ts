// The discriminator's block of residual GANs (Gulrajani et al. 2017; Miyato et al. 2018, figure 9): two 3x3 convolutions and a mean
// over 2x2 pixels, beside a mean and a 1x1 convolution. No norms: a gradient penalty or spectral normalisation keeps it smooth.
//
//   y = conv1x1(pool(x)) + pool(conv3x3(relu(conv3x3(relu(x)))))
//
// The papers pool after the 1x1 convolution in all blocks but the first; the two commute, and this order does a fourth of the work.
import { type Initialiser, initialisers } from '../initialisers.js';
import type { Layer } from '../layer.js';
import { activation } from './activation.js';
import { averagePooling } from './average-pooling.js';
import { conv } from './conv.js';
import { convMeanPool } from './conv-mean-pool.js';
import { residual } from './residual.js';
import { sequential } from './sequential.js';

/** Options of a residual block that shrinks. */
export interface ResidualDownOptions {
  /** The number of channels of the result. */
  readonly filters: number;
  /** Whether images are halved. Without, the way past is x itself and filters have to be its channels. Default true. */
  readonly pool?: boolean;
  /** Whether the body starts with a ReLU; not in the first block, which would cut the image's own values off. Default true. */
  readonly startsWithRelu?: boolean;
  /** Of the 3x3 convolutions. Default Glorot uniform with gain sqrt 2, as the paper's code has it. */
  readonly weightInitialiser?: Initialiser;
}

/**
 * A residual block that halves height and width: [H, W, C] -> [H / 2, W / 2, filters], odd lengths rounded down. Parameters:
 * body/conv1, body/conv2, projection/conv.
 *
 * @throws ConfigError for filters that are no whole number from 1; ShapeError for what is no image, and where nothing is pooled and
 * filters are not the channels of x
 * @example
 * sequential([
 *   residualDown({ filters: 128, startsWithRelu: false }),   // [32, 32, 3] -> [16, 16, 128]
 *   residualDown({ filters: 128 }),                          // -> [8, 8, 128]
 *   residualDown({ filters: 128, pool: false }),             // -> [8, 8, 128]
 * ])
 */
export function residualDown({
  filters,
  pool = true,
  startsWithRelu = true,
  weightInitialiser = initialisers.glorotUniform(Math.SQRT2),
}: ResidualDownOptions): Layer {
  const body = sequential({
    ...(startsWithRelu ? { relu1: activation('relu') } : {}),
    conv1: conv({ filters, kernel: 3, weightInitialiser }),
    relu2: activation('relu'),
    conv2: (pool ? convMeanPool : conv)({ filters, kernel: 3, weightInitialiser }),
  });
  const projection = sequential({ pool: averagePooling(), conv: conv({ filters, kernel: 1 }) });
  return { ...residual(body, pool ? { projection } : {}), kind: 'residualDown' };
}
