// p(y): how probable each class is before a row is looked at.
import { ConfigError } from '../../core/errors.js';

/** Shares of the training rows, the same for all classes, or given in the order of the classes. */
export type Priors = 'empirical' | 'uniform' | readonly number[];

/**
 * The priors of classes, which add up to 1. A class without rows has none: nothing is known that it could be recognised by.
 *
 * @param counts the training rows of each class; undefined where nobody knows them
 * @throws ConfigError for priors that are no probabilities of these classes, or that the rows do not give
 */
export function classPriors(
  priors: Priors,
  classes: readonly string[],
  counts: ArrayLike<number> | undefined,
): Float64Array {
  if (priors === 'empirical') {
    if (counts === undefined)
      throw new ConfigError(
        "priors: 'empirical' are counted while fitting, but the models have been fitted already. Give 'uniform', or the numbers.",
      );
    return normalised(Float64Array.from(counts));
  }
  if (priors === 'uniform')
    return normalised(Float64Array.from(classes, (_, label) => ((counts?.[label] ?? 1) > 0 ? 1 : 0)));
  if (priors.length !== classes.length)
    throw new ConfigError(
      `${priors.length} priors were given for ${classes.length} classes (${classes.join(', ')}); there has to be one for each.`,
    );
  const total = priors.reduce((sum, prior) => sum + prior, 0);
  if (!priors.every((prior) => prior >= 0) || !(Math.abs(total - 1) < 1e-6))
    throw new ConfigError(
      `The priors [${priors.join(', ')}] add up to ${total}; they have to be from 0 up and add up to 1.`,
    );
  const unknown = classes.find((_, label) => (priors[label] ?? 0) > 0 && counts?.[label] === 0);
  if (unknown !== undefined)
    throw new ConfigError(
      `The class "${unknown}" has a prior, but no row to learn it from. Add rows, or give it the prior 0.`,
    );
  return normalised(Float64Array.from(priors));
}

function normalised(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
