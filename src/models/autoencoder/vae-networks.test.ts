// The graph of a variational autoencoder against what is known in closed form.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assertGradients, type Feeds, numbers, randomArray } from '../../nn/numeric.test.support.js';
import { random } from '../../runtime/random.js';
import { float32, type Value } from '../../runtime/runtime.js';
import { add, flatten, gradients, input, mean, negative, slice, sum, type Tensor } from '../../tensor/index.js';
import { parseOptions } from '../definition.js';
import type { SavedModel } from '../saved-model.js';
import { vaeDefinition } from './vae.js';
import { Vae } from './vae-model.js';
import { logMeanExp, VaeNetworks } from './vae-networks.js';
import { weightInputs } from './vae-objective.js';
import { vaeSchema } from './vae-options.js';

/** Linear networks: x = 2 z + 1 + noise of variance 0.5 for both numbers of a row, z ~ N(0, 1). */
const linear = { latentSize: 1, hiddenLayers: [], decoder: 'gaussian', variance: 0.5 };

/** A model with these weights; the posterior has means 0.3 (x1 + x2) - 0.4 and the log variance -1, which is not the true one. */
function linearModel(weights: Record<string, Value>): Vae {
  const saved: SavedModel = { kind: 'vae', config: linear, exampleShape: [2], classes: [], weights };
  const model = vaeDefinition.restore(saved);
  assert.ok(model instanceof Vae);
  return model;
}

const linearWeights = {
  'encoder/output/weight': float32(Float32Array.of(0.3, 0, 0.3, 0), [2, 2]),
  'encoder/output/bias': float32(Float32Array.of(-0.4, -1), [2]),
  'decoder/output/weight': float32(Float32Array.of(2, 2), [1, 2]),
  'decoder/output/bias': float32(Float32Array.of(1, 1), [2]),
};

/** log N(x | (1, 1), 0.5 I + 4 (1, 1)(1, 1)^T): the eigenvalues are 0.5 + 8 along (1, 1), 0.5 across. */
function trueLogProb([a = 0, b = 0]: ArrayLike<number> & Iterable<number>): number {
  const [along, across] = [(a - 1 + (b - 1)) / Math.SQRT2, (a - b) / Math.SQRT2];
  return -0.5 * (along ** 2 / 8.5 + across ** 2 / 0.5 + Math.log(8.5 * 0.5)) - Math.log(2 * Math.PI);
}

test('on a linear model the bounds rise with k towards the known log-likelihood, and stay below it', async () => {
  const model = linearModel(linearWeights);
  const count = 300;
  const z = random(1).normal(count);
  const x = random(2)
    .normal(2 * count, 0, Math.SQRT1_2)
    .map((value, i) => value + 2 * (z[i >> 1] ?? 0) + 1);
  const exact = Array.from({ length: count }, (_, row) => trueLogProb(x.subarray(2 * row, 2 * row + 2)));
  const truth = exact.reduce((a, b) => a + b, 0) / count;
  const bounds: number[] = [];
  for (const samples of [1, 2, 4, 16, 64, 5000]) {
    const { values } = await model.logProbBound({ data: x, shape: [count, 2] }, { samples });
    bounds.push(values.reduce((a, b) => a + b, 0) / count);
    if (samples === 5000) {
      // Each estimate of a row has settled by then.
      for (const [row, value] of values.entries()) assert.ok(Math.abs(value - (exact[row] ?? 0)) < 0.1);
    }
  }
  for (const [i, bound] of bounds.entries()) {
    assert.ok(i === 0 || bound > (bounds[i - 1] ?? 0), bounds.join(', '));
    assert.ok(bound < truth + 0.005, `${bounds.join(', ')} against ${truth}`);
  }
  // The evidence lower bound is lower by exactly KL(q || p(z | x)), here about two and a half nats.
  let gap = truth;
  for (let seed = 0; seed < 20; seed++) {
    const { values } = await model.logProbBound({ data: x, shape: [count, 2] }, { seed });
    gap -= values.reduce((a, b) => a + b, 0) / count / 20;
  }
  let expected = 0;
  for (let row = 0; row < count; row++) {
    const [a = 0, b = 0] = x.subarray(2 * row, 2 * row + 2);
    // p(z | x) = N(2 (x1 + x2 - 2) / 8.5, 0.5 / 8.5)
    const [m, v, m0, v0] = [0.3 * (a + b) - 0.4, Math.exp(-1), (2 * (a + b - 2)) / 8.5, 0.5 / 8.5];
    expected += (0.5 * (Math.log(v0 / v) + (v + (m - m0) ** 2) / v0 - 1)) / count;
  }
  assert.ok(Math.abs(gap - expected) < 0.2, `${gap} nats; ${expected} expected`);
  assert.ok(Math.abs((bounds.at(-1) ?? 0) - truth) < 0.01);
  await model.dispose();
});

