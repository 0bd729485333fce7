import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../runtime/random.js';
import { evaluate, gradients, input, mean, type NdArray, sum } from '../../tensor/index.js';
import { orderOf } from './connectivity.js';
import { type NadeConfig, nade } from './nade.js';
import { nadeNetwork } from './nade-network.js';
import { reordered } from './reordered.js';
import {
  assertFrequencies,
  assertLooksBackOnly,
  assertSumsToOne,
  conditionalsOf,
  randomWeights,
  tinyImages,
  withRandomWeights,
} from './testing/proofs.js';

const variants: readonly Partial<NadeConfig>[] = [
  { hiddenUnits: 12 },
  { hiddenUnits: 12, activation: 'relu', order: 'random' },
  { hiddenUnits: 12, activation: 'tanh', conditional: true },
];

for (const options of variants)
  test(`${JSON.stringify(options)}: the probabilities of all images add up to one, and samples are as frequent`, async () => {
    const model = withRandomWeights(nade(options));
    await assertSumsToOne(model);
    await assertFrequencies(model);
    await model.dispose();
  });

// More numbers than a block has, and a last block that is not full.
const size = 37;

test('no conditional sees its own number or a later one, and every number is seen', () => {
  for (const order of [orderOf(size, 'raster', 0), orderOf(size, 'random', 3)])
    assertLooksBackOnly(
      reordered(order, nadeNetwork({ size, hiddenUnits: 10, activation: 'sigmoid', classes: 0 })),
      order,
    );
});

/** The definition, number by number: log p(x_d | earlier) of one row, the weights W [D, H], c, V [D, H] and b. */
function reference(
  x: ArrayLike<number>,
  weights: Readonly<Record<string, ArrayLike<number>>>,
  hiddenUnits: number,
  order: ArrayLike<number>,
  act: (a: number) => number,
): Float64Array {
  const at = (name: string, index: number): number => weights[name]?.[index] ?? Number.NaN;
  const result = new Float64Array(x.length);
  for (let place = 0; place < x.length; place++) {
    let logit = at('output/bias', place);
    for (let unit = 0; unit < hiddenUnits; unit++) {
      let a = at('hidden/bias', unit);
      for (let earlier = 0; earlier < place; earlier++)
        a += (x[order[earlier] ?? 0] ?? 0) * at('hidden/weight', earlier * hiddenUnits + unit);
      logit += at('output/weight', place * hiddenUnits + unit) * act(a);
    }
    const number = order[place] ?? 0;
    const probability = 1 / (1 + Math.exp(-logit));
    result[number] = Math.log(x[number] === 1 ? probability : 1 - probability);
  }
  return result;
}

const units = {
  sigmoid: (a: number) => 1 / (1 + Math.exp(-a)),
  relu: (a: number) => Math.max(0, a),
  tanh: Math.tanh,
} as const;

for (const activation of ['sigmoid', 'relu', 'tanh'] as const)
  test(`${activation}: blocks of numbers give what the definition says, and so does the gradient`, () => {
    const hiddenUnits = 5;
    const order = orderOf(size, 'random', 4);
    const network = reordered(order, nadeNetwork({ size, hiddenUnits, activation, classes: 0 }));
    const weights = randomWeights(network, 2);
    const arrays = Object.fromEntries(
      Object.entries(weights).map(([name, { data }]) => [name, Float64Array.from(data, Number)]),
    );
    const rows: NdArray = { shape: [3, size], data: Float64Array.from(random(3).integers(3 * size, 0, 2)) };
    const rowOf = (row: number) => rows.data.subarray(row * size, (row + 1) * size);
    const logProb = conditionalsOf(network, weights, rows, 0);
    for (let row = 0; row < 3; row++)
      for (const [number, value] of reference(rowOf(row), arrays, hiddenUnits, order, units[activation]).entries())
        assert.ok(Math.abs(value - (logProb[row * size + number] ?? 0)) < 1e-12);

    // The gradient of the mean log-probability against differences of the definition.
    const inputs = Object.fromEntries(
      Object.entries(network.parameters).map(([name, { shape }]) => [name, input(name, shape)]),
    );
    const conditionals = network.conditionals(input('x', rows.shape), inputs, {
      view: input('view', [], 'int64'),
      labels: undefined,
    });
    const names = Object.keys(inputs);
    const slopes = gradients(mean(sum(conditionals, { axes: 1 })), Object.values(inputs));
    const feeds: Record<string, NdArray> = { x: rows };
    for (const [name, { shape }] of Object.entries(weights))
      feeds[name] = { shape, data: arrays[name] ?? new Float64Array() };
    const values = evaluate(slopes, feeds);
    const meanAt = (name: string, index: number, change: number): number => {
      const changed = { ...arrays, [name]: (arrays[name] ?? new Float64Array()).slice() };
      changed[name]?.set([(arrays[name]?.[index] ?? 0) + change], index);
      let total = 0;
      for (let row = 0; row < 3; row++)
        total += reference(rowOf(row), changed, hiddenUnits, order, units[activation]).reduce((a, b) => a + b, 0) / 3;
      return total;
    };
    for (const [index, name] of names.entries())
      for (let i = 0; i < (arrays[name]?.length ?? 0); i += 7) {
        const step = 1e-5;
        const slope = (meanAt(name, i, step) - meanAt(name, i, -step)) / (2 * step);
        const given = values[index]?.data[i] ?? Number.NaN;
        assert.ok(Math.abs(slope - given) < 1e-7, `${name}[${i}]: ${given}, not ${slope}`);
      }
  });

test('trained, it finds what pixels have to do with each other', async () => {
  const model = nade({ hiddenUnits: 20, learningRate: 0.02, weightDecay: 0.01 });
  const { history } = await model.fit(tinyImages, { steps: 300, batchSize: 30, seed: 3, threads: 1, logEvery: 50 });
  // Independent pixels would stop at their entropy, 5.0 nats.
  assert.ok(Number(history.at(-1)?.metrics.loss) < 4.2, `loss ${history.at(-1)?.metrics.loss}`);
  await assertSumsToOne(model);
  await model.dispose();
});
