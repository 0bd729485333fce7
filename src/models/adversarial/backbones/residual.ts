// The residual networks of SNGAN (Miyato et al. 2018, table 4): for 32 x 32 images the generator enlarges 4 x 4 codes three times, the
// discriminator halves twice and looks twice more. Other sizes that can be halved twice or more have as many blocks as they need.
import { ConfigError, ShapeError } from '../../../core/errors.js';
import { isImageShape } from '../../../data/dataset.js';
import type { Layer } from '../../../nn/layer.js';
import { activation } from '../../../nn/layers/activation.js';
import { batchNorm } from '../../../nn/layers/batch-norm.js';
import { conv } from '../../../nn/layers/conv.js';
import { dense } from '../../../nn/layers/dense.js';
import { globalSumPooling } from '../../../nn/layers/global-sum-pooling.js';
import { minibatchDeviation } from '../../../nn/layers/minibatch-deviation.js';
import { reshapeLayer } from '../../../nn/layers/reshape-layer.js';
import { residualDown } from '../../../nn/layers/residual-down.js';
import { residualUp } from '../../../nn/layers/residual-up.js';
import type { Backbone } from './backbone.js';
import { inSequence, type NamedLayer } from './layer-list.js';

/** The smallest side that a generator starts from. */
const smallest = 4;
/** Halvings that an image has to allow. */
const fewestHalvings = 2;

/** Residual blocks without norms in the discriminator. */
export const residual: Backbone = {
  usualNorm: 'none',
  freshNoise: false,
  check: (kind, { exampleShape, config: { discriminatorNorm } }) => {
    if (!isImageShape(exampleShape) || halvings(exampleShape) < fewestHalvings)
      throw new ShapeError(
        `${kind}: rows of shape [${exampleShape.join(', ')}] were given; residual networks make images [H, W, C] whose height and width ` +
          'are multiples of 4 from 16. Scale images to such a size (--size 32), use the backbone dcgan for images of other sizes, and ' +
          'dense for tables and points.',
      );
    if (discriminatorNorm === 'batch' || discriminatorNorm === 'layer')
      throw new ConfigError(
        `${kind}: discriminatorNorm is "${discriminatorNorm}", but a discriminator of residual blocks has no norms. Leave it out; ` +
          'spectralNorm or gradientPenalty keep such a discriminator smooth.',
      );
  },
  generator: ({ config: { channels }, exampleShape, conditioning }) => {
    const [height = 1, width = 1, planes = 1] = exampleShape;
    const levels = halvings(exampleShape);
    const filters = generatorFilters * channels;
    const norm = (): Layer => conditioning.generatorNorm?.() ?? batchNorm();
    const [rows, columns] = [height / 2 ** levels, width / 2 ** levels];
    return inSequence([
      ['condition', conditioning.generatorFront],
      ['project', dense({ units: rows * columns * filters })],
      ['image', reshapeLayer([rows, columns, filters])],
      ...numbered(levels, (level): NamedLayer => [`up${level}`, residualUp({ filters, norm })]),
      // Where images come out all classes are alike.
      ['norm', batchNorm()],
      ['relu', activation('relu')],
      ['output', conv({ filters: planes, kernel: 3 })],
      ['range', activation('tanh')],
    ]);
  },
  discriminator: ({ config, exampleShape, conditioning }) => {
    const filters = discriminatorFilters * config.channels;
    const downs = Math.max(fewestHalvings, halvings(exampleShape) - 1);
    return inSequence([
      ['condition', conditioning.discriminatorFront],
      ...numbered(downs, (level): NamedLayer => [`down${level}`, residualDown({ filters, startsWithRelu: level > 1 })]),
      ['look1', residualDown({ filters, pool: false })],
      ['look2', residualDown({ filters, pool: false })],
      ['relu', activation('relu')],
      ['deviation', config.minibatchDeviation ? minibatchDeviation() : undefined],
      ['pool', globalSumPooling()],
      ...Object.entries(conditioning.head((units) => dense({ units }))),
    ]);
  },
};

/** The paper's 256 and 128 filters are four times and twice the 64 channels of the smallest DCGAN layers. */
const generatorFilters = 4;
const discriminatorFilters = 2;

/** How often both sides can be halved without falling below the smallest. */
function halvings([height = 1, width = 1]: readonly number[]): number {
  let count = 0;
  for (let side = 2; height % side === 0 && width % side === 0 && Math.min(height, width) / side >= smallest; side *= 2)
    count += 1;
  return count;
}

function numbered(count: number, layer: (level: number) => NamedLayer): NamedLayer[] {
  return Array.from({ length: count }, (_, index) => layer(index + 1));
}
