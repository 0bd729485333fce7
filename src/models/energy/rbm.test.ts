import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { fromArrays } from '../../data/index.js';
import { random } from '../../runtime/random.js';
import { evaluate, gradients } from '../../tensor/index.js';
import { mean } from '../../tensor/operators/reduce.js';
import { input } from '../../tensor/operators/source.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Samples } from '../contract.js';
import { exactLogPartition } from './partition.js';
import { type Rbm, rbm } from './rbm.js';
import { freeEnergy } from './rbm-energy.js';

const open: Rbm[] = [];
after(async () => {
  for (const model of open) await model.dispose();
});

function numbersOf(tensor: Tensor, feeds: Parameters<typeof evaluate>[1]): ArrayLike<number> {
  return evaluate([tensor], feeds)[0]?.data ?? [];
}

/** All binary images of 3 x 3 pixels. */
const all: Samples = {
  data: Float32Array.from({ length: 512 * 9 }, (_, i) => (Math.floor(i / 9) >> (i % 9)) & 1),
  shape: [512, 3, 3, 1],
};

/** Images of which a row or a column is set, and rarely another pixel. */
const bars = (() => {
  const stream = random(2);
  const x = new Float32Array(400 * 9);
  for (let image = 0; image < 400; image++) {
    const line = Math.floor(3 * stream.next());
    const isRow = stream.next() < 0.5;
    for (let i = 0; i < 9; i++)
      x[image * 9 + i] = (isRow ? Math.floor(i / 3) : i % 3) === line || stream.next() < 0.02 ? 1 : 0;
  }
  return fromArrays({ x, shape: [3, 3, 1], name: 'bars' });
})();

async function fitted(options: Parameters<typeof rbm>[0], steps = 1500): Promise<Rbm> {
  const model = rbm({ hiddenUnits: 12, learningRate: 0.2, samplingSteps: 100, ...options });
  open.push(model);
  await model.fit(bars, { steps, batchSize: 40, seed: 1, threads: 1 });
  return model;
}

// For few steps, so that chains still mix.
const trained = await fitted({ persistent: false, gibbsSteps: 5 }, 200);

test('the probabilities of all 512 binary 3x3 images sum to 1', async () => {
  const { values, kind } = await trained.logProbBound(all);
  assert.equal(kind, 'exact');
  assert.ok(Math.abs(values.reduce((sum, value) => sum + Math.exp(value), 0) - 1) < 1e-5);
});

test('the free energy is minus the log of the sum over all hidden states', () => {
  const [visible, hidden] = [3, 4];
  const weight = random(1).normal(visible * hidden);
  const [b, c] = [random(2).normal(visible), random(3).normal(hidden)];
  const rows = Float32Array.of(1, 0, 1, 0, 1, 1);
  const tensors = {
    weight: input('weight', [visible, hidden]),
    visibleBias: input('b', [visible]),
    hiddenBias: input('c', [hidden]),
  };
  const array = (shape: readonly number[], data: Float32Array) => ({ shape, data: Float64Array.from(data) });
  const data = numbersOf(freeEnergy(input('v', [2, visible]), tensors), {
    v: array([2, visible], rows),
    weight: array([visible, hidden], weight),
    b: array([visible], b),
    c: array([hidden], c),
  });
  let partition = 0;
  for (let row = 0; row < 2 ** visible; row++)
    partition += sumOverHidden(Float32Array.from({ length: 3 }, (_, i) => (row >> i) & 1));
  for (const row of [0, 1]) {
    const expected = -Math.log(sumOverHidden(rows.subarray(row * 3, row * 3 + 3)));
    assert.ok(Math.abs((data[row] ?? 0) - expected) < 1e-12);
  }
  const numbers = { weight, visibleBias: b, hiddenBias: c };
  assert.ok(Math.abs(exactLogPartition(numbers) - Math.log(partition)) < 1e-12);

  function sumOverHidden(v: ArrayLike<number>): number {
    let sum = 0;
    for (let state = 0; state < 2 ** hidden; state++) {
      let energy = 0;
      for (let i = 0; i < visible; i++) energy -= (v[i] ?? 0) * (b[i] ?? 0);
      for (let j = 0; j < hidden; j++) {
        if (((state >> j) & 1) === 0) continue;
        energy -= c[j] ?? 0;
        for (let i = 0; i < visible; i++) energy -= (v[i] ?? 0) * (weight[i * hidden + j] ?? 0);
      }
      sum += Math.exp(-energy);
    }
    return sum;
  }
});

