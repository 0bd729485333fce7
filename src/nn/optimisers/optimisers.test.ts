// Optimisers against PyTorch 2.15 in float64, ten updates:
//   p = torch.nn.Parameter(torch.tensor([1.0, -2.0, 0.5])); o = <call>
//   for t in range(1, 11):
//     p.grad = torch.tensor([math.sin(t * (i + 1)) + 0.1 * i if not (i == 2 and t < 3) else 0.0 for i in range(3)]); o.step()
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { openRuntime } from '../../runtime/node/open.js';
import { float32, type Values } from '../../runtime/runtime.js';
import { evaluate } from '../../tensor/evaluate.js';
import { add } from '../../tensor/index.js';
import { input } from '../../tensor/operators/source.js';
import { lowerLoop } from '../../tensor/program.js';
import { simplify } from '../../tensor/simplify.js';
import { inTopologicalOrder } from '../../tensor/tensor.js';
import { array, arraysOf, assertNear } from '../numeric.test.support.js';
import { schedules } from '../schedules.js';
import { adam, adamW } from './adam.js';
import type { Optimiser, Update } from './optimiser.js';
import { rmsProp } from './rms-prop.js';
import { sgd } from './sgd.js';

const start = [1, -2, 0.5];
const gradientAt = (t: number): number[] =>
  [0, 1, 2].map((i) => (i === 2 && t < 3 ? 0 : Math.sin(t * (i + 1)) + 0.1 * i));

const references: readonly [string, Optimiser, readonly number[]][] = [
  ['SGD([p], lr=0.1)', sgd({ learningRate: 0.1 }), [0.858881162878199, -2.16465056940382, 0.372573225853216]],
  [
    'SGD([p], lr=0.1, weight_decay=0.2)',
    sgd({ learningRate: 0.1, weightDecay: 0.2 }),
    [0.693958509100862, -1.78503623067535, 0.294846781342958],
  ],
  [
    'SGD([p], lr=0.1, momentum=0.9)',
    sgd({ learningRate: 0.1, momentum: 0.9 }),
    [0.255150431098623, -2.63608594370516, -0.152008048660472],
  ],
  [
    'SGD([p], lr=0.1, momentum=0.9, nesterov=True)',
    sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    [0.188516550866959, -2.73712791873846, -0.214234017941209],
  ],
  [
    'RMSprop([p], lr=0.01, alpha=0.9, eps=1e-3)',
    rmsProp({ learningRate: 0.01, decay: 0.9, epsilon: 1e-3 }),
    [0.955785591748983, -2.03320949066352, 0.459894751844876],
  ],
  [
    'RMSprop([p], lr=0.01, alpha=0.99, eps=1e-8, momentum=0.5)',
    rmsProp({ learningRate: 0.01, momentum: 0.5 }),
    [0.721479379669348, -2.17460620121147, 0.233017741835726],
  ],
  [
    'Adam([p], lr=0.05, betas=(0.9, 0.999), eps=1e-8)',
    adam({ learningRate: 0.05 }),
    [0.817271355250154, -2.12700076250396, 0.36899004856846],
  ],
  [
    'Adam([p], lr=0.05, betas=(0.5, 0.9), eps=0.1)',
    adam({ learningRate: 0.05, beta1: 0.5, beta2: 0.9, epsilon: 0.1 }),
    [0.885041817920276, -2.08474979717368, 0.3880236015134],
  ],
  [
    'Adam([p], lr=0.05, betas=(0, 0.9), eps=1e-8)',
    adam({ learningRate: 0.05, beta1: 0, beta2: 0.9 }),
    [0.919859838917028, -2.07979257505588, 0.385124122180739],
  ],
  [
    'AdamW([p], lr=0.05, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.1)',
    adamW({ learningRate: 0.05, weightDecay: 0.1 }),
    [0.774388884143851, -2.02549404349246, 0.347211820370797],
  ],
];

const p = input('p', [3]);
const g = input('g', [3]);
const step = input('step', []);

function updateOf(optimiser: Optimiser): Update {
  return optimiser.update({ prefix: 'optimiser', parameters: { p }, gradients: { p: g }, step });
}

