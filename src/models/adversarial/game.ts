// The training step of every adversarial pair, as printed in Algorithm 1 of Goodfellow et al. (2014): k updates of the
// discriminator, each on a fresh batch of data and of noise, then one update of the generator through the updated discriminator.
//
//   discriminator: minimise  -mean log D(x) - mean log(1 - D(G(z)))
//   generator:     minimise   mean log(1 - D(G(z)))   (minimax)   or   -mean log D(G(z))   (non-saturating)
//
// Samples may come from an average of the generator's weights over the steps, which plays no part in the game.
import { ema } from '../../nn/ema.js';
import type { Network, NoiseInput as NetworkNoise, Tensors } from '../../nn/network.js';
import type { Optimiser, State } from '../../nn/optimisers/optimiser.js';
import { repeatedUpdate } from '../../nn/optimisers/repeated-update.js';
import { random } from '../../runtime/random.js';
import { float32, type Value, type Values } from '../../runtime/runtime.js';
import { gradients } from '../../tensor/gradient.js';
import { add, multiply, sigmoid, stopGradient, subtract } from '../../tensor/index.js';
import { mean } from '../../tensor/operators/reduce.js';
import { concat, slice } from '../../tensor/operators/slice.js';
import { input } from '../../tensor/operators/source.js';
import type { StepProgram, Variable } from '../../tensor/program.js';
import { staticShape } from '../../tensor/shape.js';
import { labelled, type Tensor } from '../../tensor/tensor.js';
import type { NoiseInput, TrainingProgram } from '../../training/program.js';
import { discriminatorObjective, type GeneratorObjective, generatorObjectives } from './objectives.js';

/** The two players and the rules. */
export interface Game {
  readonly name: string;
  readonly generator: Network;
  readonly discriminator: Network;
  readonly generatorOptimiser: Optimiser;
  readonly discriminatorOptimiser: Optimiser;
  readonly objective: GeneratorObjective;
  /** What the discriminator's target on data is short of 1. */
  readonly labelSmoothing: number;
  /** k, the discriminator's updates per update of the generator. */
  readonly discriminatorSteps: number;
  /** Whether the generator's update draws new noise, as the paper prints it, or takes the samples the discriminator just saw. */
  readonly freshNoise: boolean;
  /** Whether rows are images in [0, 1], on which the players work in [-1, 1]. */
  readonly isImage: boolean;
  /** The share of the average of the generator's weights that a step keeps; 0 where there is no average. */
  readonly ema: number;
  /** What to try when the training diverges. */
  readonly remedies: readonly string[];
}

/** What the name of an averaged weight begins with: `ema/generator/output/weight`. */
export const averagePrefix = 'ema';

/** The input that takes the data: k batches of rows. */
const rowsInput = 'x';

