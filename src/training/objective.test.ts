import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromArrays } from '../data/index.js';
import { weight } from '../nn/layer.js';
import { batchNorm } from '../nn/layers/batch-norm.js';
import { dense } from '../nn/layers/dense.js';
import { dropout } from '../nn/layers/dropout.js';
import { sequential } from '../nn/layers/sequential.js';
import { network } from '../nn/network.js';
import { sgd } from '../nn/optimisers/sgd.js';
import { openRuntime } from '../runtime/node/open.js';
import { random } from '../runtime/random.js';
import { mean, multiply, square, subtract } from '../tensor/index.js';
import { labelsInput, type Objective, objectiveProgram } from './objective.js';
import { train } from './train.js';

const data = fromArrays({ x: random(1).normal(64), shape: [2], name: 'points' });

/** (m - x)^2 for a point m that starts at 0. */
const point: Objective = {
  name: 'point',
  parameters: { m: weight([2], ([size = 0]) => new Float32Array(size)) },
  exampleShape: [2],
  optimiser: sgd({ learningRate: 0.5 }),
  remedies: ['none'],
  loss({ rows, weights: { m } }) {
    const loss = mean(square(subtract(m ?? rows, rows)));
    return { loss, metrics: { loss } };
  },
};

async function run(objective: Objective, steps: number, batchSize = 32) {
  const runtime = await openRuntime({ threads: 1 });
  try {
    return await train(objectiveProgram(objective, batchSize, 0), data, runtime, { seed: 0, steps });
  } finally {
    await runtime.dispose();
  }
}

test('one step is that of the optimiser on the gradient of the loss', async () => {
  // The loss is the mean over rows and the two numbers of a row, so the gradient is m - mean(x), and half of it is subtracted.
  const { x } = await data.gather(Uint32Array.from({ length: 32 }, (_, i) => i));
  const means = [0, 1].map((column) => x.filter((_, i) => i % 2 === column).reduce((a, b) => a + b) / 32);
  const { variables } = await run(point, 1);
  for (const [i, value] of means.entries()) assert.ok(Math.abs(Number(variables.m?.data[i]) - 0.5 * value) < 1e-6);
  assert.equal(Number(variables.step?.data[0]), 1);
});

test('gradients are clipped to the norm asked for, which is reported', async () => {
  const steep: Objective = {
    ...point,
    clipNorm: 0.01,
    loss(context) {
      const { loss } = point.loss(context);
      return { loss: multiply(loss, 1000), metrics: {} };
    },
  };
  const { variables, history } = await run(steep, 1);
  const moved = Math.hypot(Number(variables.m?.data[0]), Number(variables.m?.data[1]));
  assert.ok(Math.abs(moved - 0.005) < 1e-6, `it moved by ${moved}`);
  assert.ok((history[0]?.metrics.gradientNorm ?? 0) > 1);
});

test('given initial values replace the initialisers, and averages follow the weights', async () => {
  const { variables } = await run(
    { ...point, ema: 0.9, initial: { m: { dtype: 'float32', shape: [2], data: Float32Array.of(100, 100) } } },
    3,
  );
  const [m, average] = [variables.m?.data[0], variables['ema/m']?.data[0]].map(Number);
  assert.ok(m !== undefined && average !== undefined && m > 10 && m < 15 && average > m && average < 100);
});

test("networks' dropout is fed and their running statistics move on", async () => {
  const net = network(
    'net',
    sequential([dense({ units: 4 }), batchNorm(), dropout({ rate: 0.5 }), dense({ units: 2 })]),
    [2],
  );
  const objective: Objective = {
    ...point,
    parameters: net.parameters,
    loss({ rows, apply }) {
      const loss = mean(square(subtract(apply(net, apply(net, rows)), rows)));
      return { loss, metrics: { loss } };
    },
  };
  const program = objectiveProgram(objective, 8, 0);
  // Two applications, two draws.
  assert.equal(program.noise.length, 2);
  assert.equal(new Set(program.noise.map(({ name }) => name)).size, 2);
  const { variables } = await run(objective, 2, 8);
  const statistics = Object.keys(net.parameters).filter((name) => !net.trainable.includes(name));
  assert.equal(statistics.length, 2);
  for (const name of statistics)
    assert.notDeepEqual([...(variables[name]?.data ?? [])], [...(program.initial[name]?.data ?? [])]);
});

test('labels are fed where they are wanted', () => {
  const program = objectiveProgram({ ...point, wantsLabels: true }, 8, 0);
  assert.equal(program.labels, labelsInput);
  assert.equal(objectiveProgram(point, 8, 0).labels, undefined);
});
