// Means and deviations of what a flow's couplings see first, from the data: numbers as they are, pixels as logits.
import { ConfigError } from '../../core/errors.js';
import { type Dataset, exampleSize, gatherAll, isImageShape } from '../../data/dataset.js';
import { subset } from '../../data/split.js';
import { random } from '../../runtime/random.js';
import type { Values } from '../../runtime/runtime.js';
import { standardisingValues } from './actnorm.js';
import { type RealNvpConfig, standardisingName } from './realnvp-options.js';

/** Rows that are looked at. */
const surveyedRows = 10_000;

/** The values of the flow's standardisation. @throws ConfigError for numbers that are not finite */
export async function firstScales(config: RealNvpConfig, data: Dataset): Promise<Values> {
  const { exampleShape } = data;
  const isImage = isImageShape(exampleShape);
  const rows = random(0).split('survey').permutation(data.length).slice(0, surveyedRows);
  const { x } = await gatherAll(subset(data, rows));
  const width = isImage ? (exampleShape[2] ?? 1) : exampleSize(exampleShape);
  const { levels, margin } = config;
  const seen = (value: number): number => {
    if (!isImage) return value;
    const p = margin + (1 - 2 * margin) * (((levels - 1) * value + 0.5) / levels);
    return Math.log(p / (1 - p));
  };
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  const count = x.length / width;
  for (const [i, value] of x.entries()) {
    if (!Number.isFinite(value))
      throw new ConfigError(
        `realnvp: ${data.name} holds ${value}; rows have to be finite numbers, so fill missing values in or leave such rows out.`,
      );
    means[i % width] = (means[i % width] ?? 0) + seen(value) / count;
  }
  for (const [i, value] of x.entries())
    squares[i % width] = (squares[i % width] ?? 0) + (seen(value) - (means[i % width] ?? 0)) ** 2 / count;
  // A constant number keeps its unit: there is no deviation to divide by.
  const deviations = squares.map((variance) => (variance > 0 ? Math.sqrt(variance) : 1));
  return standardisingValues(standardisingName, means, deviations);
}
