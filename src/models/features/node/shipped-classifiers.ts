// The classifiers that the package ships, trained by Verisim itself (node dist/bench/train-features.js): their weights, and how often they were
// right on the test sets.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { lookUp } from '../../../core/nearest.js';
import type { Dataset } from '../../../data/dataset.js';
import { Classifier } from '../../classifier/classifier.js';
import { load } from '../../node/load.js';
import { classifierSpace } from '../classifier-space.js';
import type { FeatureSpace } from '../feature-space.js';

/** A classifier that comes with the package. */
export interface ShippedClassifier {
  /** Its folder in weights/, and the name of its feature space. */
  readonly name: string;
  /** The named data whose rows it knows. */
  readonly data: readonly string[];
  readonly exampleShape: readonly number[];
}

/** Every shipped classifier by its name. */
export const shippedClassifiers: Readonly<Record<string, ShippedClassifier>> = Object.fromEntries(
  [
    { name: 'mnist-classifier', data: ['mnist', 'binarized-mnist'], exampleShape: [28, 28, 1] },
    { name: 'fashion-mnist-classifier', data: ['fashion-mnist'], exampleShape: [28, 28, 1] },
    { name: 'cifar-10-classifier', data: ['cifar-10'], exampleShape: [32, 32, 3] },
  ].map((one) => [one.name, one]),
);

const recordSchema = z.looseObject({ data: z.string(), testAccuracy: z.number(), validationAccuracy: z.number() });

/** The folder of the weights, beside dist/. */
const weightsFolder = fileURLToPath(new URL('../../../../../weights/', import.meta.url));

/** The shipped classifier for rows of named data, where there is one: of the same name and shape. */
export function shippedFor({
  name,
  exampleShape,
}: Pick<Dataset, 'name' | 'exampleShape'>): ShippedClassifier | undefined {
  return Object.values(shippedClassifiers).find(
    (one) => one.data.includes(name) && one.exampleShape.join() === exampleShape.join(),
  );
}

/** The feature space of a shipped classifier. @throws UnknownNameError, FileFormatError or RunFolderError where the package is damaged */
export async function shippedSpace(name: string): Promise<FeatureSpace> {
  const { name: folder } = lookUp('shipped classifier', shippedClassifiers, name);
  return classifierSpace(await load(join(weightsFolder, folder), isClassifier), folder);
}

/** How often a shipped classifier was right on its test set, measured once after training. @throws UnknownNameError */
export async function shippedAccuracy(name: string): Promise<z.output<typeof recordSchema>> {
  const { name: folder } = lookUp('shipped classifier', shippedClassifiers, name);
  return recordSchema.parse(JSON.parse(await readFile(join(weightsFolder, folder, 'accuracy.json'), 'utf8')));
}

function isClassifier(model: object): model is Classifier {
  return model instanceof Classifier;
}
