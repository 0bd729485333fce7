// Training steps by maximum likelihood, as `fit` makes them, on binary images made up for them. The peers get the weights that a step
// starts from, its batches and its noise in a file, so that both sides can be seen to do the same work: they reach the same loss.
import { type Dataset, fromArrays, gatherAll } from '../src/data/index.js';
import { vae } from '../src/models/autoencoder/vae.js';
import { Vae } from '../src/models/autoencoder/vae-model.js';
import { bernoulliOutput } from '../src/models/autoregressive/bernoulli-output.js';
import { connectivities } from '../src/models/autoregressive/connectivity.js';
import { Made, made } from '../src/models/autoregressive/made.js';
import { wiringsOf } from '../src/models/autoregressive/masked-network.js';
import { wholeWeights } from '../src/models/autoregressive/masked-weights.js';
import { PixelCnn, pixelcnn } from '../src/models/autoregressive/pixelcnn.js';
import { random } from '../src/runtime/random.js';
import { float32, type Values } from '../src/runtime/runtime.js';
import type { TrainingProgram } from '../src/training/program.js';
import { madeUpRows } from './calls/rows.js';
import type { LikelihoodTask } from './peers/tasks.js';
import { comparedSteps, type StepWork } from './step-work.js';

/** Batches that take turns. */
export const poolSize = 16;
const imageShape = [28, 28, 1] as const;

/** What `fit` would train; describeTraining is for subclasses. */
class MeasuredVae extends Vae {
  async program(data: Dataset, batchSize: number): Promise<TrainingProgram> {
    return (await this.describeTraining(data, batchSize, 0)).program;
  }
}
class MeasuredMade extends Made {
  async program(data: Dataset, batchSize: number): Promise<TrainingProgram> {
    return (await this.describeTraining(data, batchSize, 0)).program;
  }
}
class MeasuredPixelCnn extends PixelCnn {
  async program(data: Dataset, batchSize: number): Promise<TrainingProgram> {
    return (await this.describeTraining(data, batchSize, 0)).program;
  }
}

interface Measurable {
  readonly defaultBatchSize: number;
  program(data: Dataset, batchSize: number): Promise<TrainingProgram>;
}

/** One kind of step. */
interface Recipe {
  readonly description: string;
  /** The name of the loss in nats per image among the step's metrics. */
  readonly loss: string;
  model(): Measurable;
  /** What the peers need to know besides the weights. */
  readonly others?: () => Values;
  /** Weights that peers keep in another form. */
  readonly whole?: (initial: Values) => Values;
}

function madeRecipe(units: number): Recipe {
  const options = { hiddenLayers: [units] };
  const size = 784;
  const { config } = made(options);
  const all = connectivities({ ...config, size, seed: config.maskSeed });
  return {
    description:
      `MADE of one hidden layer of ${units} units, one mask, batch 100, Adam; Verisim multiplies only the blocks that the mask ` +
      'leaves, PyTorch whole matrices',
    loss: 'loss',
    model: () => new MeasuredMade(made(options).config),
    others() {
      const [only] = all;
      return {
        places: float32(Float32Array.from(only?.places ?? []), [size]),
        degrees: float32(Float32Array.from(only?.degrees[0] ?? []), [units]),
      };
    },
    whole(initial) {
      const arrays = Object.fromEntries(
        Object.entries(initial).flatMap(([name, { data }]) => (data instanceof Float32Array ? [[name, data]] : [])),
      );
      const wirings = wiringsOf({ ...config, size, classes: 0, output: bernoulliOutput, connectivities: all });
      return Object.fromEntries(
        wirings.map((wiring) => [
          `${wiring.name}/weight`,
          float32(wholeWeights(wiring, arrays), [wiring.from, wiring.to]),
        ]),
      );
    },
  };
}

const recipes: Readonly<Record<LikelihoodTask, Recipe>> = {
  'vae-dense': {
    description: 'VAE of dense layers 784-500-500-50 and back with ReLUs, Bernoulli pixels, batch 100, Adam',
    loss: 'loss',
    // Without the warm-up of beta, so that the loss is the bound from the first step on.
    model: () => new MeasuredVae(vae({ klWarmUp: 0, activation: 'relu' }).config),
  },
  'made-500': madeRecipe(500),
  'made-8000': madeRecipe(8000),
  'pixelcnn-28': {
    description:
      'gated PixelCNN with its defaults (32 filters, 6 layers after the first) on 28x28 binary pixels, batch 32, Adam with clipped ' +
      'gradients and averaged weights',
    loss: 'negativeLogLikelihood',
    model: () => new MeasuredPixelCnn(pixelcnn({ output: 'binary' }).config),
  },
};

/** What a step is, in words. */
export function describeLikelihood(name: LikelihoodTask): string {
  return recipes[name].description;
}

/** A step, where it starts and what it is fed. */
export async function likelihoodStep(name: LikelihoodTask): Promise<StepWork> {
  const { loss, model: make, others, whole } = recipes[name];
  const model = make();
  const data = await binaryImages(poolSize * model.defaultBatchSize);
  const program = await model.program(data, model.defaultBatchSize);
  const { x } = await gatherAll(data);
  const pool: Record<string, Values[string]> = {
    [program.rows]: float32(x, [poolSize, program.batchSize, ...imageShape]),
  };
  for (const { name: feed, shape, distribution } of program.noise) {
    const size = shape.reduce((a, b) => a * b, poolSize);
    pool[feed] = float32(random(0).split('pool').split(feed)[distribution](size), [poolSize, ...shape]);
  }
  // The optimiser and the averages of the weights start the same everywhere.
  const weights = Object.fromEntries(
    Object.entries(program.initial).filter(([key]) => !/^(optimiser|ema)\//.test(key)),
  );
  const initial = { ...weights, ...whole?.(weights) };
  return { program, start: { initial, pool, losses: [loss], comparedSteps, others: others?.() ?? {} } };
}

/** Zeros and ones with the look of handwriting: some pixels are mostly on, others never. */
async function binaryImages(count: number): Promise<Dataset> {
  const { x } = await gatherAll(madeUpRows(count));
  return fromArrays({
    x: x.map((value) => Number(value > 0.5)),
    shape: [...imageShape],
    name: 'made-up binary images',
  });
}
