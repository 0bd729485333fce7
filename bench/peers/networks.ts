// The two pairs of networks for the JavaScript peers, written once over the few array operations that both libraries have.
//
// Neither library trains a convolution at a usable speed on the CPU: TensorFlow.js has no filter gradient there, and one
// layer of jax-js (64 -> 128 channels at 14 x 14, batch 64) takes twice as long forward and twelve times as long backward
// as a whole training step in this form. So a 4 x 4 convolution with stride 2 and padding 1 is what an expert would make of
// it: the padded image is cut into 2 x 2 blocks (a reshape and a transpose), neighbouring blocks are joined into rows,
// and one matrix product remains. The transposed convolution is the same backwards. The weights of a layer are that
// product's matrix, a permutation of the usual filter. Images are [N, H, W, C].
import { type GanTask, ganSettings } from './tasks.js';

/** The array operations that a peer's library lends, over its own array type. None changes its arguments. */
export interface ArrayOperations<A> {
  shape(x: A): readonly number[];
  reshape(x: A, shape: readonly number[]): A;
  transpose(x: A, order: readonly number[]): A;
  /** The part of `x` from `begin`, of the given sizes. */
  crop(x: A, begin: readonly number[], sizes: readonly number[]): A;
  /** `x` with zeros before and after along each axis. */
  pad(x: A, widths: readonly (readonly [before: number, after: number])[]): A;
  /** Joins along the last axis. */
  join(parts: readonly A[]): A;
  /** The sum, with broadcasting. */
  add(a: A, b: A): A;
  /** [M, K] x [K, N]. */
  product(a: A, b: A): A;
  relu(x: A): A;
  leakyRelu(x: A, leak: number): A;
  sigmoid(x: A): A;
  /** Normalises the columns of [M, C] by the batch's own statistics, then scales and shifts: gain and bias are [C]. */
  batchNorm(x: A, gain: A, bias: A): A;
}

/** A weight: drawn from a normal distribution with this mean and standard deviation. */
export interface WeightSpec {
  readonly shape: readonly number[];
  readonly mean: number;
  readonly deviation: number;
}

/** A network: its weights in order, and its output for them. */
export interface Network {
  readonly weights: readonly WeightSpec[];
  forward<A>(operations: ArrayOperations<A>, weights: readonly A[], input: A): A;
}

/** A generator from noise [N, 100] and a discriminator from its output to logits [N, 1]. */
export interface GanNetworks {
  readonly generator: Network;
  readonly discriminator: Network;
  /** The shape of one real example. */
  readonly exampleShape: readonly number[];
}

const { latentSize, leak } = ganSettings;
const weight = (...shape: number[]): WeightSpec => ({ shape, mean: 0, deviation: 0.02 });
const bias = (size: number): WeightSpec => ({ shape: [size], mean: 0, deviation: 0 });
const gain = (size: number): WeightSpec => ({ shape: [size], mean: 1, deviation: 0 });

/** [N, H, W, C] -> [N, H/2, W/2, out]: the convolution 4 x 4, stride 2, padding 1, with weights [16 C, out]. */
export function convolve<A>(operations: ArrayOperations<A>, x: A, weights: A): A {
  const { shape, reshape, transpose, crop, pad, join, product } = operations;
  const [n, h, w, c] = shape4(shape(x));
  const [rows, columns, outputs] = [h / 2, w / 2, shape(weights)[1]!];
  const padded = pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]); // biome-ignore format: one pair per axis
  const split = reshape(padded, [n, rows + 1, 2, columns + 1, 2, c]);
  const blocks = reshape(transpose(split, [0, 1, 3, 2, 4, 5]), [n, rows + 1, columns + 1, 4 * c]);
  const corners = neighbours.map(([i, j]) => crop(blocks, [0, i, j, 0], [n, rows, columns, 4 * c]));
  const patches = reshape(join(corners), [n * rows * columns, 16 * c]);
  return reshape(product(patches, weights), [n, rows, columns, outputs]);
}

