import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ArrayOperations, convolve, convolveTransposed, ganNetworks } from './networks.js';

/** A plain array: the layers are checked without any library. */
interface Plain {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** An array from a function of the multi-index. */
function build(shape: readonly number[], valueAt: (index: readonly number[]) => number): Plain {
  const values = Float64Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index: number[] = [];
    let rest = flat;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index.unshift(rest % shape[axis]!);
      rest = Math.floor(rest / shape[axis]!);
    }
    return valueAt(index);
  });
  return { shape, values };
}

/** The element at a multi-index, 0 outside. */
function at({ shape, values }: Plain, index: readonly number[]): number {
  if (index.some((position, axis) => position < 0 || position >= shape[axis]!)) return 0;
  return values[index.reduce((flat, position, axis) => flat * shape[axis]! + position, 0)]!;
}

const map = (x: Plain, f: (value: number) => number): Plain => ({ shape: x.shape, values: x.values.map(f) });

const plain: ArrayOperations<Plain> = {
  shape: (x) => x.shape,
  reshape(x, shape) {
    const unknown = x.values.length / -sizeOf(shape);
    return { shape: shape.map((size) => (size === -1 ? unknown : size)), values: x.values };
  },
  transpose: (x, order) =>
    build(
      order.map((axis) => x.shape[axis]!),
      (index) => {
        const source: number[] = [];
        order.forEach((axis, position) => {
          source[axis] = index[position]!;
        });
        return at(x, source);
      },
    ),
  crop: (x, begin, sizes) =>
    build(sizes, (index) =>
      at(
        x,
        index.map((position, axis) => position + begin[axis]!),
      ),
    ),
  pad: (x, widths) =>
    build(
      x.shape.map((size, axis) => widths[axis]![0] + size + widths[axis]![1]),
      (index) =>
        at(
          x,
          index.map((position, axis) => position - widths[axis]![0]),
        ),
    ),
  join(parts) {
    const width = parts[0]!.shape.at(-1)!;
    return build([...parts[0]!.shape.slice(0, -1), width * parts.length], (index) => {
      const last = index.at(-1)!;
      return at(parts[Math.floor(last / width)]!, [...index.slice(0, -1), last % width]);
    });
  },
  add: (a, b) => ({ shape: a.shape, values: a.values.map((value, i) => value + b.values[i % b.values.length]!) }),
  product: (a, b) =>
    build([a.shape[0]!, b.shape[1]!], ([row, column]) => {
      let sum = 0;
      for (let k = 0; k < b.shape[0]!; k++) sum += at(a, [row!, k]) * at(b, [k, column!]);
      return sum;
    }),
  relu: (x) => map(x, (value) => Math.max(0, value)),
  leakyRelu: (x, leak) => map(x, (value) => (value > 0 ? value : leak * value)),
  sigmoid: (x) => map(x, (value) => 1 / (1 + Math.exp(-value))),
  batchNorm: (x) => x,
};

/** Values without pattern: the fractional parts of multiples of an irrational number. */
function irregular(shape: readonly number[], factor: number): Plain {
  let count = 0;
  return build(shape, () => ((++count * factor) % 1) - 0.5);
}

const close = (received: Plain, expected: Plain) => {
  assert.deepEqual(received.shape, expected.shape);
  received.values.forEach((value, i) => {
    // Sums of at most 48 products below 1, in double precision.
    assert.ok(Math.abs(value - expected.values[i]!) < 1e-12, `element ${i}: ${value}, not ${expected.values[i]}`);
  });
};

/** Row of the weights for the filter's element (u, v) and channel: blocks of 2 x 2, then places in the block. */
const place = (u: number, v: number) => 8 * (u >> 1) + 4 * (v >> 1) + 2 * (u & 1) + (v & 1);

test('convolve is the sum over the filter of shifted products: kernel 4, stride 2, padding 1', () => {
  const x = irregular([2, 6, 4, 3], Math.SQRT2);
  const weights = irregular([16 * 3, 5], Math.sqrt(3));
  const expected = build([2, 3, 2, 5], ([n, i, j, out]) => {
    let sum = 0;
    for (let u = 0; u < 4; u++)
      for (let v = 0; v < 4; v++)
        for (let c = 0; c < 3; c++)
          sum += at(x, [n!, 2 * i! + u - 1, 2 * j! + v - 1, c]) * at(weights, [3 * place(u, v) + c, out!]);
    return sum;
  });
  close(convolve(plain, x, weights), expected);
});

test('convolveTransposed spreads each pixel over a 4 x 4 window: stride 2, padding 1', () => {
  const x = irregular([2, 3, 2, 3], Math.SQRT2);
  const weights = irregular([3, 16 * 2], Math.sqrt(3));
  const expected = build([2, 6, 4, 2], ([n, row, column, out]) => {
    let sum = 0;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 2; j++) {
        const [u, v] = [row! - 2 * i + 1, column! - 2 * j + 1];
        if (u < 0 || u > 3 || v < 0 || v > 3) continue;
        for (let c = 0; c < 3; c++) sum += at(x, [n!, i, j, c]) * at(weights, [c, 2 * place(u, v) + out!]);
      }
    return sum;
  });
  close(convolveTransposed(plain, x, weights), expected);
});

test('the generators make examples of the right shape in (0, 1), the discriminators one logit for each', () => {
  for (const { generator, discriminator, exampleShape } of Object.values(ganNetworks)) {
    const weights = (shapes: readonly { readonly shape: readonly number[] }[], factor: number) =>
      shapes.map(({ shape }, index) => irregular(shape, factor + index));
    const examples = generator.forward(plain, weights(generator.weights, Math.SQRT2), irregular([1, 100], Math.E));
    assert.equal(examples.values.length, sizeOf(exampleShape));
    assert.ok(examples.values.every((value) => value >= 0 && value <= 1));
    const batch = plain.reshape(examples, [1, ...exampleShape]);
    assert.deepEqual(discriminator.forward(plain, weights(discriminator.weights, Math.sqrt(3)), batch).shape, [1, 1]);
  }
});

test('the networks have the sizes of the named tasks', () => {
  const count = (network: { readonly weights: readonly { readonly shape: readonly number[] }[] }) =>
    network.weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  // 100*6272 + 2*128 + 128*16*64 + 2*64 + 64*16 + 1, and 16*64 + 64 + 16*64*128 + 2*128 + 6272 + 1.
  assert.equal(count(ganNetworks['dcgan-28'].generator), 759_681);
  assert.equal(count(ganNetworks['dcgan-28'].discriminator), 138_689);
  // 100*256 + 256*512 + 512*1024 + 1024*784 weights and 2576 biases; 784*1024 + 1024*512 + 512*256 + 256 and 1793 biases.
  assert.equal(count(ganNetworks['mlp-gan'].generator), 1_486_352);
  assert.equal(count(ganNetworks['mlp-gan'].discriminator), 1_460_225);
});
