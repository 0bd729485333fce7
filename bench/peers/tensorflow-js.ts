// The TensorFlow.js peer: its WebAssembly backend, the fastest one that needs no native build. In Node that backend runs on
// one thread (tensorflow/tfjs#3830). Training uses the library's own gradients and its own Adam.
import { z } from 'zod';
import { type ArrayOperations, ganNetworks, type Network } from './networks.js';
import { type PeerLibrary, type PreparedTask, peerRequire, servePeer } from './program.js';
import { type GanTask, ganSettings } from './tasks.js';

/** The part of a TensorFlow.js tensor that is used here. */
interface Tensor {
  readonly shape: number[];
  reshape(shape: readonly number[]): Tensor;
  transpose(order: readonly number[]): Tensor;
  slice(begin: readonly number[], sizes: readonly number[]): Tensor;
  pad(widths: readonly (readonly [number, number])[]): Tensor;
  add(other: Tensor): Tensor;
  sub(other: Tensor): Tensor;
  mul(other: Tensor): Tensor;
  matMul(other: Tensor): Tensor;
  neg(): Tensor;
  mean(axis?: number): Tensor;
  softplus(): Tensor;
  relu(): Tensor;
  leakyRelu(leak: number): Tensor;
  sigmoid(): Tensor;
  batchNorm(mean: Tensor, variance: Tensor, offset: Tensor, scale: Tensor, epsilon: number): Tensor;
  data(): Promise<Float32Array>;
  dataSync(): Float32Array;
  dispose(): void;
}

type NamedTensors = Record<string, Tensor>;

