// Trainings that minimise one loss by one optimiser, as most models do: autoencoders, autoregressive networks, flows, classifiers.
// The model says what the loss of a batch is; the rest of the step (counter, gradients, clipping, update, average) is made here.
//
//   w <- w - optimiser(grad_w loss(batch, noise, w))

import { ema } from '../nn/ema.js';
import { clipByGlobalNorm } from '../nn/gradient-clipping.js';
import { fansOf } from '../nn/initialisers.js';
import type { ParameterSpecs } from '../nn/layer.js';
import type { Network, Tensors } from '../nn/network.js';
import type { Optimiser, State } from '../nn/optimisers/optimiser.js';
import { type Random, random } from '../runtime/random.js';
import { float32, type Value, type Values } from '../runtime/runtime.js';
import { gradients } from '../tensor/gradient.js';
import { add, input } from '../tensor/index.js';
import type { Variable } from '../tensor/program.js';
import { staticShape } from '../tensor/shape.js';
import { labelled, type Tensor } from '../tensor/tensor.js';
import type { Evaluation, NoiseInput, TrainingProgram } from './program.js';

/** What a loss is made of. */
export interface LossContext {
  /** [batchSize, ...exampleShape], as the data has them: images in [0, 1]. */
  readonly rows: Tensor;
  /** [batchSize] int64, where the objective wants labels. */
  readonly labels: Tensor | undefined;
  /** The parameters by their full names. */
  readonly weights: Tensors;
  /** The number of this step, from 1, a float32 scalar: for warm-ups. */
  readonly step: Tensor;
  /** Random numbers of a fixed shape, fed anew in every step. */
  noise(name: string, shape: readonly number[], distribution: NoiseInput['distribution']): Tensor;
  /** Applies a network in training mode: its dropout is fed, and its running statistics move on. */
  apply(network: Network, x: Tensor): Tensor;
}

/** The loss of a batch. */
export interface Loss {
  /** The scalar to be minimised. */
  readonly loss: Tensor;
  /** Scalars to report, under the names that charts show. */
  readonly metrics: Readonly<Record<string, Tensor>>;
  /** Variables of the step that no gradient moves, such as persistent chains. */
  readonly state?: State;
}

/** A loss and how it is minimised. */
export interface Objective {
  readonly name: string;
  /** By full names; networks have theirs. */
  readonly parameters: ParameterSpecs;
  readonly exampleShape: readonly number[];
  readonly wantsLabels?: boolean;
  readonly optimiser: Optimiser;
  /** The largest common norm of the gradients. Default: no limit; the norm is reported where there is one. */
  readonly clipNorm?: number;
  /** The share of the average of the weights that a step keeps; 0, the default, for no average. */
  readonly ema?: number;
  /** Initial values that replace the initialisers', such as biases from the mean of the data. */
  readonly initial?: Values;
  readonly evaluation?: Evaluation;
  /** What to try when the training diverges. */
  readonly remedies: readonly string[];
  loss(context: LossContext): Loss;
}

/** What the name of an averaged weight begins with: `ema/decoder/output/weight`. */
export const averagePrefix = 'ema';

/** The names of the inputs that take a batch. */
export const rowsInput = 'x';
export const labelsInput = 'labels';

/** The training step of an objective for batches of `batchSize` rows. */
export function objectiveProgram(objective: Objective, batchSize: number, seed: number): TrainingProgram {
  const { parameters, exampleShape, wantsLabels = false, optimiser, clipNorm, ema: decay = 0 } = objective;
  const counter = input('step', []);
  const step = labelled('step', add(counter, 1));
  const weights = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, input(name, shape)]));
  const noise: NoiseInput[] = [];
  let statistics: Tensors = {};
  const applications = new Map<Network, number>();
  const {
    loss,
    metrics,
    state: ownState = {},
  } = objective.loss({
    rows: input(rowsInput, [batchSize, ...exampleShape]),
    labels: wantsLabels ? input(labelsInput, [batchSize], 'int64') : undefined,
    weights,
    step,
    noise(name, shape, distribution) {
      noise.push({ name, shape, distribution });
      return input(name, shape);
    },
    apply(network, x) {
      const turn = (applications.get(network) ?? 0) + 1;
      applications.set(network, turn);
      const noisePrefix = turn === 1 ? 'noise' : `noise${turn}`;
      const applied = network.apply(x, { ...weights, ...statistics }, { training: true, noisePrefix });
      for (const { name, shape, distribution } of applied.noise)
        noise.push({ name, distribution, shape: staticShape(shape, `The shape of ${name}`) });
      statistics = { ...statistics, ...applied.updates };
      return applied.output;
    },
  });

  const trainable = Object.fromEntries(
    Object.entries(weights).filter(([name]) => parameters[name]?.trainable === true),
  );
  const names = Object.keys(trainable);
  const slopes: Tensors = zip(names, gradients(labelled('loss', loss), Object.values(trainable)));
  const clipped = clipNorm === undefined ? undefined : clipByGlobalNorm(slopes, clipNorm);
  const update = optimiser.update({
    prefix: 'optimiser',
    parameters: trainable,
    gradients: clipped?.gradients ?? slopes,
    step,
  });

  const initial: Record<string, Value> = {
    step: float32(Float32Array.of(0), []),
    ...initialValues(parameters, random(seed).split('initial')),
    ...objective.initial,
  };
  const next: Tensors = { ...statistics, ...update.next };
  const variables: Record<string, Variable> = { step: { current: counter, next: step } };
  for (const [name, current] of Object.entries(weights)) variables[name] = { current, next: next[name] ?? current };
  const averages =
    decay === 0
      ? {}
      : ema({
          parameters: Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, next[name] ?? value])),
          initial,
          decay,
          step,
          prefix: averagePrefix,
        });
  for (const [name, { current, next: later, initial: value }] of Object.entries({
    ...ownState,
    ...update.state,
    ...averages,
  })) {
    variables[name] = { current, next: later };
    initial[name] = value;
  }
  return {
    step: {
      name: objective.name,
      variables,
      metrics: { ...metrics, ...(clipped === undefined ? {} : { gradientNorm: clipped.norm }) },
    },
    initial,
    rows: rowsInput,
    ...(wantsLabels ? { labels: labelsInput } : {}),
    batchSize,
    noise,
    ...(objective.evaluation === undefined ? {} : { evaluation: objective.evaluation }),
    remedies: objective.remedies,
  };
}

/** Initial values; each parameter's stream depends on its full name only. */
function initialValues(parameters: ParameterSpecs, stream: Random): Values {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, initialise, fans = fansOf(shape) }]) => [
      name,
      float32(initialise(shape, stream.split(name), fans), shape),
    ]),
  );
}

function zip(names: readonly string[], tensors: readonly Tensor[]): Tensors {
  return Object.fromEntries(
    names.flatMap((name, index) => (tensors[index] === undefined ? [] : [[name, tensors[index]]])),
  );
}
