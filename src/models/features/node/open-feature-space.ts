// Feature spaces by name, and the one that suits data where none is named.
import { ConfigError } from '../../../core/errors.js';
import { unknownName } from '../../../core/nearest.js';
import { present } from '../../../core/present.js';
import { type Dataset, exampleSize } from '../../../data/dataset.js';
import type { FeatureSpace } from '../feature-space.js';
import { pixels } from '../pixels.js';
import { type OnnxSpaceOptions, onnxSpace } from './onnx-space.js';
import { cachedPcaSpace } from './pca-cache.js';
import { shippedClassifiers, shippedFor, shippedSpace } from './shipped-classifiers.js';

/** The names that feature spaces go by; N and FILE stand for what the user says. */
export const featureSpaceNames: readonly string[] = [
  'pixels',
  'pca-N',
  ...Object.keys(shippedClassifiers),
  'onnx:FILE',
];

/** How to open a feature space. */
export interface FeatureSpaceOptions {
  /** Of onnx: spaces, how rows are given to the model. */
  readonly onnx?: OnnxSpaceOptions;
  /** The folder that keeps principal components. Default: in the cache folder of this system. */
  readonly cache?: string;
  readonly signal?: AbortSignal;
}

/** Rows of more numbers than this are compared by their principal components, where no classifier knows them. */
const widestPixels = 1024;
const defaultComponents = 64;

/**
 * A feature space by its name: `pixels`, `pca-64`, a shipped classifier, or `onnx:inception.onnx`.
 *
 * @param training the rows that a model was trained on: of them are the components, and their shape is what the space takes
 * @throws UnknownNameError for a name that is none, ConfigError for a classifier of other rows, what the spaces throw
 * @example const space = await openFeatureSpace('mnist-classifier', await mnist());
 */
export async function openFeatureSpace(
  name: string,
  training: Dataset,
  { onnx, cache, signal }: FeatureSpaceOptions = {},
): Promise<FeatureSpace> {
  const { exampleShape } = training;
  if (name === 'pixels') return pixels(exampleShape);
  if (name.startsWith('onnx:')) return onnxSpace(name.slice('onnx:'.length), exampleShape, onnx);
  const components = /^pca-(\d+)$/.exec(name)?.[1];
  if (components !== undefined) return cachedPcaSpace(training, Number(components), present({ folder: cache, signal }));
  const shipped = shippedClassifiers[name];
  if (shipped === undefined) throw unknownName('feature space', name, featureSpaceNames);
  if (shipped.exampleShape.join() !== exampleShape.join())
    throw new ConfigError(
      `The feature space ${name} takes rows of shape [${shipped.exampleShape.join(', ')}]; those of "${training.name}" are ` +
        `[${exampleShape.join(', ')}]. Use pixels, pca-${defaultComponents} or onnx:FILE.`,
    );
  return shippedSpace(name);
}

/**
 * The feature space that suits data: the shipped classifier of named data, the principal components of wide rows, otherwise the rows as they
 * are.
 *
 * @example const space = await featureSpaceFor(await mnist());      // mnist-classifier
 */
export async function featureSpaceFor(
  training: Dataset,
  { cache, signal }: Pick<FeatureSpaceOptions, 'cache' | 'signal'> = {},
): Promise<FeatureSpace> {
  const shipped = shippedFor(training);
  if (shipped !== undefined) return shippedSpace(shipped.name);
  const isWide = exampleSize(training.exampleShape) > widestPixels;
  const components = Math.min(defaultComponents, training.length - 1);
  return isWide && components > 0
    ? cachedPcaSpace(training, components, present({ folder: cache, signal }))
    : pixels(training.exampleShape);
}
