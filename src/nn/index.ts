// Layers, networks, initialisers, optimisers, schedules, losses and distributions.
export { type Fans, type HeOptions, type Initialiser, initialisers } from './initialisers.js';
export type { Layer, LayerScope, NoiseDistribution, ParameterSpec, ParameterSpecs } from './layer.js';
export { type ActivationName, type ActivationOptions, activation, activations } from './layers/activation.js';
export { type DenseOptions, dense } from './layers/dense.js';
export { sequential } from './layers/sequential.js';
export {
  type Application,
  type ApplyOptions,
  type Network,
  type NoiseInput,
  network,
  type Tensors,
} from './network.js';
export type { Optimiser, State, StateVariable, Update, UpdateRequest } from './optimisers/optimiser.js';
export { type LearningRate, type Schedule, schedules } from './schedules.js';
