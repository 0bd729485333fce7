// What the tests of autoregressive models prove: that probabilities add up to one, that no conditional looks ahead, and that samples are
// as frequent as the density says.
import assert from 'node:assert/strict';
import { fromArrays } from '../../../data/index.js';
import { random } from '../../../runtime/random.js';
import { float32, type Value } from '../../../runtime/runtime.js';
import { evaluate, input, type NdArray } from '../../../tensor/index.js';
import type { Samples } from '../../contract.js';
import type { AutoregressiveModel } from '../autoregressive-model.js';
import type { AutoregressiveConfig } from '../autoregressive-options.js';
import { type AutoregressiveNetwork, arrayOf } from '../network.js';

type Model = AutoregressiveModel<AutoregressiveConfig>;

const side = 3;
const size = side * side;
const classes = ['left', 'right', 'none'];

/** All 512 images of 3x3 black and white pixels. */
export const allImages: Samples = {
  data: Float32Array.from({ length: size << size }, (_, i) => (Math.floor(i / size) >> (i % size)) & 1),
  shape: [1 << size, side, side, 1],
};

/** Images whose left or right column is on, or none, with a little noise. */
export const tinyImages = (() => {
  const count = 300;
  const stream = random(1);
  const labels = stream.integers(count, 0, classes.length);
  const x = Float32Array.from({ length: count * size }, (_, i) => {
    const column = [0, 2, -1][labels[Math.floor(i / size)] ?? 0];
    return Number(stream.next() < (i % side === column ? 0.9 : 0.1));
  });
  return fromArrays({ x, shape: [side, side, 1], labels, classes, name: 'tiny images' });
})();

/** Weights about as large as those of a trained network, zero where masks keep them so. */
export function randomWeights(network: AutoregressiveNetwork, seed: number): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(network.parameters).map(([name, { shape, initialise, trainable }]) => {
      const stream = random(seed).split(name);
      const drawn = initialise(shape, stream, { fanIn: 1, fanOut: 1 });
      const largest = drawn.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (!trainable) return [name, float32(drawn, shape)];
      if (largest === 0) return [name, float32(stream.normal(drawn.length, 0, 0.5), shape)];
      return [
        name,
        float32(
          drawn.map((value) => (1.5 * value) / largest),
          shape,
        ),
      ];
    }),
  );
}

/** The model as if it had been fitted to 3x3 images, with random weights; those of classes are equally common. */
export function withRandomWeights(model: Model, seed = 1): Model {
  const names = model.config.conditional ? classes : [];
  const weights = randomWeights(model.networkFor(size, names.length), seed);
  if (names.length > 0) weights['classes/prior'] = float32(new Float32Array(3).fill(1 / 3), [3]);
  return model.adopt({
    kind: model.kind,
    config: model.config,
    exampleShape: [side, side, 1],
    classes: names,
    weights,
  });
}

/** Checks that the probabilities of all images add up to 1 within 1e-5, and that they are not all equal. */
export async function assertSumsToOne(model: Model): Promise<void> {
  const probabilities = (await model.logProb(allImages)).map(Math.exp);
  const total = probabilities.reduce((sum, probability) => sum + probability, 0);
  assert.ok(Math.abs(total - 1) < 1e-5, `the probabilities add up to ${total}`);
}

/**
 * Pearson's chi-square of samples against the density: of 511 degrees of freedom, so about 511 +- 32 where both are the same. Images
 * expected fewer than five times are taken together.
 */
export async function assertFrequencies(model: Model, count = 20_000): Promise<void> {
  const probabilities = (await model.logProb(allImages)).map(Math.exp);
  const { data } = await model.sample(count, { seed: 7 });
  const observed = new Float64Array(1 << size);
  for (let row = 0; row < count; row++) {
    let image = 0;
    for (let i = 0; i < size; i++) image += (data[row * size + i] ?? 0) << i;
    observed[image] = (observed[image] ?? 0) + 1;
  }
  let [chiSquare, cells, restExpected, restObserved] = [0, 0, 0, 0];
  for (const [image, probability] of probabilities.entries()) {
    const expected = probability * count;
    const seen = observed[image] ?? 0;
    if (expected < 5) {
      restExpected += expected;
      restObserved += seen;
    } else {
      chiSquare += (seen - expected) ** 2 / expected;
      cells += 1;
    }
  }
  if (restExpected > 0) chiSquare += (restObserved - restExpected) ** 2 / restExpected;
  // Four standard deviations of the chi-square distribution with as many degrees of freedom.
  assert.ok(chiSquare < cells + 4 * Math.sqrt(2 * cells), `chi-square ${chiSquare.toFixed(1)} of ${cells} cells`);
  assert.ok(cells > 20, `only ${cells} cells: the density is too narrow to test`);
}

/** log p(x_d | earlier) of rows [N, D] in float64, by plain TypeScript. */
export function conditionalsOf(
  network: AutoregressiveNetwork,
  weights: Readonly<Record<string, Value>>,
  rows: NdArray,
  view: number,
): Float64Array {
  const x = input('x', rows.shape);
  const inputs = Object.fromEntries(
    Object.entries(network.parameters).map(([name, { shape }]) => [name, input(name, shape)]),
  );
  const conditionals = network.conditionals(x, inputs, { view: input('view', [], 'int64'), labels: undefined });
  const feeds: Record<string, NdArray> = { x: rows, view: { shape: [], data: Float64Array.of(view) } };
  const arrays = Object.fromEntries(
    Object.entries(weights).flatMap(([name, { data }]) => (data instanceof Float32Array ? [[name, data]] : [])),
  );
  for (const [name, { shape }] of Object.entries(network.parameters))
    feeds[name] = { shape, data: Float64Array.from(arrayOf(arrays, name)) };
  return evaluate([conditionals], feeds)[0]?.data ?? new Float64Array();
}

/**
 * Checks on a random row of zeros and ones that flipping the number at a place leaves the conditionals of all numbers up to that place
 * as they were, and changes that of some later one; `every` says at which places, in long rows.
 */
export function assertLooksBackOnly(
  network: AutoregressiveNetwork,
  order: ArrayLike<number>,
  view = 0,
  every = 1,
): void {
  const length = order.length;
  const weights = randomWeights(network, 5);
  const row = random(11).integers(length, 0, 2);
  const logProb = (x: ArrayLike<number>): Float64Array =>
    conditionalsOf(network, weights, { shape: [1, length], data: Float64Array.from(x) }, view);
  const before = logProb(row);
  for (let place = 0; place < length; place += every) {
    const flipped = order[place] ?? 0;
    const after = logProb(row.with(flipped, 1 - (row[flipped] ?? 0)));
    for (let earlier = 0; earlier < place; earlier++) {
      const number = order[earlier] ?? 0;
      assert.equal(after[number], before[number], `the number at place ${place} acts on that at ${earlier}`);
    }
    // Its own conditional is the same: the probabilities of 0 and of 1 add up to one.
    const sum = Math.exp(before[flipped] ?? 0) + Math.exp(after[flipped] ?? 0);
    assert.ok(Math.abs(sum - 1) < 1e-12, `the number at place ${place} acts on itself: ${sum}`);
    if (place === length - 1) continue;
    const later = Array.from({ length: length - place - 1 }, (_, i) => order[place + 1 + i] ?? 0);
    assert.ok(
      later.some((number) => after[number] !== before[number]),
      `the number at place ${place} acts on none`,
    );
  }
}
