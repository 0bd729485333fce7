// Layers by name, some of which may be absent.
import type { Layer } from '../../../nn/layer.js';
import { sequential } from '../../../nn/layers/sequential.js';

/** A named layer, or undefined where the options leave it out. */
export type NamedLayer = readonly [name: string, layer: Layer | undefined];

/** The layers that are there, one after the other. @example inSequence([['hidden', dense({ units: 8 })], ['norm', undefined]]) */
export function inSequence(layers: readonly NamedLayer[]): Layer {
  const present = layers.flatMap(([name, layer]) => (layer === undefined ? [] : [[name, layer] as const]));
  return sequential(Object.fromEntries(present));
}
