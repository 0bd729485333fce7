// Numbers on the real line: a Gaussian, or a mixture of some, with mean and spread given by the earlier numbers (Uria et al. 2013, RNADE).
//
//   p(x_d | earlier) = sum_k w_k N(x_d; mean_k, scale_k^2)

import { gaussian } from '../../nn/distributions/gaussian.js';
import { add, clip, expandAxis, reshape, slice, subtract } from '../../tensor/index.js';
import { logSumExp } from '../../tensor/operators/reduce.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Output } from './output.js';

/** The range of log scales, in units of the data's own spread: from 1/1000 of it to 1000 times it. */
const widestLogScale = Math.log(1000);

/** Conditionals of real numbers as mixtures of `components` Gaussians. The network sees standardised numbers. */
export function gaussianOutput(components: number): Output {
  const isMixture = components > 1;
  const parts = isMixture ? 3 : 2;
  return {
    parameters: parts * components,
    standardises: true,
    logProb: (values, x) => {
      // The values of all numbers' weights stand first, then means, then log scales; a single Gaussian needs no weights.
      const size = Number(x.dim(1));
      const part = (index: number): Tensor =>
        reshape(slice(values, 1, index * components * size, (index + 1) * components * size), [-1, components, size]);
      const logVariance = addToItself(clip(part(parts - 1), -widestLogScale, widestLogScale));
      const each = gaussian({ mean: part(parts - 2), logVariance }).logProb(expandAxis(x, 1));
      if (!isMixture) return reshape(each, [-1, size]);
      const logits = part(0);
      return subtract(logSumExp(add(logits, each), { axes: 1 }), logSumExp(logits, { axes: 1 }));
    },
    draw: (values, stream) => {
      const component = isMixture ? chosen(values.subarray(0, components), stream.next()) : 0;
      const logScale = values[(parts - 1) * components + component] ?? 0;
      const scale = Math.exp(Math.min(widestLogScale, Math.max(-widestLogScale, logScale)));
      return (values[(parts - 2) * components + component] ?? 0) + scale * (stream.normal(1)[0] ?? 0);
    },
    // Standardised, one Gaussian starts as N(0, 1); several stand side by side, so that they can part.
    initial: ({ means: { length: size } }) => {
      const values = new Float32Array(parts * components * size);
      for (let component = 0; isMixture && component < components; component++) {
        const place = (2 * component) / (components - 1) - 1;
        values.fill(1.5 * place, (components + component) * size, (components + component + 1) * size);
        values.fill(-0.5, (2 * components + component) * size, (2 * components + component + 1) * size);
      }
      return values;
    },
  };
}

const addToItself = (x: Tensor): Tensor => add(x, x);

/** The component that a uniform number falls on, by the softmax of the logits. */
function chosen(logits: Float64Array, uniform: number): number {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  const weights = logits.map((logit) => Math.exp(logit - highest));
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [component, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return component;
  }
  return weights.length - 1;
}
