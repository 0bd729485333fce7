// The gated PixelCNN (van den Oord et al. 2016b) as parameters. Two stacks of convolutions see what comes before a pixel in reading
// order: the vertical stack all rows above it, the horizontal stack those and the pixels to its left. Filters only ever cover what may
// be seen, instead of being masked, so nothing is multiplied by zero, and together they have no blind spot.
//
//   v'(r, c) = gate(W_v * v(r - a .. r, c - b .. c + b))                  v(r, .) knows the rows above r
//   h'(r, c) = h(r, c) + U gate(W_h * h(r, c - b .. c) + L W_v * v)        h(r, c) knows those and the pixels left of c
//   gate([s, t]) = tanh(s) sigmoid(t)
import { type Initialiser, initialisers } from '../../../nn/initialisers.js';
import { type ParameterSpec, type ParameterSpecs, weight } from '../../../nn/layer.js';
import { input } from '../../../tensor/operators/source.js';
import type { Tensor } from '../../../tensor/tensor.js';

/** The sizes of a PixelCNN. */
export interface Architecture {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Of the first layer, odd: how far it reaches. */
  readonly firstKernel: number;
  /** Of the other layers, odd. */
  readonly kernel: number;
  /** Layers after the first. */
  readonly layers: number;
  readonly filters: number;
  /** Of the hidden layer between the stacks and the distribution of a pixel. */
  readonly headSize: number;
  /** Parameters of the distribution of one channel, those for channel `c` of the order given the ones before it. */
  readonly outputSizes: readonly number[];
  /** Channels in the order in which they are modelled. */
  readonly channelOrder: readonly number[];
  /** Classes that the model is conditional on; 0 for none. */
  readonly classes: number;
}

/** How a layer's filters reach. */
export interface Reach {
  /** Rows above, the row itself not counted. */
  readonly above: number;
  /** Pixels to either side in the rows above, and to the left in the row itself. */
  readonly aside: number;
  /** Channels of what it looks at. */
  readonly inputs: number;
}

/** What the names of all parameters begin with. */
export const scope = 'pixelcnn';

/** Images with a further channel of ones, so that filters see where the image ends. */
export const borderChannels = 1;

/** Layer 0 looks at the image, where the pixel itself must not be seen, the others at the layer before. */
export function reachOf({ firstKernel, kernel, channels, filters }: Architecture, layer: number): Reach {
  const side = ((layer === 0 ? firstKernel : kernel) - 1) / 2;
  return { above: side, aside: side, inputs: layer === 0 ? channels + borderChannels : filters };
}

/** The rows that a layer's vertical filters cover: those above, and from the second layer on the row itself. */
export function verticalRows({ above }: Reach, layer: number): number {
  return above + (layer === 0 ? 0 : 1);
}

/** The pixels of the row that a layer's horizontal filters cover. */
export function horizontalPixels({ aside }: Reach, layer: number): number {
  return aside + (layer === 0 ? 0 : 1);
}

/** All parameters by their full names. */
export function parametersOf(architecture: Architecture): ParameterSpecs {
  const { layers, filters, headSize, outputSizes, channels, classes } = architecture;
  const specs: Record<string, ParameterSpec> = {};
  const add = (name: string, shape: readonly number[], initialise: Initialiser = initialisers.glorotUniform()) => {
    specs[`${scope}/${name}`] = weight(shape, initialise);
  };
  const gated = 2 * filters;
  for (let layer = 0; layer <= layers; layer++) {
    const reach = reachOf(architecture, layer);
    add(`layer${layer}/vertical/weight`, [verticalRows(reach, layer), 2 * reach.aside + 1, reach.inputs, gated]);
    add(`layer${layer}/vertical/bias`, [gated], initialisers.zeros());
    add(`layer${layer}/link/weight`, [gated, gated]);
    add(`layer${layer}/horizontal/weight`, [1, horizontalPixels(reach, layer), reach.inputs, gated]);
    add(`layer${layer}/horizontal/bias`, [gated], initialisers.zeros());
    add(`layer${layer}/out/weight`, [filters, filters]);
    if (classes === 0) continue;
    add(`layer${layer}/vertical/label`, [classes, gated], initialisers.normal(0.05));
    add(`layer${layer}/horizontal/label`, [classes, gated], initialisers.normal(0.05));
  }
  for (let place = 0; place < channels; place++) {
    add(`head${place}/hidden/weight`, [filters, headSize], initialisers.heNormal());
    add(`head${place}/hidden/bias`, [headSize], initialisers.zeros());
    if (place > 0) add(`head${place}/earlier/weight`, [place, headSize], initialisers.heNormal());
    add(`head${place}/output/weight`, [headSize, outputSizes[place] ?? 1]);
    add(`head${place}/output/bias`, [outputSizes[place] ?? 1], initialisers.zeros());
  }
  return specs;
}

/** The weights of a PixelCNN, by names without the scope. */
export type Weights = (name: string) => Tensor;

/** Inputs for all weights under their full names, for programs; `rename` where they are variables of another name. */
export function weightInputs(architecture: Architecture, rename: (name: string) => string = (name) => name): Weights {
  const specs = parametersOf(architecture);
  return (name) => input(rename(`${scope}/${name}`), specs[`${scope}/${name}`]?.shape ?? []);
}
