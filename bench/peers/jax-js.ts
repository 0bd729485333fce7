// The jax-js peer: its WebAssembly backend. The whole training step is one `jit` function. The library reckons with a browser's
// Worker for its threads, which web-worker.ts provides. Adam is written out, since the library keeps it in another package.
// An array that is passed to a function is used up; `.ref` keeps it.
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type ArrayOperations, ganNetworks, type Network } from './networks.js';
import { type PeerLibrary, type PreparedTask, peerRequire, servePeer } from './program.js';
import { type GanTask, ganSettings } from './tasks.js';
import { defineWebWorker } from './web-worker.js';

/** The part of a jax-js array that is used here. */
interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: number[];
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  neg(): JaxArray;
  mean(axis?: number): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  transpose(order: readonly number[]): JaxArray;
  slice(...ranges: readonly (readonly [begin: number, end: number])[]): JaxArray;
  data(): Promise<Float32Array>;
  blockUntilReady(): Promise<JaxArray>;
  dispose(): void;
}

type Arrays = JaxArray[];

/** The part of the module that is used here. */
interface Jax {
  init(device: 'wasm'): Promise<string[]>;
  jit<P extends unknown[], R>(f: (...args: P) => R): (...args: P) => R;
  vjp<R>(f: (weights: Arrays) => R, primals: [Arrays]): [R, (cotangent: R) => [Arrays]];
  valueAndGrad(f: (x: JaxArray) => JaxArray): (x: JaxArray) => [JaxArray, JaxArray];
  valueAndGrad(f: (x: Arrays) => JaxArray): (x: Arrays) => [JaxArray, Arrays];
  blockUntilReady<T>(x: T): Promise<T>;
  readonly lax: { stopGradient(x: JaxArray): JaxArray };
  readonly numpy: {
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    concatenate(parts: readonly JaxArray[], axis: number): JaxArray;
    pad(x: JaxArray, widths: readonly (readonly [number, number])[]): JaxArray;
    square(x: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    array(value: number): JaxArray;
    zeros(shape: readonly number[]): JaxArray;
    power(base: number, exponent: JaxArray): JaxArray;
  };
  readonly nn: {
    relu(x: JaxArray): JaxArray;
    leakyRelu(x: JaxArray, leak: number): JaxArray;
    sigmoid(x: JaxArray): JaxArray;
    softplus(x: JaxArray): JaxArray;
  };
  readonly random: {
    key(seed: JaxArray | number): JaxArray;
    normal(key: JaxArray, shape: readonly number[]): JaxArray;
    uniform(key: JaxArray, shape: readonly number[]): JaxArray;
  };
}

/** A network's weights and Adam's running means of their gradients and squared gradients. */
type Learner = { weights: Arrays; first: Arrays; second: Arrays };

const packageSchema = z.object({ version: z.string(), module: z.string() });

await servePeer(async (): Promise<PeerLibrary> => {
  const require = peerRequire();
  const path = require.resolve('@jax-js/jax');
  const packageFolder = dirname(dirname(path));
  const { version, module } = packageSchema.parse(require(join(packageFolder, 'package.json')));
  defineWebWorker(Number(process.argv[2] ?? 1));
  const jax: Jax = await import(pathToFileURL(join(packageFolder, module)).href);
  const devices = await jax.init('wasm');
  if (!devices.includes('wasm')) throw new Error(`jax-js could not start its wasm device, only ${devices.join(', ')}.`);
  return {
    version,
    async build(task) {
      return task.kind === 'matmul' ? productTask(jax, task.size) : ganTask(jax, task.gan);
    },
  };
});

function productTask({ random, numpy }: Jax, size: number): PreparedTask {
  const left = random.uniform(random.key(1), [size, size]);
  const right = random.uniform(random.key(2), [size, size]);
  return {
    remarks: [],
    async step() {
      const product = numpy.matmul(left.ref, right.ref);
      await product.blockUntilReady();
      product.dispose();
    },
  };
}

function ganTask(jax: Jax, name: GanTask): PreparedTask {
  const { jit, vjp, valueAndGrad, nn, numpy, random } = jax;
  const { batchSize, latentSize, poolSize } = ganSettings;
  const { generator, discriminator, exampleShape } = ganNetworks[name];
  const operations = operationsOf(jax);
  const pool = Array.from({ length: poolSize }, (_, index) =>
    random.uniform(random.key(300 + index), [batchSize, ...exampleShape]),
  );
  const judge = (weights: Arrays, examples: JaxArray) => discriminator.forward(operations, weights, examples);

  const makeStep = jit((g: Learner, d: Learner, real: JaxArray, count: JaxArray) => {
    const noise = random.normal(random.key(count.ref), [batchSize, latentSize]);
    const [fake, pullBack] = vjp((weights) => generator.forward(operations, weights, noise.ref), [g.weights.map(keep)]);
    const [discriminatorLoss, discriminatorGradient] = valueAndGrad((weights: Arrays) =>
      nn
        .softplus(judge(weights, real.ref).neg())
        .mean()
        .add(nn.softplus(judge(weights, fake.ref)).mean()),
    )(d.weights.map(keep));
    const nextD = adam(jax, d, discriminatorGradient, count);
    const [generatorLoss, imageGradient] = valueAndGrad((images: JaxArray) =>
      nn.softplus(judge(nextD.weights, images).neg()).mean(),
    )(fake.ref);
    const [generatorGradient] = pullBack(imageGradient);
    const nextG = adam(jax, g, generatorGradient, count);
    return { g: nextG, d: nextD, discriminatorLoss, generatorLoss };
  });

  let [g, d] = [learner(jax, generator, 100), learner(jax, discriminator, 200)];
  let losses: { discriminator: JaxArray; generator: JaxArray } | undefined;
  let steps = 0;
  return {
    remarks:
      name === 'dcgan-28' ? ['convolutions are written as matrix products, which are faster here than lax.conv'] : [],
    async step() {
      losses?.discriminator.dispose();
      losses?.generator.dispose();
      const next = makeStep(g, d, pool[steps % poolSize]!.ref, numpy.array(++steps));
      await jax.blockUntilReady(next);
      [g, d] = [next.g, next.d];
      losses = { discriminator: next.discriminatorLoss, generator: next.generatorLoss };
    },
    async losses() {
      const [[discriminatorLoss], [generatorLoss]] = await Promise.all([
        losses!.discriminator.ref.data(),
        losses!.generator.ref.data(),
      ]);
      return { discriminator: discriminatorLoss!, generator: generatorLoss! };
    },
  };
}

function keep(x: JaxArray): JaxArray {
  return x.ref;
}

/** One update by Adam (Kingma & Ba 2015, algorithm 1); `count` is the number of this step. */
function adam({ numpy }: Jax, { weights, first, second }: Learner, gradients: Arrays, count: JaxArray): Learner {
  const { learningRate, beta1, beta2, epsilon } = ganSettings;
  const firstCorrection = numpy.power(beta1, count.ref).neg().add(1);
  const secondCorrection = numpy.power(beta2, count.ref).neg().add(1);
  const nextFirst = first.map((m, i) => m.ref.mul(beta1).add(gradients[i]!.ref.mul(1 - beta1)));
  const nextSecond = second.map((v, i) => v.ref.mul(beta2).add(numpy.square(gradients[i]!.ref).mul(1 - beta2)));
  const nextWeights = weights.map((weight, i) => {
    const spread = numpy.sqrt(nextSecond[i]!.ref.div(secondCorrection.ref)).add(epsilon);
    return weight.ref.sub(nextFirst[i]!.ref.div(firstCorrection.ref).div(spread).mul(learningRate));
  });
  return { weights: nextWeights, first: nextFirst, second: nextSecond };
}

function learner({ random, numpy }: Jax, network: Network, seed: number): Learner {
  const zeros = () => network.weights.map(({ shape }) => numpy.zeros(shape));
  const weights = network.weights.map(({ shape, mean, deviation }, index) =>
    random
      .normal(random.key(seed + index), shape)
      .mul(deviation)
      .add(mean),
  );
  return { weights, first: zeros(), second: zeros() };
}

function operationsOf({ numpy, nn }: Jax): ArrayOperations<JaxArray> {
  return {
    shape: (x) => x.shape,
    reshape: (x, shape) => x.ref.reshape(shape),
    transpose: (x, order) => x.ref.transpose(order),
    crop: (x, begin, sizes) => x.ref.slice(...begin.map((from, axis) => [from, from + sizes[axis]!] as const)),
    pad: (x, widths) => numpy.pad(x.ref, widths),
    join: (parts) => numpy.concatenate(parts.map(keep), -1),
    add: (a, b) => a.ref.add(b.ref),
    product: (a, b) => numpy.matmul(a.ref, b.ref),
    relu: (x) => nn.relu(x.ref),
    leakyRelu: (x, leak) => nn.leakyRelu(x.ref, leak),
    sigmoid: (x) => nn.sigmoid(x.ref),
    batchNorm(x, gain, bias) {
      const centred = x.ref.sub(x.ref.mean(0));
      const variance = numpy.square(centred.ref).mean(0);
      return centred
        .div(numpy.sqrt(variance.add(1e-5)))
        .mul(gain.ref)
        .add(bias.ref);
    },
  };
}
