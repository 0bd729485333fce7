// What follows from log p(y | x), however it was found: probabilities, the most probable class, and how often that is the right one.
import type { Dataset } from '../../data/dataset.js';
import { type Confusion, confusion } from '../../metrics/confusion.js';
import type { ClassLogProbabilities, ClassProbabilities, HasPosterior, PredictOptions } from '../contract.js';
import { labelsAmong } from './class-rows.js';
import { mostProbable } from './posterior.js';
import type { Rows } from './rows.js';

type Posterior = Pick<HasPosterior, 'classes' | 'predictLogProba'>;

/** p(y | x), [N, classes]. @throws as predictLogProba */
export async function probabilitiesOf(
  model: Posterior,
  rows: Rows,
  options: PredictOptions = {},
): Promise<ClassProbabilities> {
  const { values, classes }: ClassLogProbabilities = await model.predictLogProba(rows, options);
  return { values: values.map(Math.exp), classes };
}

/** The number of each row's most probable class. @throws as predictLogProba */
export async function predictionsOf(model: Posterior, rows: Rows, options: PredictOptions = {}): Promise<Int32Array> {
  return mostProbable(await model.predictLogProba(rows, options));
}

/** How the answers compare with a data set's labels; classes that only the data has come last. @throws DatasetError without labels */
export async function confusionOf(model: Posterior, data: Dataset): Promise<Confusion> {
  const predictions = await predictionsOf(model, data);
  const { labels, classes } = await labelsAmong(data, model.classes);
  return confusion(labels, predictions, classes);
}
