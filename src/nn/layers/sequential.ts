// Layers one after the other.
import { ConfigError } from '../../core/errors.js';
import { applyChild, childParameters, childShape, type Layer } from '../layer.js';

/**
 * Layers one after the other, each applied to the result of the one before.
 *
 * Layers in a record are named by their keys. Those in a list are named by their kind and how many of that kind came before:
 * `dense1`, `batchNorm1`, `dense2`.
 *
 * @throws ConfigError for a name with a slash in it
 * @example sequential([dense({ units: 64 }), activation('relu'), dense({ units: 1 })])
 * @example sequential({ hidden: dense({ units: 64 }), activation: activation('relu'), logits: dense({ units: 1 }) })
 */
export function sequential(layers: readonly Layer[] | Readonly<Record<string, Layer>>): Layer {
  const named = isList(layers) ? numbered(layers) : Object.entries(layers);
  for (const [name] of named)
    if (!/^[^/]+$/.test(name))
      throw new ConfigError(`sequential: "${name}" cannot name a layer; names have one character or more, no slashes.`);
  return {
    kind: 'sequential',
    outputShape: (inputShape) => named.reduce((shape, [name, layer]) => childShape(name, layer, shape), inputShape),
    parameters: (inputShape) => {
      let shape = inputShape;
      return Object.assign(
        {},
        ...named.map(([name, layer]) => {
          const parameters = childParameters(name, layer, shape);
          shape = childShape(name, layer, shape);
          return parameters;
        }),
      );
    },
    apply: (x, scope) => named.reduce((result, [name, layer]) => applyChild(name, layer, result, scope), x),
  };
}

function isList(layers: readonly Layer[] | Readonly<Record<string, Layer>>): layers is readonly Layer[] {
  return Array.isArray(layers);
}

function numbered(layers: readonly Layer[]): [string, Layer][] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const count = (counts.get(layer.kind) ?? 0) + 1;
    counts.set(layer.kind, count);
    return [`${layer.kind}${count}`, layer];
  });
}
