// A classifier's last hidden layer as features: rows that it takes for alike are near each other in it. One pass gives the features and the
// probabilities of the classes.
import { ConfigError } from '../../core/errors.js';
import type { Classifier } from '../classifier/classifier.js';
import { extractParts, type FeatureSpace } from './feature-space.js';

/**
 * The space of a fitted classifier, which it disposes of.
 *
 * @param name part of the name of every metric that looks at it
 * @throws NotFittedError for a classifier that has not been fitted, ConfigError for one without hidden layers
 * @example const space = classifierSpace(await load('runs/classifier-mnist', isClassifier), 'my classifier');
 */
export function classifierSpace(model: Classifier, name: string): FeatureSpace {
  const { exampleShape, classes, featureWidth: width } = model;
  if (model.config.network === 'dense' && model.config.hiddenLayers?.length === 0)
    throw new ConfigError(
      `The classifier of the feature space ${name} has no hidden layer, so it has no features of its own. Give it hiddenLayers, or use pixels.`,
    );
  const space = { name, exampleShape, width, classes };
  return {
    ...space,
    identity: () => model.identity(),
    extract: (rows, options) =>
      extractParts(
        space,
        rows,
        async (part) => {
          const { features, probabilities } = await model.features(part);
          return { features: features.data, probabilities: Float32Array.from(probabilities.values) };
        },
        options,
      ),
    dispose: () => model.dispose(),
  };
}
