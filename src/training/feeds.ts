// What a chunk of steps is fed: rows of the data in the epoch's order and fresh noise, both pure functions of seed and step.

import { DatasetError } from '../core/errors.js';
import { lookUp } from '../core/nearest.js';
import { type Augmentation, augmentations } from '../data/augment.js';
import type { Batcher } from '../data/batching.js';
import type { Batch, Dataset } from '../data/dataset.js';
import { type Random, random } from '../runtime/random.js';
import type { ValueData } from '../runtime/runtime.js';
import type { TrainOptions } from './plan.js';
import type { NoiseInput, TrainingProgram } from './program.js';

/** Feeds by input name, each stacked along a new first axis. */
export type Feeds = Readonly<Record<string, ValueData>>;

/** Makes the feeds of steps `first` to `first + count - 1`. */
export type FeedMaker = (first: number, count: number) => Promise<Feeds>;

/** How to feed `program` from `data`. @throws UnknownNameError, ShapeError for augmentations that are unknown or not for such rows */
export function feedMaker(
  program: TrainingProgram,
  data: Dataset,
  batches: Batcher,
  { seed, augment = [] }: Pick<TrainOptions, 'seed' | 'augment'>,
): FeedMaker {
  const noise = random(seed).split('noise');
  const changes = augment.map((name) => lookUp<Augmentation>('augmentation', augmentations, name));
  // On a batch of no rows: changes that these rows cannot take are refused before anything has begun.
  for (const change of changes) change({ x: new Float32Array(0) }, data.exampleShape, random(seed));
  /** Every step draws its changes anew, and a resumed one draws the same. */
  const augmented = (batch: Batch, step: number): Batch =>
    changes.reduce((result, change, index) => {
      const stream = random(seed).split('augment').split(index).split(step);
      return change(result, data.exampleShape, stream);
    }, batch);
  const rowSize = data.exampleShape.reduce((product, length) => product * length, 1);
  return async (first, count) => {
    const rows = new Float32Array(count * program.batchSize * rowSize);
    const labels = program.labels === undefined ? undefined : new BigInt64Array(count * program.batchSize);
    for (let index = 0; index < count; index++) {
      const batch = augmented(await data.gather(batches.at(first + index).indices), first + index);
      rows.set(batch.x, index * program.batchSize * rowSize);
      if (labels === undefined) continue;
      if (batch.labels === undefined) throw new DatasetError(`${data.name} has no labels, which this model needs.`);
      labels.set(BigInt64Array.from(batch.labels, BigInt), index * program.batchSize);
    }
    const feeds: Record<string, ValueData> = { [program.rows]: rows };
    if (program.labels !== undefined && labels !== undefined) feeds[program.labels] = labels;
    for (const input of program.noise) feeds[input.name] = stackedNoise(input, noise.split(input.name), first, count);
    return feeds;
  };
}

function stackedNoise({ shape, distribution }: NoiseInput, stream: Random, first: number, count: number): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = new Float32Array(count * size);
  for (let index = 0; index < count; index++) {
    const step = stream.split(first + index);
    values.set(distribution === 'normal' ? step.normal(size) : step.uniform(size), index * size);
  }
  return values;
}
