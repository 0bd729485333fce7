// Everything together on the device: a small network learns two moons within a loop of whole training steps; a convolutional
// network computes there, in float32, what the evaluation computes in float64.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openRuntime } from '../runtime/node/open.js';
import { type Random, random } from '../runtime/random.js';
import { float32, type Values } from '../runtime/runtime.js';
import { evaluate } from '../tensor/evaluate.js';
import { gradients } from '../tensor/gradient.js';
import { add } from '../tensor/index.js';
import { input } from '../tensor/operators/source.js';
import { batchInput, lowerLoop, lowerProgram } from '../tensor/program.js';
import { ema } from './ema.js';
import { clipByGlobalNorm } from './gradient-clipping.js';
import { initialisers } from './initialisers.js';
import { activation } from './layers/activation.js';
import { batchNorm } from './layers/batch-norm.js';
import { conv } from './layers/conv.js';
import { dense } from './layers/dense.js';
import { dropout } from './layers/dropout.js';
import { flattenLayer } from './layers/flatten-layer.js';
import { groupNorm } from './layers/group-norm.js';
import { reshapeLayer } from './layers/reshape-layer.js';
import { residual } from './layers/residual.js';
import { resizeConv } from './layers/resize-conv.js';
import { sequential } from './layers/sequential.js';
import { transposedConv } from './layers/transposed-conv.js';
import { binaryCrossEntropyFromLogits } from './losses/binary-cross-entropy.js';
import { network } from './network.js';
import { arraysOf, assertNear } from './numeric.test.support.js';
import { adam } from './optimisers/adam.js';
import { schedules } from './schedules.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

/** Two half circles that reach into each other, with noise of 0.1; labels 0 and 1 in turn. */
function twoMoons(stream: Random, count: number): { x: Float32Array<ArrayBuffer>; y: Float32Array<ArrayBuffer> } {
  const angles = stream.split('angle').uniform(count, 0, Math.PI);
  const x = stream.split('noise').normal(2 * count, 0, 0.1);
  const y = Float32Array.from({ length: count }, (_, i) => i % 2);
  for (const [i, angle] of angles.entries()) {
    const sign = i % 2 === 0 ? 1 : -1;
    x[2 * i] = (x[2 * i] ?? 0) + sign * Math.cos(angle) + (sign < 0 ? 1 : 0);
    x[2 * i + 1] = (x[2 * i + 1] ?? 0) + sign * Math.sin(angle) + (sign < 0 ? 0.5 : 0);
  }
  return { x, y };
}

