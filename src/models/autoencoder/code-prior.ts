// Where new codes come from, for models whose codes follow no law of their own: a standard normal distribution, or Gaussians fitted to
// the codes of the training rows. Kept as weights beside those of the networks; until they are fitted they are standard normal.
import { fromArrays } from '../../data/from-arrays.js';
import { initialisers } from '../../nn/initialisers.js';
import { type ParameterSpecs, statistic } from '../../nn/layer.js';
import { float32, type Value, type Values } from '../../runtime/runtime.js';
import type { FitOptions, Samples } from '../contract.js';
import { gaussianMixture, gaussianMixtureDefinition } from '../mixture/gaussian-mixture.js';
import type { CodeMoments } from '../pictures/latent-grid.js';

const prefix = 'prior/';
const names = ['weights', 'means', 'covariances'] as const;

/** The weights of a mixture of `components` Gaussians of codes, at first all standard normal. */
export function priorParameters(components: number, latentSize: number): ParameterSpecs {
  return {
    [`${prefix}weights`]: statistic([components], initialisers.constant(1 / components)),
    [`${prefix}means`]: statistic([components, latentSize], initialisers.zeros()),
    [`${prefix}covariances`]: statistic([components, latentSize, latentSize], () => identities(components, latentSize)),
  };
}

function identities(count: number, size: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count * size * size);
  for (let matrix = 0; matrix < count; matrix++)
    for (let i = 0; i < size; i++) values[(matrix * size + i) * size + i] = 1;
  return values;
}

/** Fits as many Gaussians to codes [N, latentSize] as the weights are of. */
export async function fitPrior(
  codes: Samples,
  components: number,
  options: Pick<FitOptions, 'seed' | 'threads'>,
): Promise<{ readonly weights: Values; readonly warnings: readonly string[] }> {
  const model = gaussianMixture({ components });
  try {
    const { warnings } = await model.fit(
      fromArrays({ x: codes.data, shape: codes.shape.slice(1), name: 'codes' }),
      options,
    );
    return {
      weights: Object.fromEntries(names.map((name) => [prefix + name, singles(model[name])])),
      warnings: warnings.map((warning) => `The prior of the codes: ${warning}`),
    };
  } finally {
    await model.dispose();
  }
}

/** Mean and deviation of each number of codes drawn from the prior among the weights of a model. */
export function priorMoments(weights: Values, latentSize: number): CodeMoments {
  const [shares = [], means = [], covariances = []] = names.map((name) =>
    Array.from(weights[prefix + name]?.data ?? [], Number),
  );
  const over = (each: (component: number) => number): number =>
    shares.reduce((sum, share, component) => sum + share * each(component), 0);
  const meanOf = (i: number) => (component: number) => means[component * latentSize + i] ?? 0;
  const varianceOf = (i: number) => (component: number) =>
    (covariances[(component * latentSize + i) * latentSize + i] ?? 0) + meanOf(i)(component) ** 2;
  const mean = Array.from({ length: latentSize }, (_, i) => over(meanOf(i)));
  return { mean, deviation: mean.map((value, i) => Math.sqrt(Math.max(0, over(varianceOf(i)) - value ** 2))) };
}

/** Draws codes [count, latentSize] from the prior among the weights of a model. */
export async function drawCodes(weights: Values, latentSize: number, count: number, seed: number): Promise<Samples> {
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = weights[prefix + name];
      return value === undefined ? [] : [[name, doubles(value)] as const];
    }),
  );
  const components = given.weights?.shape[0] ?? 1;
  const { data, shape } = await gaussianMixtureDefinition
    .restore({
      kind: 'gaussian-mixture',
      config: { components },
      exampleShape: [latentSize],
      classes: [],
      weights: given,
    })
    .sample(count, { seed });
  return { data, shape };
}

function singles({ shape, data }: Value): Value {
  return float32(Float32Array.from(data, Number), shape);
}

function doubles({ shape, data }: Value): Value {
  return { dtype: 'float64', shape, data: Float64Array.from(data, Number) };
}
