// The first principal components of the training rows as features: for rows too wide to be compared number by number, where no classifier
// knows them. What lies outside the components is not seen.
import { ConfigError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { type Pca, pca } from '../subspace/pca.js';
import { extractParts, type FeatureSpace } from './feature-space.js';

/** How to fit the components. */
export interface PcaSpaceOptions {
  readonly signal?: AbortSignal;
}

/**
 * The space of the first principal components, fitted to training rows.
 *
 * @param training rows that components are found in; never those that are judged
 * @throws ConfigError for more components than there are numbers in a row or rows less one
 * @example const space = await pcaSpace(await cifar10(), 64);      // named pca-64
 */
export async function pcaSpace(
  training: Dataset,
  components: number,
  options: PcaSpaceOptions = {},
): Promise<FeatureSpace> {
  return fittedPcaSpace(await fitPca(training, components, options), training.exampleShape);
}

/** The first principal components of training rows. @throws as pcaSpace */
export async function fitPca(training: Dataset, components: number, { signal }: PcaSpaceOptions = {}): Promise<Pca> {
  const most = Math.min(exampleSize(training.exampleShape), training.length - 1);
  if (!Number.isInteger(components) || components < 1 || components > most)
    throw new ConfigError(
      `pca-${components} was asked for, but "${training.name}" has ${training.length} rows of ${exampleSize(training.exampleShape)} numbers, ` +
        `which have from 1 to ${most} principal components.`,
    );
  const model = pca({ components });
  await model.fit(training, signal === undefined ? {} : { signal });
  signal?.throwIfAborted();
  return model;
}

/** The space of components that have been fitted; it disposes of the model. */
export function fittedPcaSpace(model: Pca, exampleShape: readonly number[]): FeatureSpace {
  const width = model.latentSize;
  const space = { name: `pca-${width}`, exampleShape, width };
  return {
    ...space,
    identity: () => model.identity(),
    extract: (rows, options) =>
      extractParts(space, rows, async (part) => ({ features: (await model.encode(part)).data }), options),
    dispose: () => model.dispose(),
  };
}