/** [N, H, W, C] -> [N, 2H, 2W, out]: the transposed convolution 4 x 4, stride 2, padding 1, with weights [C, 16 out]. */
export function convolveTransposed<A>(operations: ArrayOperations<A>, x: A, weights: A): A {
  const { shape, reshape, transpose, crop, pad, add, product } = operations;
  const [n, h, w, c] = shape4(shape(x));
  const outputs = shape(weights)[1]! / 16;
  const patches = reshape(product(reshape(x, [n * h * w, c]), weights), [n, h, w, 16 * outputs]);
  const blocks = neighbours
    .map(([i, j], corner) => {
      const part = crop(patches, [0, 0, 0, corner * 4 * outputs], [n, h, w, 4 * outputs]);
      return pad(part, [[0, 0], [i, 1 - i], [j, 1 - j], [0, 0]]); // biome-ignore format: one pair per axis
    })
    .reduce((sum, part) => add(sum, part));
  const split = transpose(reshape(blocks, [n, h + 1, w + 1, 2, 2, outputs]), [0, 1, 3, 2, 4, 5]);
  return crop(reshape(split, [n, 2 * h + 2, 2 * w + 2, outputs]), [0, 1, 1, 0], [n, 2 * h, 2 * w, outputs]);
}

/** Which block of a 2 x 2 neighbourhood each quarter of a patch comes from. */
const neighbours = [[0, 0], [0, 1], [1, 0], [1, 1]] as const; // biome-ignore format: a table

/** The networks of each adversarial task. */
export const ganNetworks: Readonly<Record<GanTask, GanNetworks>> = {
  'dcgan-28': {
    exampleShape: [28, 28, 1],
    generator: {
      weights: [
        ...[weight(latentSize, 7 * 7 * 128), gain(128), bias(128)],
        ...[weight(128, 16 * 64), gain(64), bias(64)],
        ...[weight(64, 16), bias(1)],
      ],
      forward(operations, [dense, gain1, bias1, filter1, gain2, bias2, filter2, bias3], noise) {
        const { reshape, product, relu, sigmoid, add } = operations;
        const start = reshape(product(noise, dense!), [-1, 7, 7, 128]);
        const small = relu(normalise(operations, start, gain1!, bias1!));
        const medium = relu(normalise(operations, convolveTransposed(operations, small, filter1!), gain2!, bias2!));
        return sigmoid(add(convolveTransposed(operations, medium, filter2!), bias3!));
      },
    },
    discriminator: {
      weights: [
        ...[weight(16, 64), bias(64)],
        ...[weight(16 * 64, 128), gain(128), bias(128)],
        ...[weight(7 * 7 * 128, 1), bias(1)],
      ],
      forward(operations, [filter1, bias1, filter2, gain2, bias2, dense, bias3], images) {
        const { reshape, product, leakyRelu, add } = operations;
        const medium = leakyRelu(add(convolve(operations, images, filter1!), bias1!), leak);
        const small = leakyRelu(normalise(operations, convolve(operations, medium, filter2!), gain2!, bias2!), leak);
        return add(product(reshape(small, [-1, 7 * 7 * 128]), dense!), bias3!);
      },
    },
  },
  'mlp-gan': {
    exampleShape: [784],
    generator: perceptron([latentSize, 256, 512, 1024, 784], true),
    discriminator: perceptron([784, 1024, 512, 256, 1], false),
  },
};

/** Fully connected layers with leaky rectifiers between them. */
function perceptron(sizes: readonly number[], endsInSigmoid: boolean): Network {
  const layers = sizes.length - 1;
  return {
    weights: sizes.slice(1).flatMap((outputs, layer) => {
      const inputs = sizes[layer]!;
      return [{ shape: [inputs, outputs], mean: 0, deviation: 1 / Math.sqrt(3 * inputs) }, bias(outputs)];
    }),
    forward({ add, product, leakyRelu, sigmoid }, weights, input) {
      let x = input;
      for (let layer = 0; layer < layers; layer++) {
        x = add(product(x, weights[2 * layer]!), weights[2 * layer + 1]!);
        if (layer < layers - 1) x = leakyRelu(x, leak);
      }
      return endsInSigmoid ? sigmoid(x) : x;
    },
  };
}

/** Batch normalisation of an image's channels. */
function normalise<A>({ shape, reshape, batchNorm }: ArrayOperations<A>, x: A, gains: A, biases: A): A {
  const whole = shape(x);
  return reshape(batchNorm(reshape(x, [-1, whole[3]!]), gains, biases), whole);
}

function shape4(shape: readonly number[]): [number, number, number, number] {
  const [n, h, w, c] = shape;
  return [n!, h!, w!, c!];
}
