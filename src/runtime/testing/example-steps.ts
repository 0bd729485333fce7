// Whole training steps for the tests of runtimes: small, but with everything that real models use.
import {
  add,
  conv2d,
  conv2dTranspose,
  divide,
  gradients,
  input,
  leakyRelu,
  matmul,
  mean,
  multiply,
  power,
  relu,
  reshape,
  type StepProgram,
  scalar,
  sigmoid,
  softplus,
  sqrt,
  square,
  stopGradient,
  subtract,
  type Tensor,
  tanh,
  type Variable,
} from '../../tensor/index.js';
import { random } from '../random.js';
import { float32, type ValueData, type Values } from '../runtime.js';

/** A step with where it starts and what feeds it. */
export interface ExampleStep {
  readonly step: StepProgram;
  readonly initial: Values;
  /** The feeds of `count` steps, always the same. */
  feeds(count: number): Record<string, ValueData>;
}

type Shapes = Readonly<Record<string, readonly number[]>>;

/** One hidden layer of tanh that learns a linear map by Adam. `width` sets its size; 1000 makes about a million weights. */
export function mlpStep(width = 32, { batch = 16, size = 8 } = {}): ExampleStep {
  const shapes = { w1: [size, width], b1: [width], w2: [width, size], b2: [size] };
  const weights = inputs(shapes);
  const x = input('x', [batch, size]);
  const hidden = tanh(add(matmul(x, weights.w1), weights.b1));
  const loss = mean(square(subtract(add(matmul(hidden, weights.w2), weights.b2), multiply(x, 0.5))));
  return {
    step: { name: 'mlp/step', variables: adam(loss, weights), metrics: { loss } },
    initial: initialValues(shapes),
    feeds: (count) => ({
      x: random(1)
        .split('x')
        .normal(count * batch * size),
    }),
  };
}

/** A convolution, a non-linearity and a dense layer that tell bright images from dark ones, by Adam. */
export function convolutionStep(batch = 8): ExampleStep {
  const shapes = { filter: [3, 3, 1, 4], bias: [4], dense: [64, 1] };
  const weights = inputs(shapes);
  const x = input('x', [batch, 8, 8, 1]);
  const features = relu(add(conv2d(x, weights.filter, { stride: 2, padding: 1 }), weights.bias));
  const logits = matmul(reshape(features, [batch, 64]), weights.dense);
  const target = sigmoid(multiply(mean(x, { axes: [1, 2] }), 20));
  const loss = mean(subtract(softplus(logits), multiply(logits, target)));
  return {
    step: { name: 'convolution/step', variables: adam(loss, weights), metrics: { loss } },
    initial: initialValues(shapes),
    feeds: (count) => ({
      x: random(2)
        .split('x')
        .normal(count * batch * 64),
    }),
  };
}

/** A small DCGAN: transposed convolutions, batch normalisation and leaky relu, two players, two Adams, one step. */
export function ganStep(batch = 8): ExampleStep {
  const generatorShapes = { project: [4, 64], g1: [4, 4, 8, 16], gain: [8], shift: [8], g2: [4, 4, 1, 8] };
  const discriminatorShapes = { d1: [4, 4, 1, 8], d2: [4, 4, 8, 16], out: [64, 1] };
  const generator = inputs(generatorShapes);
  const discriminator = inputs(discriminatorShapes);
  const z = input('z', [batch, 4]);
  const real = input('real', [batch, 8, 8, 1]);
  const small = relu(reshape(matmul(z, generator.project), [batch, 2, 2, 16]));
  const up = conv2dTranspose(small, generator.g1, { stride: 2, padding: 1 });
  const normal = relu(add(multiply(normalised(up), generator.gain), generator.shift));
  const fake = tanh(conv2dTranspose(normal, generator.g2, { stride: 2, padding: 1 }));
  const judge = (images: Tensor): Tensor => {
    const first = leakyRelu(conv2d(images, discriminator.d1, { stride: 2, padding: 1 }), 0.2);
    const second = leakyRelu(normalised(conv2d(first, discriminator.d2, { stride: 2, padding: 1 })), 0.2);
    return matmul(reshape(second, [batch, 64]), discriminator.out);
  };
  const logits = judge(fake);
  const generatorLoss = mean(softplus(multiply(logits, -1)));
  const discriminatorLoss = add(mean(softplus(multiply(judge(real), -1))), mean(softplus(judge(stopGradient(fake)))));
  return {
    step: {
      name: 'gan/step',
      variables: { ...adam(generatorLoss, generator, 'g/'), ...adam(discriminatorLoss, discriminator, 'd/') },
      metrics: { generatorLoss, discriminatorLoss },
    },
    initial: { ...initialValues(generatorShapes, 'g/'), ...initialValues(discriminatorShapes, 'd/') },
    feeds: (count) => ({
      z: random(3)
        .split('z')
        .normal(count * batch * 4),
      real: random(3)
        .split('real')
        .uniform(count * batch * 64, -1, 1),
    }),
  };
}

/** Batch normalisation without its gain and shift. */
function normalised(x: Tensor): Tensor {
  const centred = subtract(x, mean(x, { axes: [0, 1, 2], keepAxes: true }));
  const variance = mean(square(centred), { axes: [0, 1, 2], keepAxes: true });
  return divide(centred, sqrt(add(variance, 1e-5)));
}

function inputs<const Name extends string>(shapes: Readonly<Record<Name, readonly number[]>>): Record<Name, Tensor> {
  const result: Partial<Record<Name, Tensor>> = {};
  for (const name in shapes) result[name] = input(name, shapes[name]);
  return result as Record<Name, Tensor>;
}

/** Adam (Kingma and Ba 2015, algorithm 1) with the bias corrections as powers of the step's number. */
function adam(loss: Tensor, weights: Readonly<Record<string, Tensor>>, prefix = ''): Record<string, Variable> {
  const [rate, beta1, beta2] = [0.01, 0.9, 0.999];
  const before = input(`${prefix}t`, []);
  const t = add(before, 1);
  const variables: Record<string, Variable> = { [`${prefix}t`]: { current: before, next: t } };
  const slopes = gradients(loss, Object.values(weights));
  for (const [index, [name, weight]] of Object.entries(weights).entries()) {
    const slope = slopes[index] ?? weight;
    const m = input(`m/${name}`, weight.shape);
    const v = input(`v/${name}`, weight.shape);
    const nextM = add(multiply(m, beta1), multiply(slope, 1 - beta1));
    const nextV = add(multiply(v, beta2), multiply(square(slope), 1 - beta2));
    const ratio = divide(nextM, subtract(1, power(scalar(beta1), t)));
    const scale = add(sqrt(divide(nextV, subtract(1, power(scalar(beta2), t)))), 1e-8);
    variables[name] = { current: weight, next: subtract(weight, multiply(rate, divide(ratio, scale))) };
    variables[`m/${name}`] = { current: m, next: nextM };
    variables[`v/${name}`] = { current: v, next: nextV };
  }
  return variables;
}

function initialValues(shapes: Shapes, prefix = ''): Values {
  const values: Record<string, Values[string]> = { [`${prefix}t`]: float32(new Float32Array(1), []) };
  for (const [name, shape] of Object.entries(shapes)) {
    const size = shape.reduce((product, length) => product * length, 1);
    values[name] = float32(random(0).split(name).normal(size, 0, 0.1), shape);
    values[`m/${name}`] = float32(new Float32Array(size), shape);
    values[`v/${name}`] = float32(new Float32Array(size), shape);
  }
  return values;
}
