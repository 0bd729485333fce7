// Feature spaces: what rows are turned into before metrics compare them. Distances between pixels say little about what images show;
// those between a classifier's activations say more, but only within the same space: its name belongs to every value that came of it.
import { ShapeError } from '../../core/errors.js';
import type { ClassProbabilities, FeatureRows } from '../../metrics/metric.js';
import type { Samples } from '../contract.js';
import { checkRows } from '../rows.js';
import { parts, type Rows, rowCount } from '../tools/rows.js';

/** Rows in a feature space, and what the space's classifier makes of them where it is one. */
export interface Features extends FeatureRows {
  readonly data: Float32Array;
  /** p(y | x) of each row, of spaces that have classes. */
  readonly classes?: ClassProbabilities;
}

/** How to extract. */
export interface ExtractOptions {
  readonly signal?: AbortSignal;
  /** Called with the rows done so far. */
  readonly onProgress?: (done: number, rows: number) => void;
}

/**
 * A map from rows of one shape to features of one width.
 *
 * @example
 * const space = await featureSpaceFor(data);
 * const real = await space.extract(test), samples = await space.extract(await model.sample(10_000));
 * const { value } = await fid.compute({ real, samples });      // name it `fid (${space.name})`
 */
export interface FeatureSpace {
  /** Its name, part of the name of every metric that looks at it: `mnist-classifier`. */
  readonly name: string;
  /** The shape of the rows it takes: [H, W, C] of images. */
  readonly exampleShape: readonly number[];
  /** Numbers in a row of features. */
  readonly width: number;
  /**
   * What tells it from other spaces of its name: equal for spaces that give equal features, another one where the file or the weights behind
   * the name were replaced. Stored features are found by it.
   */
  identity(): Promise<string>;
  /** The classes whose probabilities it tells, where it does. */
  readonly classes?: readonly string[];
  /**
   * The features of rows, in their order; each depends on its own row alone. A data set is gone through part by part.
   *
   * @throws ShapeError for rows of another shape, ConfigError for none or for numbers that are not finite
   * @throws the signal's reason where it is aborted
   */
  extract(rows: Rows, options?: ExtractOptions): Promise<Features>;
  /** Frees the device. Extracting again opens it anew. */
  dispose(): Promise<void>;
}

/** What one part of the rows became. */
export interface FeaturePart {
  /** [count, width] */
  readonly features: Float32Array;
  /** [count, classes] */
  readonly probabilities?: Float32Array;
}

/**
 * Goes through rows part by part: what every feature space does around its own work.
 *
 * @param extractPart the features of checked rows
 */
export async function extractParts(
  { name, exampleShape, width, classes }: Pick<FeatureSpace, 'name' | 'exampleShape' | 'width' | 'classes'>,
  rows: Rows,
  extractPart: (part: Samples) => Promise<FeaturePart> | FeaturePart,
  options: ExtractOptions = {},
): Promise<Features> {
  const count = rowCount(rows);
  const data = new Float32Array(count * width);
  const probabilities = classes === undefined ? undefined : new Float32Array(count * classes.length);
  let done = 0;
  for await (const part of parts(rows, options)) {
    const partCount = checkRows(`The feature space ${name}`, part, exampleShape);
    const result = await extractPart(part);
    if (result.features.length !== partCount * width)
      throw new ShapeError(
        `The feature space ${name} gave ${result.features.length} numbers for ${partCount} rows; ${width} for each were expected.`,
      );
    data.set(result.features, done * width);
    if (classes !== undefined && result.probabilities !== undefined)
      probabilities?.set(result.probabilities, done * classes.length);
    done += partCount;
    options.onProgress?.(done, count);
  }
  const features = { data, rows: count, width };
  return classes === undefined || probabilities === undefined
    ? features
    : { ...features, classes: { data: probabilities, rows: count, classes: classes.length } };
}
