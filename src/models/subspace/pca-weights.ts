// What PCA keeps of the components it found.
import type { Value, Values } from '../../runtime/runtime.js';
import type { Spectrum } from './spectrum.js';

/** The weights of a model by name; `noise` is the variance of {@link noiseOf}. */
export function weightsOf({ count, mean, variances, components, totalVariance }: Spectrum, noise: number): Values {
  const [features, number] = [mean.length, variances.length];
  return {
    mean: { dtype: 'float64', shape: [features], data: mean },
    components: { dtype: 'float64', shape: [number, features], data: components },
    explainedVariance: { dtype: 'float64', shape: [number], data: variances },
    noiseVariance: scalar(noise),
    totalVariance: scalar(totalVariance),
    count: scalar(count),
  };
}

/** The mean of the variances left out. As in scikit-learn, fewer rows than columns leave no more directions than rows. */
export function noiseOf({ count, mean, variances, totalVariance }: Spectrum): number {
  const left = Math.min(mean.length, count) - variances.length;
  return left === 0 ? 0 : Math.max(0, totalVariance - explainedBy(variances)) / left;
}

/** Variances added up. */
export function explainedBy(variances: Float64Array): number {
  return variances.reduce((sum, value) => sum + value, 0);
}

/** A float64 value of no axes. */
export function scalar(value: number): Value {
  return { dtype: 'float64', shape: [], data: Float64Array.of(value) };
}