test('summing over hidden states gives what summing over visible ones gives', () => {
  const weight = random(4).normal(6 * 9);
  const [b, c] = [random(5).normal(6), random(6).normal(9)];
  const transposed = Float32Array.from({ length: 54 }, (_, i) => weight[(i % 6) * 9 + Math.floor(i / 6)] ?? 0);
  const one = exactLogPartition({ weight, visibleBias: b, hiddenBias: c });
  const other = exactLogPartition({ weight: transposed, visibleBias: c, hiddenBias: b });
  assert.ok(Math.abs(one - other) < 1e-12);
});

test('annealing finds log Z within its error bar, from every seed', async () => {
  const { value: exact } = await trained.logPartition({ method: 'exact' });
  for (let seed = 0; seed < 5; seed++) {
    const { value, low, high, method } = await trained.logPartition({
      method: 'ais',
      chains: 200,
      temperatures: 500,
      seed,
    });
    assert.equal(method, 'ais');
    assert.ok(low <= exact && exact <= high, `${exact} is not in [${low}, ${high}]`);
    assert.ok(high - low < 0.5 && value > low && value < high);
  }
});

test('training makes the data likely, with persistent chains and with chains that begin at the data', async () => {
  const { data, shape } = {
    data: await bars.gather(Uint32Array.from({ length: 400 }, (_, i) => i)),
    shape: [400, 3, 3, 1],
  };
  const rows = { data: data.x, shape };
  // The entropy of the data is about 2.3 nats; independent pixels of probability 0.35 have 5.8.
  const mean = async (model: Rbm) => (await model.logProbBound(rows)).values.reduce((a, b) => a + b, 0) / 400;
  const contrastive = await mean(await fitted({ persistent: false, gibbsSteps: 5 }));
  assert.ok(contrastive > -2.6, `contrastive: ${contrastive}`);
  // Persistent chains hardly change between bars, and with long steps the likelihood falls again (Fischer and Igel 2010).
  const persistent = await mean(await fitted({ learningRate: 0.05 }));
  assert.ok(persistent > -3.5, `persistent: ${persistent}`);
  const averaged = await mean(await fitted({ persistent: false, gibbsSteps: 5, ema: 0.99 }));
  assert.ok(averaged > -2.6, `averaged: ${averaged}`);
});

test('with chains that have converged, the loss has the gradient of the likelihood', () => {
  // The expectation over the model is taken exactly here: rows of all 512 states, weighted by their probabilities.
  const [visible, hidden] = [3, 2];
  const weights = {
    weight: input('weight', [visible, hidden]),
    visibleBias: input('b', [visible]),
    hiddenBias: input('c', [hidden]),
  };
  const states = Float64Array.from({ length: 8 * visible }, (_, i) => (Math.floor(i / 3) >> (i % 3)) & 1);
  const numbers = { weight: random(7).normal(6), visibleBias: random(8).normal(3), hiddenBias: random(9).normal(2) };
  const feeds = (w: ArrayLike<number>) => ({
    v: { shape: [8, visible], data: states },
    row: { shape: [1, visible], data: Float64Array.of(1, 1, 0) },
    weight: { shape: [visible, hidden], data: Float64Array.from(w) },
    b: { shape: [visible], data: Float64Array.from(numbers.visibleBias) },
    c: { shape: [hidden], data: Float64Array.from(numbers.hiddenBias) },
  });
  const ofData = gradients(mean(freeEnergy(input('row', [1, visible]), weights)), [weights.weight])[0];
  assert.ok(ofData);
  const slope = numbersOf(ofData, feeds(numbers.weight));
  const logZ = exactLogPartition(numbers);
  const energies = numbersOf(freeEnergy(input('v', [8, visible]), weights), feeds(numbers.weight));
  const expectation = new Float64Array(6);
  for (let state = 0; state < 8; state++) {
    const single = gradients(mean(freeEnergy(input('row', [1, visible]), weights)), [weights.weight])[0];
    assert.ok(single);
    const own = numbersOf(single, {
      ...feeds(numbers.weight),
      row: { shape: [1, visible], data: states.slice(state * 3, state * 3 + 3) },
    });
    const p = Math.exp(-(energies[state] ?? 0) - logZ);
    for (let i = 0; i < 6; i++) expectation[i] = (expectation[i] ?? 0) + p * (own[i] ?? 0);
  }
  // Against central differences of -log p(1, 1, 0) = F + log Z.
  const negativeLogProb = (w: Float64Array): number =>
    Number(numbersOf(freeEnergy(input('row', [1, visible]), weights), feeds(w))[0]) +
    exactLogPartition({ ...numbers, weight: w });
  for (let i = 0; i < 6; i++) {
    const shifted = (by: number) => Float64Array.from(numbers.weight, (value, at) => value + (at === i ? by : 0));
    const difference = (negativeLogProb(shifted(1e-5)) - negativeLogProb(shifted(-1e-5))) / 2e-5;
    assert.ok(Math.abs((slope[i] ?? 0) - (expectation[i] ?? 0) - difference) < 1e-8);
  }
});