/** The step of a game for batches of `batchSize` rows. */
export function gameProgram(game: Game, batchSize: number, seed: number): TrainingProgram {
  const { generator, discriminator, discriminatorSteps, freshNoise, objective } = game;
  const step = input('step', []);
  const rows = input(rowsInput, [discriminatorSteps * batchSize, ...discriminator.inputShape]);
  const scaledRows = game.isImage ? labelled('scale', subtract(multiply(rows, 2), 1)) : rows;
  const generatorWeights = generator.inputs();
  const discriminatorWeights = discriminator.inputs();

  const noise: NoiseInput[] = [];
  let statistics: Tensors = {};
  const generate = (name: string): Tensor => {
    const z = input(name, [batchSize, ...generator.inputShape]);
    noise.push({ name, shape: [batchSize, ...generator.inputShape], distribution: 'normal' });
    const applied = generator.apply(
      z,
      { ...generatorWeights, ...statistics },
      { training: true, noisePrefix: `${name}/generator` },
    );
    noise.push(...fixedShapes(applied.noise));
    statistics = { ...statistics, ...applied.updates };
    return applied.output;
  };
  const judge = (x: Tensor, weights: Tensors, noisePrefix: string): { logits: Tensor; updates: Tensors } => {
    const applied = discriminator.apply(x, weights, { training: true, noisePrefix });
    noise.push(...fixedShapes(applied.noise));
    return { logits: applied.output, updates: applied.updates };
  };
  // Without batch statistics rows do not see each other, and one pass over both batches costs less than two.
  const isRowwise = discriminator.trainable.length === Object.keys(discriminator.parameters).length;
  const judgeBoth = (real: Tensor, fake: Tensor, weights: Tensors, turn: number) => {
    if (!isRowwise) {
      const onReal = judge(real, weights, `real${turn}`);
      return [onReal, judge(fake, { ...weights, ...onReal.updates }, `fake${turn}`)] as const;
    }
    const { logits, updates } = judge(concat([real, fake], 0), weights, `both${turn}`);
    const half = (start: number) => ({ logits: slice(logits, 0, start, start + batchSize), updates });
    return [half(0), half(batchSize)] as const;
  };

  let weights: Tensors = discriminatorWeights;
  let state: State | undefined;
  let fake = rows;
  const reports: { loss: Tensor; real: Tensor; fake: Tensor }[] = [];
  for (let turn = 0; turn < discriminatorSteps; turn++) {
    const real = slice(scaledRows, 0, turn * batchSize, (turn + 1) * batchSize);
    fake = generate(discriminatorSteps === 1 ? 'z' : `z${turn + 1}`);
    const [onReal, onFake] = judgeBoth(real, stopGradient(fake), weights, turn + 1);
    const loss = labelled(
      'loss/discriminator',
      discriminatorObjective(onReal.logits, onFake.logits, game.labelSmoothing),
    );
    reports.push({ loss, real: mean(sigmoid(onReal.logits)), fake: mean(sigmoid(onFake.logits)) });
    const trainable = pick(weights, discriminator.trainable);
    const request = {
      prefix: 'discriminatorOptimiser',
      parameters: trainable,
      gradients: zip(discriminator.trainable, gradients(loss, Object.values(trainable))),
      step: labelled('step', add(multiply(step, discriminatorSteps), turn + 1)),
    };
    const update = repeatedUpdate(game.discriminatorOptimiser, request, state);
    state = update.state;
    weights = { ...weights, ...onReal.updates, ...onFake.updates, ...update.next };
  }

  if (freshNoise) fake = generate('zGenerator');
  // The updated discriminator is a constant to the generator: without this the graph would be an unrolled GAN.
  const judgeWeights = Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, stopGradient(value)]));
  const verdict = judge(fake, judgeWeights, 'generator');
  const generatorLoss = labelled('loss/generator', generatorObjectives[objective](verdict.logits));
  const trainable = pick(generatorWeights, generator.trainable);
  const generatorUpdate = game.generatorOptimiser.update({
    prefix: 'generatorOptimiser',
    parameters: trainable,
    gradients: zip(generator.trainable, gradients(generatorLoss, Object.values(trainable))),
    step: labelled('step', add(step, 1)),
  });

  const variables: Record<string, Variable> = { step: { current: step, next: labelled('step', add(step, 1)) } };
  const initial: Record<string, Value> = { step: float32(Float32Array.of(0), []) };
  const track = (inputs: Readonly<Record<string, Tensor>>, next: Tensors, values: Values): void => {
    for (const [name, current] of Object.entries(inputs)) variables[name] = { current, next: next[name] ?? current };
    Object.assign(initial, values);
  };
  const initialStream = random(seed).split('initial');
  track(discriminatorWeights, weights, discriminator.initialise(initialStream));
  const generatorInitial = generator.initialise(initialStream);
  const generatorNext = { ...statistics, ...generatorUpdate.next };
  track(generatorWeights, generatorNext, generatorInitial);
  const averages =
    game.ema === 0
      ? {}
      : ema({
          parameters: generatorNext,
          initial: generatorInitial,
          decay: game.ema,
          step: labelled('step', add(step, 1)),
          prefix: averagePrefix,
        });
  const states = { ...state, ...generatorUpdate.state, ...averages };
  for (const [name, { current, next, initial: value }] of Object.entries(states)) {
    variables[name] = { current, next };
    initial[name] = value;
  }
  const metrics = {
    discriminatorLoss: average(reports.map((report) => report.loss)),
    generatorLoss,
    'D(x)': average(reports.map((report) => report.real)),
    'D(G(z))': average(reports.map((report) => report.fake)),
  };
  const program: StepProgram = { name: game.name, variables, metrics };
  return {
    step: program,
    initial,
    rows: rowsInput,
    batchSize: discriminatorSteps * batchSize,
    noise,
    remedies: game.remedies,
  };
}

function pick(values: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

function zip(names: readonly string[], tensors: readonly Tensor[]): Tensors {
  return Object.fromEntries(
    names.flatMap((name, index) => (tensors[index] === undefined ? [] : [[name, tensors[index]]])),
  );
}

function average(scalars: readonly Tensor[]): Tensor {
  return multiply(scalars.reduce(add), 1 / scalars.length);
}

/** The noise of layers such as dropout, for a training whose batch size is fixed. */
function fixedShapes(inputs: readonly NetworkNoise[]): NoiseInput[] {
  return inputs.map(({ name, shape, distribution }) => ({
    name,
    distribution,
    shape: staticShape(shape, `The shape of ${name}`),
  }));
}