test('a small network learns two moons to more than 97 % of held-out points', async () => {
  const [steps, size] = [300, 64];
  const hidden = { units: 32, weightInitialiser: initialisers.heNormal() };
  const classifier = network(
    'classifier',
    sequential([
      dense(hidden),
      batchNorm(),
      activation('relu'),
      dropout({ rate: 0.1 }),
      dense(hidden),
      activation('relu'),
      dense({ units: 1 }),
    ]),
    [2],
  );
  const parameters = classifier.inputs();
  const { output, updates, noise } = classifier.apply(input('x', [size, 2]), parameters, { training: true });
  const loss = binaryCrossEntropyFromLogits(output, input('y', [size, 1]));
  const learnt = Object.fromEntries(classifier.trainable.map((name) => [name, parameters[name]!]));
  const raw = gradients(loss, Object.values(learnt));
  const { gradients: clipped, norm } = clipByGlobalNorm(
    Object.fromEntries(classifier.trainable.map((name, i) => [name, raw[i]!])),
    1,
  );
  const step = input('step', []);
  const optimiser = adam({ learningRate: schedules.cosine({ peak: 0.02, steps, warmupSteps: 10 }) });
  const { next, state } = optimiser.update({ prefix: 'optimiser', parameters: learnt, gradients: clipped, step });
  const initial = classifier.initialise(random(1).split('weights'));
  const averages = ema({ parameters: { ...next, ...updates }, initial, decay: 0.95, step });

  const weightVariables = Object.fromEntries(
    Object.entries({ ...next, ...updates }).map(([name, value]) => [name, { current: parameters[name]!, next: value }]),
  );
  const program = await runtime.compileStep(
    lowerLoop({
      name: 'training',
      variables: { ...weightVariables, ...state, ...averages, step: { current: step, next: add(step, 1) } },
      metrics: { loss, norm },
    }),
  );
  const states = Object.entries({ ...state, ...averages }).map(([name, variable]) => [name, variable.initial] as const);
  await program.write({ ...initial, ...Object.fromEntries(states), step: float32(Float32Array.of(1), []) });

  const data = twoMoons(random(1).split('train'), steps * size);
  const draws = noise.map(({ name, shape }) => {
    const count = steps * shape.map(Number).reduce((a, b) => a * b, 1);
    return [name, random(1).split(name).uniform(count)] as const;
  });
  const metrics = await program.run(steps, { ...data, ...Object.fromEntries(draws) });
  const losses = metrics.loss!;
  assert.ok(losses[0]! > 0.4 && losses.at(-1)! < 0.15, `loss from ${losses[0]} to ${losses.at(-1)}`);

  const held = twoMoons(random(1).split('test'), 1000);
  const scoring = await runtime.compile(
    lowerProgram({ name: 'score', results: { logits: classifier.apply(batchInput('x', [2]), parameters).output } }),
  );
  const accuracy = async (weights: Values): Promise<number> => {
    const { logits } = await scoring.run({ ...weights, x: float32(held.x, [1000, 2]) });
    return Array.from(held.y).filter((label, i) => Number(logits!.data[i]) > 0 === (label === 1)).length / 1000;
  };
  const names = Object.keys(parameters);
  const last = await program.read(names);
  const averaged = await program.read(names.map((name) => `ema/${name}`));
  const before = await accuracy(initial);
  assert.ok(before < 0.9, `untrained: ${before}`);
  const trained = await accuracy(last);
  assert.ok(trained > 0.97, `trained: ${trained}`);
  const smooth = await accuracy(Object.fromEntries(names.map((name) => [name, averaged[`ema/${name}`]!])));
  assert.ok(smooth > 0.97, `averaged: ${smooth}`);
});

test('a convolutional network and its gradients: float32 on the device equal float64 here', async () => {
  const net = network(
    'net',
    sequential([
      dense({ units: 3 * 3 * 4 }),
      reshapeLayer([3, 3, 4]),
      batchNorm(),
      activation('relu'),
      transposedConv({ filters: 4, kernel: 4, stride: 2 }),
      residual(sequential([groupNorm({ groups: 2 }), activation('silu'), conv({ filters: 4, kernel: 3 })])),
      resizeConv({ filters: 2, kernel: 3 }),
      activation('leakyRelu', { slope: 0.2 }),
      conv({ filters: 3, kernel: 4, stride: 2, bias: false }),
      batchNorm(),
      activation('elu'),
      flattenLayer(),
      dense({ units: 1 }),
    ]),
    [5],
  );
  const x = input('x', [4, 5]);
  const weights = net.inputs();
  const { output, updates } = net.apply(x, weights, { training: true });
  const loss = binaryCrossEntropyFromLogits(output, 1);
  const grads = gradients(
    loss,
    net.trainable.map((name) => weights[name]!),
  );
  const results = Object.fromEntries([
    ['loss', loss],
    ...Object.entries(updates).map(([name, value]) => [`next ${name}`, value] as const),
    ...net.trainable.map((name, i) => [`gradient of ${name}`, grads[i]!] as const),
  ]);
  const feeds = { ...net.initialise(random(2)), x: float32(random(3).normal(20), [4, 5]) };
  const program = await runtime.compile(lowerProgram({ name: 'net', results }));
  const actual = await program.run(feeds);
  const expected = evaluate(Object.values(results), arraysOf(feeds));
  // Rounding errors of some hundred float32 operations on numbers near 1, enlarged by the batch norms' divisions.
  for (const [i, name] of Object.keys(results).entries())
    assertNear(Array.from(actual[name]!.data, Number), [...expected[i]!.data], 2e-5, name);
});
