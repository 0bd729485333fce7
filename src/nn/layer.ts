// Layers: pure descriptions of parameters and of what is computed with them. A layer holds no values; a network gives each
// parameter its full name, and whoever applies the network passes the values in.
import { ShapeError } from '../core/errors.js';
import type { Shape } from '../tensor/shape.js';
import { labelled, type Tensor } from '../tensor/tensor.js';
import type { Fans, Initialiser } from './initialisers.js';

/** One parameter of a layer. */
export interface ParameterSpec {
  readonly shape: readonly number[];
  readonly initialise: Initialiser;
  /** False for running statistics, which no gradient reaches. */
  readonly trainable: boolean;
  /** What the initialiser is told; default: the fans of a weight [..., inputs, outputs]. */
  readonly fans?: Fans;
}

/** Parameters by their names. */
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>;

/** The distributions that noise can be fed from: uniform in [0, 1), or N(0, 1). */
export type NoiseDistribution = 'uniform' | 'normal';

/** A layer's view of the network while it is applied. */
export interface LayerScope {
  /** The layer's full name, such as `generator/up1`. */
  readonly path: string;
  /** Whether this application is part of training. */
  readonly training: boolean;
  /** What the results are conditioned on, such as classes [N, classes]; undefined where nothing was given. */
  readonly condition: Tensor | undefined;
  /** The value of one of the layer's parameters, the latest {@link update} of this application included. */
  parameter(name: string): Tensor;
  /** Sets the value that a running statistic has after this application. */
  update(name: string, next: Tensor): void;
  /** Random numbers, fed anew in every step by whoever runs the program. */
  noise(name: string, shape: Shape, distribution: NoiseDistribution): Tensor;
  /** The view of a layer inside this one. */
  child(name: string): LayerScope;
}

/** A part of a network. Shapes are those of one example, without the batch axis. */
export interface Layer {
  /** What this is, `dense`; also the start of its default name inside others. */
  readonly kind: string;
  /** The shape of one result. @throws ShapeError naming the layer, what it received and what it expects */
  outputShape(inputShape: readonly number[]): readonly number[];
  /** The parameters it needs for examples of a shape. */
  parameters(inputShape: readonly number[]): ParameterSpecs;
  /** The results [N, ...outputShape] for examples [N, ...inputShape]. */
  apply(x: Tensor, scope: LayerScope): Tensor;
}

/** The specification of a trainable parameter. */
export function weight(shape: readonly number[], initialise: Initialiser, fans?: Fans): ParameterSpec {
  return { shape, initialise, trainable: true, ...(fans === undefined ? {} : { fans }) };
}

/** The specification of a running statistic. */
export function statistic(shape: readonly number[], initialise: Initialiser): ParameterSpec {
  return { shape, initialise, trainable: false };
}

/** The parameters of a layer inside another one, under `name/...`. */
export function childParameters(name: string, layer: Layer, inputShape: readonly number[]): ParameterSpecs {
  const inner = within(name, () => layer.parameters(inputShape));
  return Object.fromEntries(Object.entries(inner).map(([key, spec]) => [`${name}/${key}`, spec]));
}

/** The shape that a layer inside another one gives; errors name the place. */
export function childShape(name: string, layer: Layer, inputShape: readonly number[]): readonly number[] {
  return within(name, () => layer.outputShape(inputShape));
}

/** Applies a layer inside another one, its operators labelled with its place. */
export function applyChild(name: string, layer: Layer, x: Tensor, scope: LayerScope): Tensor {
  const inner = scope.child(name);
  return labelled(inner.path, layer.apply(x, inner));
}

/** Runs `action`; a ShapeError says in which layer it arose. */
export function within<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ShapeError(`${name}: ${error.message}`, { cause: error });
  }
}