/** The values after some updates, in float64. */
function after(optimiser: Optimiser, updates: number): number[] {
  const { next, state } = updateOf(optimiser);
  const names = Object.keys(state);
  const initial: Values = Object.fromEntries(names.map((name) => [name, state[name]!.initial]));
  let values = { ...arraysOf(initial), p: array([3], start) };
  for (let t = 1; t <= updates; t++) {
    const feeds = { ...values, g: array([3], gradientAt(t)), step: array([], [t]) };
    const [nextP, ...nextState] = evaluate([next.p!, ...names.map((name) => state[name]!.next)], feeds);
    values = { ...Object.fromEntries(names.map((name, i) => [name, nextState[i]!])), p: nextP! };
  }
  return [...values.p.data];
}

for (const [call, optimiser, expected] of references)
  test(`${optimiser.kind} equals torch.optim.${call}`, () => assertNear(after(optimiser, 10), expected, 1e-13));

test('all of them on the device, in float32, carried by a loop', async () => {
  const runtime = await openRuntime({ threads: 1 });
  try {
    for (const [call, optimiser, expected] of references) {
      const { next, state } = updateOf(optimiser);
      const program = await runtime.compileStep(
        lowerLoop({
          name: 'update',
          variables: { p: { current: p, next: next.p! }, step: { current: step, next: add(step, 1) }, ...state },
          metrics: {},
        }),
      );
      await program.write({
        p: float32(Float32Array.from(start), [3]),
        step: float32(Float32Array.of(1), []),
        ...Object.fromEntries(Object.entries(state).map(([name, { initial }]) => [name, initial])),
      });
      const fed = Float32Array.from(Array.from({ length: 10 }, (_, i) => gradientAt(i + 1)).flat());
      await program.run(10, { g: fed });
      const { p: result } = await program.read(['p']);
      // Ten steps of float32 arithmetic on numbers near 2.
      assertNear(Array.from(result!.data, Number), expected, 3e-6, call);
      await program.dispose();
    }
  } finally {
    await runtime.dispose();
  }
});

test('state is named after prefix, parameter and quantity', () => {
  assert.deepEqual(Object.keys(updateOf(adam()).state), ['optimiser/p/firstMoment', 'optimiser/p/secondMoment']);
  assert.deepEqual(Object.keys(updateOf(sgd()).state), []);
  assert.deepEqual(Object.keys(updateOf(sgd({ momentum: 0.5 })).state), ['optimiser/p/velocity']);
  assert.deepEqual(Object.keys(updateOf(rmsProp()).state), ['optimiser/p/squares']);
});

test('a scheduled rate is asked for every step; a rate of zero changes nothing', () => {
  const halved = adam({ learningRate: schedules.stepwise({ initial: 0.05, factor: 0.5, after: 1 }) });
  const [one, two, oneOnly] = [after(halved, 1), after(halved, 2), after(adam({ learningRate: 0.05 }), 1)];
  assertNear(one, oneOnly, 1e-15);
  const whole = after(adam({ learningRate: 0.05 }), 2);
  assertNear(
    two.map((value, i) => value - one[i]!),
    whole.map((value, i) => (value - one[i]!) / 2),
    1e-14,
  );
  assert.deepEqual(after(adam({ learningRate: schedules.constant(0) }), 3), start);
});

test('Adam passes over each parameter ten times: two for one moment, three for the other, five for the step', () => {
  const { next, state } = updateOf(adam({ learningRate: schedules.cosine({ peak: 0.1, steps: 100 }) }));
  const results = simplify([next.p!, ...Object.values(state).map((variable) => variable.next)]);
  const passes = inTopologicalOrder(results).filter(({ rank, operation }) => rank === 1 && operation.inputs.length > 0);
  assert.equal(passes.length, 10);
});

test('a missing or misshapen gradient is refused', () => {
  const update = (gradients: Update['next']) => () => sgd().update({ prefix: 'o', parameters: { p }, gradients, step });
  assert.throws(update({}), /The parameter "p" of shape \[3\] needs a gradient of that shape; received none/);
  assert.throws(update({ p: step }), ConfigError);
});

test('numbers out of range are refused', () => {
  assert.throws(() => adam({ beta1: 1 }), /adam: beta1 is 1; it has to be a number from 0 to below 1/);
  assert.throws(() => adamW({ learningRate: -1 }), /adamW: learningRate is -1/);
  assert.throws(() => sgd({ learningRate: 0 }), /sgd: learningRate is 0/);
  assert.throws(() => rmsProp({ learningRate: Number.NaN }), /rmsProp: learningRate is NaN/);
  assert.throws(() => rmsProp({ epsilon: 0 }), ConfigError);
  assert.throws(() => sgd({ momentum: 1 }), ConfigError);
});