/** The part of the module that is used here. */
interface TensorFlow {
  readonly version_core: string;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  enableProdMode(): void;
  tidy<T>(work: () => T): T;
  keep(tensor: Tensor): Tensor;
  dispose(tensors: readonly Tensor[]): void;
  concat(parts: readonly Tensor[], axis: number): Tensor;
  moments(x: Tensor, axis: number): { mean: Tensor; variance: Tensor };
  randomNormal(shape: readonly number[], mean?: number, deviation?: number, type?: 'float32', seed?: number): Tensor;
  randomUniform(shape: readonly number[], low: number, high: number, type: 'float32', seed: number): Tensor;
  conv2d(x: Tensor, filter: Tensor, stride: number, padding: 'same'): Tensor;
  grad(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor;
  customGrad(
    f: (
      a: Tensor,
      b: Tensor,
      save: (tensors: Tensor[]) => void,
    ) => {
      value: Tensor;
      gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor[];
    },
  ): (a: Tensor, b: Tensor) => Tensor;
  variable(value: Tensor): Tensor & { readonly name: string };
  variableGrads(f: () => Tensor, variables: readonly Tensor[]): { value: Tensor; grads: NamedTensors };
  readonly train: {
    adam(rate: number, beta1: number, beta2: number, epsilon: number): { applyGradients(grads: NamedTensors): void };
  };
}

await servePeer(async (): Promise<PeerLibrary> => {
  const require = peerRequire();
  const tf: TensorFlow = require('@tensorflow/tfjs');
  require('@tensorflow/tfjs-backend-wasm');
  tf.enableProdMode();
  if (!(await tf.setBackend('wasm'))) throw new Error('The wasm backend of TensorFlow.js could not be started.');
  await tf.ready();
  const version = z.object({ version: z.string() }).parse(require('@tensorflow/tfjs/package.json')).version;
  return {
    version,
    async build(task) {
      return task.kind === 'matmul' ? productTask(tf, task.size) : ganTask(tf, task.gan);
    },
  };
});

function productTask(tf: TensorFlow, size: number): PreparedTask {
  const left = tf.randomUniform([size, size], 0, 1, 'float32', 1);
  const right = tf.randomUniform([size, size], 0, 1, 'float32', 2);
  return {
    remarks: [],
    // The backend computes at once, so the product is there when the call returns.
    step: async () => left.matMul(right).dispose(),
  };
}

function ganTask(tf: TensorFlow, name: GanTask): PreparedTask {
  const { batchSize, latentSize, poolSize, learningRate, beta1, beta2, epsilon } = ganSettings;
  const { generator, discriminator, exampleShape } = ganNetworks[name];
  const operations = operationsOf(tf);
  const adam = () => tf.train.adam(learningRate, beta1, beta2, epsilon);
  const [generatorAdam, discriminatorAdam] = [adam(), adam()];
  const generatorWeights = variables(tf, generator, 100);
  const discriminatorWeights = variables(tf, discriminator, 200);
  const pool = Array.from({ length: poolSize }, (_, index) =>
    tf.randomUniform([batchSize, ...exampleShape], 0, 1, 'float32', 300 + index),
  );
  const judge = (examples: Tensor) => discriminator.forward(operations, discriminatorWeights, examples);
  const losses: { discriminator?: Tensor; generator?: Tensor } = {};
  let steps = 0;

  return {
    remarks: name === 'dcgan-28' ? [convolutionRemark(tf)] : [],
    async step() {
      losses.discriminator?.dispose();
      losses.generator?.dispose();
      const real = pool[steps++ % poolSize]!;
      tf.tidy(() => {
        // The discriminator's update stands inside the generator's loss, so that the generator runs forward only once.
        const { value, grads } = tf.variableGrads(() => {
          const noise = tf.randomNormal([batchSize, latentSize], 0, 1, 'float32', steps);
          const fake = generator.forward(operations, generatorWeights, noise);
          const update = tf.variableGrads(
            () => judge(real).neg().softplus().mean().add(judge(fake).softplus().mean()),
            discriminatorWeights,
          );
          discriminatorAdam.applyGradients(update.grads);
          losses.discriminator = tf.keep(update.value);
          return judge(fake).neg().softplus().mean();
        }, generatorWeights);
        generatorAdam.applyGradients(grads);
        losses.generator = tf.keep(value);
      });
    },
    async losses() {
      return { discriminator: losses.discriminator!.dataSync()[0]!, generator: losses.generator!.dataSync()[0]! };
    },
  };
}

function variables(tf: TensorFlow, network: Network, seed: number): (Tensor & { readonly name: string })[] {
  return network.weights.map(({ shape, mean, deviation }, index) =>
    tf.variable(tf.randomNormal(shape, mean, deviation, 'float32', seed + index)),
  );
}

function operationsOf(tf: TensorFlow): ArrayOperations<Tensor> {
  return {
    shape: (x) => x.shape,
    reshape: (x, shape) => x.reshape(shape),
    transpose: (x, order) => x.transpose(order),
    crop: (x, begin, sizes) => x.slice(begin, sizes),
    pad: (x, widths) => x.pad(widths),
    join: (parts) => tf.concat(parts, -1),
    add: (a, b) => a.add(b),
    product: tf.customGrad((a, b, save) => {
      save([a, b]);
      // The library's own gradient asks for transposed products, which its fast kernel does not cover.
      return {
        value: a.matMul(b),
        gradFunc: (dy, [left, right]) => [dy.matMul(right!.transpose([1, 0])), left!.transpose([1, 0]).matMul(dy)],
      };
    }),
    relu: (x) => x.relu(),
    leakyRelu: (x, leak) => x.leakyRelu(leak),
    sigmoid: (x) => x.sigmoid(),
    batchNorm(x, gain, bias) {
      const { mean, variance } = tf.moments(x, 0);
      return x.batchNorm(mean, variance, bias, gain, 1e-5);
    },
  };
}

/** Says what the library's own convolution answers to a gradient, which is why networks.ts does without it. */
function convolutionRemark(tf: TensorFlow): string {
  return tf.tidy(() => {
    try {
      const image = tf.randomNormal([1, 4, 4, 1]);
      tf.grad((filter) => tf.conv2d(image, filter, 2, 'same').mean())(tf.randomNormal([4, 4, 1, 1]));
      return 'convolutions are written as matrix products; conv2d can be differentiated too';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return `convolutions are written as matrix products, since the gradient of conv2d fails: ${message}`;
    }
  });
}