test('samples have the frequencies that the density says', async () => {
  const { values } = await trained.logProbBound(all);
  const count = 3000;
  const { data } = await trained.sample(count, { seed: 4 });
  const counts = new Float64Array(512);
  for (let row = 0; row < count; row++) {
    let number = 0;
    for (let i = 0; i < 9; i++) number += (data[row * 9 + i] ?? 0) * 2 ** i;
    counts[number] = (counts[number] ?? 0) + 1;
  }
  // States of which fewer than 5 are expected are taken together.
  let [chiSquare, cells, rareExpected, rareSeen] = [0, 0, 0, 0];
  for (const [state, value] of values.entries()) {
    const expected = count * Math.exp(value);
    if (expected < 5) {
      rareExpected += expected;
      rareSeen += counts[state] ?? 0;
      continue;
    }
    chiSquare += ((counts[state] ?? 0) - expected) ** 2 / expected;
    cells += 1;
  }
  chiSquare += (rareSeen - rareExpected) ** 2 / rareExpected;
  // Mean plus five standard deviations of chi-square.
  assert.ok(chiSquare < cells + 5 * Math.sqrt(2 * cells), `chi-square ${chiSquare} in ${cells + 1} cells`);
});

test('a bar is recognised through a missing pixel', async () => {
  const { data } = await trained.reconstruct({ data: Float32Array.of(1, 1, 1, 0, 0, 0, 0, 0, 0), shape: [1, 3, 3, 1] });
  const [set, unset] = [data.subarray(0, 3), data.subarray(3)];
  assert.ok(Math.min(...set) > Math.max(...unset));
});

test('wrong data and settings are refused, saying what to do', async () => {
  const grey = fromArrays({ x: new Float32Array(90).fill(0.5), shape: [3, 3, 1], name: 'grey' });
  await assert.rejects(
    rbm().fit(grey),
    (error) => error instanceof ConfigError && /holds 0.5 at position 0.*binarise/.test(error.message),
  );
  await assert.rejects(trained.freeEnergy({ data: new Float32Array(9).fill(0.5), shape: [1, 3, 3, 1] }), /zeros and/);
  await assert.rejects(trained.logPartition({ chains: 0 }), /chains is 0/);
  const wide = { weight: new Float32Array(900), visibleBias: new Float32Array(30), hiddenBias: new Float32Array(30) };
  assert.throws(() => exactLogPartition(wide), /at most 25.*method: 'ais'/);
});

test('hidden units that never change are told of', async () => {
  const model = rbm({ hiddenUnits: 8, learningRate: 1e-6 });
  open.push(model);
  const constant = fromArrays({ x: new Float32Array(90), shape: [3, 3, 1], name: 'black' });
  const { warnings } = await model.fit(constant, { steps: 2, batchSize: 10, seed: 0, threads: 1 });
  assert.equal(warnings.length, 0);
  const saturated = rbm({ hiddenUnits: 8, learningRate: 500 });
  open.push(saturated);
  const report = await saturated.fit(bars, { steps: 20, batchSize: 40, seed: 0, threads: 1 });
  assert.match(report.warnings.join(), /of 8 hidden units are on or off whatever the row/);
});
