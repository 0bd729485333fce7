// Both stacks over whole images at once: how a PixelCNN is trained and scored.
import {
  add,
  concat,
  conv2d,
  customGradient,
  expandAxis,
  full,
  matmul,
  multiply,
  pad,
  relu,
  reshape,
  sigmoid,
  slice,
  split,
  subtract,
  tanh,
} from '../../../tensor/index.js';
import { labelled, type Tensor } from '../../../tensor/tensor.js';
import { type Architecture, borderChannels, horizontalPixels, reachOf, type Weights } from './architecture.js';

/**
 * tanh of one half of the channels times the sigmoid of the other, y = tanh(s) sigmoid(t). The gradient takes what the value has
 * made already, dy y = e:  ds = dy sigmoid(t) - e tanh(s),  dt = e - e sigmoid(t), which is two passes fewer than factor by factor.
 */
export function gate(x: Tensor): Tensor {
  const [signal, opening] = split(x, -1, 2);
  if (signal === undefined || opening === undefined) return x;
  const [state, share] = [tanh(signal), sigmoid(opening)];
  const gated = multiply(state, share);
  return customGradient(gated, [x], (_, dy) => {
    const slope = multiply(dy, gated);
    const ofSignal = subtract(multiply(dy, share), multiply(slope, state));
    const ofOpening = subtract(slope, multiply(slope, share));
    return [concat([ofSignal, ofOpening], -1)];
  });
}

/** Pixels in [-1, 1], and the channel of ones that tells image from border. [N, H, W, C] -> [N, H, W, C + 1] */
export function withBorder(x: Tensor): Tensor {
  const ones = full([...x.shape.slice(0, -1), borderChannels], 1);
  return concat([subtract(multiply(x, 2), 1), ones], -1);
}

/** What the stacks know of every pixel's past, [N, H, W, filters], from pixels [N, H, W, C] and classes one-hot, [N, classes]. */
export function features(architecture: Architecture, x: Tensor, weights: Weights, classes: Tensor | undefined): Tensor {
  const { layers } = architecture;
  let vertical = withBorder(x);
  let horizontal = vertical;
  for (let layer = 0; layer <= layers; layer++) {
    const reach = reachOf(architecture, layer);
    const name = `layer${layer}`;
    const bias = (stack: string): Tensor => {
      const shift = weights(`${name}/${stack}/bias`);
      if (classes === undefined) return shift;
      const ofClass = add(matmul(classes, weights(`${name}/${stack}/label`)), shift);
      return expandAxis(expandAxis(ofClass, 1), 1);
    };
    const above = labelled(
      `${name}/vertical`,
      add(
        // The first layer must not see the row itself: the image goes down by one row, the last one falls off.
        conv2d(layer === 0 ? down(vertical) : vertical, weights(`${name}/vertical/weight`), {
          padding: [reach.above - (layer === 0 ? 1 : 0), 0, reach.aside, reach.aside],
        }),
        bias('vertical'),
      ),
    );
    const left = conv2d(layer === 0 ? right(horizontal) : horizontal, weights(`${name}/horizontal/weight`), {
      padding: [0, 0, horizontalPixels(reach, layer) - 1, 0],
    });
    const linked = add(left, add(matmul(above, weights(`${name}/link/weight`)), bias('horizontal')));
    const out = labelled(`${name}/horizontal`, matmul(gate(linked), weights(`${name}/out/weight`)));
    horizontal = layer === 0 ? out : add(horizontal, out);
    if (layer < layers) vertical = labelled(`${name}/vertical`, gate(above));
  }
  return horizontal;
}

/** The parameters of the distribution of each channel in the model's order, each [..., outputSize], given the true pixels [..., C]. */
export function headsOf(architecture: Architecture, known: Tensor, x: Tensor, weights: Weights): Tensor[] {
  return architecture.channelOrder.map((_, place) =>
    headOf(architecture, place, known, (earlier) => channelOf(x, earlier), weights),
  );
}

/** The parameters of one channel's distribution, given how to look at the channels before it, each [..., 1]. */
export function headOf(
  { channelOrder }: Pick<Architecture, 'channelOrder'>,
  place: number,
  known: Tensor,
  channel: (number: number) => Tensor,
  weights: Weights,
): Tensor {
  const name = `head${place}`;
  const base = add(matmul(relu(known), weights(`${name}/hidden/weight`)), weights(`${name}/hidden/bias`));
  const before = channelOrder.slice(0, place).map((number) => subtract(multiply(channel(number), 2), 1));
  const hidden = before.length === 0 ? base : add(base, matmul(concat(before, -1), weights(`${name}/earlier/weight`)));
  return labelled(name, add(matmul(relu(hidden), weights(`${name}/output/weight`)), weights(`${name}/output/bias`)));
}

/** One channel of images, its axis kept. */
export function channelOf(x: Tensor, channel: number): Tensor {
  return slice(x, -1, channel, channel + 1);
}

/** Rows moved down by one, zeros coming in at the top. */
function down(x: Tensor): Tensor {
  return pad(slice(x, 1, 0, -1), 1, 1, 0);
}

/** Pixels moved to the right by one. */
function right(x: Tensor): Tensor {
  return pad(slice(x, 2, 0, -1), 2, 1, 0);
}

/** Joins the first axes of a tensor into one. */
export function rowsOf(x: Tensor): Tensor {
  return reshape(x, [-1, Number(x.dim(-1))]);
}
