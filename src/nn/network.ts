// Networks: a layer with a name and a fixed input shape. All parameters get full names, `generator/up1/weight`; values are passed
// in on every application, so one network can be applied with several sets of weights within one step.
import { ConfigError, ShapeError } from '../core/errors.js';
import { nearestName } from '../core/nearest.js';
import type { Random } from '../runtime/random.js';
import { float32, type Value } from '../runtime/runtime.js';
import { input } from '../tensor/operators/source.js';
import { formatShape, type Shape, sameShape } from '../tensor/shape.js';
import { labelled, type Tensor } from '../tensor/tensor.js';
import { fansOf } from './initialisers.js';
import type { Layer, LayerScope, NoiseDistribution, ParameterSpecs } from './layer.js';
import { within } from './layer.js';

/** Tensors by full names. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Random numbers that a program has to be fed in every step. */
export interface NoiseInput {
  /** The name of the input. */
  readonly name: string;
  readonly shape: Shape;
  readonly distribution: NoiseDistribution;
}

/** How to apply a network. */
export interface ApplyOptions {
  /** Batch statistics and dropout are for training. Default false. */
  readonly training?: boolean;
  /**
   * What the names of noise inputs begin with. Applications in one step that shall not share their noise need different ones.
   * Default `noise`.
   */
  readonly noisePrefix?: string;
  /** What layers that are conditioned take beside x, such as classes [N, classes] with a one in each row. Default: nothing. */
  readonly condition?: Tensor;
}

/** What an application gives. */
export interface Application {
  /** [N, ...outputShape] */
  readonly output: Tensor;
  /** Values of running statistics after this application, by full names; a further application in the step takes them. */
  readonly updates: Tensors;
  /** What has to be fed. */
  readonly noise: readonly NoiseInput[];
}

/** A layer with a name, an input shape and full parameter names. Shapes are without the batch axis. */
export interface Network {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** By full names. */
  readonly parameters: ParameterSpecs;
  /** The full names of the parameters that are learnt by gradients, not running statistics. */
  readonly trainable: readonly string[];
  /** How many numbers are learnt. */
  readonly size: number;
  /** An input for each parameter, under its full name. */
  inputs(): Record<string, Tensor>;
  /** Initial values. Each parameter's stream depends on its full name only, so other layers do not change it. */
  initialise(stream: Random): Record<string, Value>;
  /**
   * The results for examples [N, ...inputShape] with the given parameter values.
   *
   * @throws ShapeError where x does not fit, ConfigError where a parameter is missing
   */
  apply(x: Tensor, values: Tensors, options?: ApplyOptions): Application;
}

/**
 * A network of a layer, usually a {@link sequential} one.
 *
 * @throws ShapeError where the layers do not fit together, saying which one
 * @example
 * const critic = network('critic', sequential([dense({ units: 64 }), activation('relu'), dense({ units: 1 })]), [2]);
 * const weights = critic.inputs();
 * const { output } = critic.apply(input('x', [32, 2]), weights, { training: true });
 */
export function network(name: string, layer: Layer, inputShape: readonly number[]): Network {
  const outputShape = within(name, () => layer.outputShape(inputShape));
  const parameters: ParameterSpecs = Object.fromEntries(
    Object.entries(within(name, () => layer.parameters(inputShape))).map(([key, spec]) => [`${name}/${key}`, spec]),
  );
  const trainable = Object.entries(parameters).flatMap(([key, spec]) => (spec.trainable ? [key] : []));
  return {
    name,
    inputShape,
    outputShape,
    parameters,
    trainable,
    size: trainable.reduce((total, key) => total + numberOfElements(parameters[key]?.shape ?? []), 0),
    inputs: () => Object.fromEntries(Object.entries(parameters).map(([key, { shape }]) => [key, input(key, shape)])),
    initialise: (stream) =>
      Object.fromEntries(
        Object.entries(parameters).map(([key, { shape, initialise, fans = fansOf(shape) }]) => [
          key,
          float32(initialise(shape, stream.split(key), fans), shape),
        ]),
      ),
    apply: (x, values, { training = false, noisePrefix = 'noise', condition } = {}) => {
      if (!sameShape(x.shape.slice(1), inputShape) || x.rank === 0)
        throw new ShapeError(
          `${name}: received ${formatShape(x.shape)}; batches of ${formatShape(inputShape)}, [N, ...], are expected.`,
        );
      const updates: Record<string, Tensor> = {};
      const noise = new Map<string, NoiseInput>();
      const scope = scopeAt(name, { values, updates, noise, training, noisePrefix, condition });
      const output = labelled(name, layer.apply(x, scope));
      return { output, updates, noise: [...noise.values()] };
    },
  };
}

interface Session {
  readonly values: Tensors;
  readonly updates: Record<string, Tensor>;
  readonly noise: Map<string, NoiseInput>;
  readonly training: boolean;
  readonly noisePrefix: string;
  readonly condition: Tensor | undefined;
}

function scopeAt(path: string, session: Session): LayerScope {
  const { values, updates, noise, training, noisePrefix, condition } = session;
  return {
    path,
    training,
    condition,
    parameter: (name) => {
      const key = `${path}/${name}`;
      const value = updates[key] ?? values[key];
      if (value === undefined) throw missing(key, Object.keys(values));
      return value;
    },
    update: (name, next) => {
      updates[`${path}/${name}`] = labelled(path, next);
    },
    noise: (name, shape, distribution) => {
      const wanted = `${noisePrefix}/${path}/${name}`;
      let key = wanted;
      for (let copy = 2; noise.has(key); copy++) key = `${wanted}${copy}`;
      noise.set(key, { name: key, shape, distribution });
      return input(key, shape);
    },
    child: (name) => scopeAt(`${path}/${name}`, session),
  };
}

function missing(key: string, given: readonly string[]): ConfigError {
  const nearest = nearestName(key, given);
  return new ConfigError(
    `The parameter "${key}" has no value${nearest === undefined ? '' : `; "${nearest}" has one`}. ` +
      "Pass a tensor for each of the network's parameters, such as its inputs().",
  );
}

function numberOfElements(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
