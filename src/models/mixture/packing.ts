// The mixtures of all classes as the arrays that are saved, and what scoring needs of them together.
import type { Dataset } from '../../data/dataset.js';
import type { Values } from '../../runtime/runtime.js';
import { at, type Shapes } from './emission.js';
import type { EmRun } from './expectation-maximisation.js';
import { type Mixture, valuesOf } from './mixture-values.js';

/** What was learnt of one mixture, or of one for each group of rows, as one array per name. */
export function packMixtures(runs: readonly EmRun[], groups: readonly Dataset[], shapes: Shapes): Values {
  const total = groups.reduce((rows, group) => rows + group.length, 0);
  const arrays = Object.fromEntries(
    Object.keys(shapes).map((name) => {
      if (name === 'priors') return [name, Float64Array.from(groups, (group) => group.length / total)];
      const parts = runs.map(({ mixture }) => (name === 'weights' ? mixture.weights : mixture.parameters[name]));
      const packed = new Float64Array(parts.reduce((length, part) => length + (part?.length ?? 0), 0));
      let start = 0;
      for (const part of parts) {
        if (part === undefined) continue;
        packed.set(part, start);
        start += part.length;
      }
      return [name, packed];
    }),
  );
  return valuesOf(arrays, shapes);
}

/** The mean of the distribution, [features]: rows are scored around it, so that squares do not cancel. */
export function centreOf(mixtures: readonly Mixture[], priors: Float64Array, features: number): Float64Array {
  const centre = new Float64Array(features);
  for (const [group, { weights, parameters }] of mixtures.entries())
    for (const [index, mean] of (parameters.means ?? new Float64Array()).entries()) {
      const d = index % features;
      centre[d] = at(centre, d) + at(priors, group) * at(weights, Math.floor(index / features)) * mean;
    }
  return centre;
}