test('with the true posterior every bound is the log-likelihood, whatever the noise', async () => {
  // p(z | x) = N(2 (x1 + x2 - 2) / 8.5, 0.5 / 8.5): all importance weights are equal.
  const slope = 2 / 8.5;
  const model = linearModel({
    ...linearWeights,
    'encoder/output/weight': float32(Float32Array.of(slope, 0, slope, 0), [2, 2]),
    'encoder/output/bias': float32(Float32Array.of(-2 * slope, Math.log(0.5 / 8.5)), [2]),
  });
  const x = Float32Array.of(1, 1, 3, 2.5, -4, -3);
  const { values } = await model.logProbBound({ data: x, shape: [3, 2] }, { samples: 2 });
  for (const [row, value] of values.entries())
    assert.ok(Math.abs(value - trueLogProb(x.subarray(2 * row, 2 * row + 2))) < 1e-4);
  await model.dispose();
});

/** A small Bernoulli model as expressions, and arrays for its inputs. */
function smallGraph(count: number, k?: number) {
  const config = parseOptions('vae', vaeSchema, { latentSize: 2, hiddenLayers: [3], activation: 'tanh' });
  const networks = new VaeNetworks(config, [4], 0);
  const { inputs, apply } = weightInputs(networks, false);
  const x = input('x', [count, 4]);
  const noise = input('noise', k === undefined ? [count, 2] : [k, count, 2]);
  const weights = Object.entries(networks.parameters).map(
    ([name, { shape }], index) => [name, randomArray(shape, index)] as const,
  );
  const feeds: Feeds = {
    ...Object.fromEntries(weights),
    x: array([count, 4], random(3).integers(4 * count, 0, 2)),
    noise: randomArray(noise.shape.map(Number), 4),
  };
  return { networks, inputs, apply, x, noise, feeds };
}

test('the divergence is positive, and what a mean over many codes gives', () => {
  const count = 2;
  const { networks, inputs, apply, x, noise, feeds } = smallGraph(count, 20_000);
  const { kl, logRatio } = networks.importance(x, undefined, noise, inputs, apply);
  const [closed, ratios] = [numbers(kl, feeds), numbers(logRatio, feeds)];
  for (let row = 0; row < count; row++) {
    const exact = (closed[2 * row] ?? 0) + (closed[2 * row + 1] ?? 0);
    assert.ok(exact > 0.05, `${exact}`);
    // KL = E_q log q / p = -E_q logRatio
    let estimate = 0;
    for (let i = 0; i < 20_000; i++) estimate -= (ratios[i * count + row] ?? 0) / 20_000;
    assert.ok(Math.abs(estimate - exact) < 0.03 * exact, `${estimate} by codes, ${exact} in closed form`);
  }
});

test('gradients flow through the codes into the encoder, as differences say', () => {
  for (const k of [undefined, 3]) {
    const { networks, inputs, apply, x, noise, feeds } = smallGraph(2, k);
    const lossOf = (): Tensor => {
      if (k === undefined) return negative(mean(networks.elbo(x, undefined, noise, inputs, apply).logProb));
      const { logProb, logRatio } = networks.importance(x, undefined, noise, inputs, apply);
      return negative(mean(logMeanExp(add(logProb, logRatio))));
    };
    const loss = lossOf();
    const parameters = ['encoder/hidden1/weight', 'encoder/output/bias', 'decoder/output/weight'].map(
      (name) => inputs[name],
    );
    for (const parameter of parameters) {
      assert.ok(parameter);
      assertGradients(loss, [parameter], feeds);
      const [slope] = gradients(loss, [parameter]);
      assert.ok(slope);
      assert.ok(numbers(slope, feeds).some((value) => Math.abs(value) > 1e-3));
    }
  }
});

test('the gradient of the importance bound is that of its terms, weighted by their shares (Burda et al., equation 14)', () => {
  const k = 4;
  const { networks, inputs, apply, x, noise, feeds } = smallGraph(1, k);
  const { logProb, logRatio } = networks.importance(x, undefined, noise, inputs, apply);
  const logWeights = add(logProb, logRatio);
  const parameter = inputs['encoder/hidden1/weight'];
  assert.ok(parameter);
  const [whole] = gradients(mean(logMeanExp(logWeights)), [parameter]);
  assert.ok(whole);
  const values = numbers(logWeights, feeds);
  const total = values.reduce((all, value) => all + Math.exp(value), 0);
  const expected = new Float64Array(12);
  for (const [i, value] of values.entries()) {
    const [slope] = gradients(sum(slice(flatten(logWeights, 0), 0, i, i + 1)), [parameter]);
    assert.ok(slope);
    const part = numbers(slope, feeds);
    for (let j = 0; j < 12; j++) expected[j] = (expected[j] ?? 0) + (Math.exp(value) / total) * (part[j] ?? 0);
  }
  const actual = numbers(whole, feeds);
  for (const [j, value] of expected.entries()) assert.ok(Math.abs(value - (actual[j] ?? 0)) < 1e-9);
});
