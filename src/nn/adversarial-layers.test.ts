// The layers of GANs together on the device: a conditional generator of residual blocks, a spectrally normalised discriminator that sees
// deviations in batches, and its gradient penalty compute there, in float32, what the evaluation computes in float64.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openRuntime } from '../runtime/node/open.js';
import { random } from '../runtime/random.js';
import { float32 } from '../runtime/runtime.js';
import { evaluate } from '../tensor/evaluate.js';
import { gradients } from '../tensor/gradient.js';
import { add, norm, square, subtract } from '../tensor/index.js';
import { mean, sum } from '../tensor/operators/reduce.js';
import { input } from '../tensor/operators/source.js';
import { lowerProgram } from '../tensor/program.js';
import { activation } from './layers/activation.js';
import { conditionalBatchNorm } from './layers/conditional-batch-norm.js';
import { conv } from './layers/conv.js';
import { dense } from './layers/dense.js';
import { globalSumPooling } from './layers/global-sum-pooling.js';
import { minibatchDeviation } from './layers/minibatch-deviation.js';
import { reshapeLayer } from './layers/reshape-layer.js';
import { residualDown } from './layers/residual-down.js';
import { residualUp } from './layers/residual-up.js';
import { sequential } from './layers/sequential.js';
import { spectralNorm } from './layers/spectral-norm.js';
import { network } from './network.js';
import { arraysOf, assertNear } from './numeric.test.support.js';

const runtime = await openRuntime({ threads: 1 });
after(() => runtime.dispose());

const conditioned = () => conditionalBatchNorm({ classes: 3 });
const generator = network(
  'generator',
  sequential([
    dense({ units: 2 * 2 * 4 }),
    reshapeLayer([2, 2, 4]),
    residualUp({ filters: 4, norm: conditioned }),
    residualUp({ filters: 2, norm: conditioned }),
    conv({ filters: 3, kernel: 3 }),
    activation('tanh'),
  ]),
  [5],
);
const discriminator = network(
  'discriminator',
  spectralNorm(
    sequential([
      residualDown({ filters: 4, startsWithRelu: false }),
      residualDown({ filters: 4 }),
      residualDown({ filters: 4, pool: false }),
      minibatchDeviation(),
      activation('relu'),
      globalSumPooling(),
      dense({ units: 1 }),
    ]),
  ),
  [8, 8, 3],
);

test('a penalised game of residual networks: float32 on the device equals float64 here', async () => {
  const z = input('z', [4, 5]);
  const labels = input('labels', [4, 3]);
  const weights = { ...generator.inputs(), ...discriminator.inputs() };
  const drawn = generator.apply(z, weights, { training: true, condition: labels });
  const judged = discriminator.apply(drawn.output, weights, { training: true });
  const [slope] = gradients(sum(judged.output), [drawn.output]);
  const penalty = mean(square(subtract(norm(slope!, { axes: [1, 2, 3] }), 1)));
  const loss = add(mean(judged.output), penalty);
  const names = [...generator.trainable, ...discriminator.trainable];
  const slopes = gradients(
    loss,
    names.map((name) => weights[name]!),
  );
  const results = Object.fromEntries([
    ['loss', loss],
    ...Object.entries({ ...drawn.updates, ...judged.updates }).map(([name, value]) => [`next ${name}`, value] as const),
    ...names.map((name, i) => [`gradient of ${name}`, slopes[i]!] as const),
  ]);
  const feeds = {
    ...generator.initialise(random(1)),
    ...discriminator.initialise(random(2)),
    z: float32(random(3).normal(20), [4, 5]),
    labels: float32(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0), [4, 3]),
  };
  const program = await runtime.compile(lowerProgram({ name: 'game', results }));
  const actual = await program.run(feeds);
  const expected = evaluate(Object.values(results), arraysOf(feeds));
  // Rounding errors of some hundred float32 operations, enlarged by batch norms and the derivative of the norm.
  for (const [i, name] of Object.keys(results).entries())
    assertNear(Array.from(actual[name]!.data, Number), [...expected[i]!.data], 1e-4, name);
  assert.ok(Object.keys(results).filter((name) => name.endsWith('singularVector')).length === 9);
});
