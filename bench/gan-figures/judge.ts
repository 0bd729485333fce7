// Looks at samples: how many modes of a mixture they reach, or what a classifier of the data makes of images.
import { gatherAll, namedDatasets, subset } from '../../src/data/index.js';
import type { Modes } from '../../src/data/named/entry.js';
import { type Dataset, openDataset, type Samples } from '../../src/index.js';
import {
  type ClassProbabilities,
  conditionalAccuracy,
  fid,
  intraClassDiversity,
  labelEntropy,
  modeCoverage,
  predictedLabels,
} from '../../src/metrics/index.js';
import type { FeatureSpace } from '../../src/models/features/feature-space.js';
import { shippedFor, shippedSpace } from '../../src/models/features/node/shipped-classifiers.js';
import { pixels } from '../../src/models/features/pixels.js';
import type { FigureData } from './figure.js';
import type { QuantityName } from './quantities.js';

/** The quantities of samples, those that were asked for, in that order. */
export type Judge = (samples: Samples, wanted: readonly QuantityName[]) => Promise<number[]>;

/** The share of samples from which on a class counts as drawn. */
const drawnShare = 0.01;

/** A judge of samples, and as many real rows as samples to be judged for comparison. */
export interface Court {
  readonly judge: Judge;
  /** Training rows, not those that the judge compares with. */
  real(count: number): Promise<Samples>;
  dispose(): Promise<void>;
}

/** The judge of samples of named data. */
export async function openCourt(data: FigureData): Promise<Court> {
  const train = await openDataset(data);
  const real = async (count: number): Promise<Samples> => rowsOf(subset(train, count));
  const entry = namedDatasets[data];
  if (entry?.kind === 'generated' && entry.modes !== undefined)
    return { judge: judgeOfModes(entry.modes), real, dispose: async () => undefined };
  const shipped = shippedFor(train);
  if (shipped === undefined) throw new TypeError(`No classifier comes with the package that knows ${data}.`);
  const space = await shippedSpace(shipped.name);
  return {
    judge: await judgeOfImages(await openDataset(data, { split: 'test' }), space),
    real,
    dispose: space.dispose,
  };
}

/** Judges points by the modes that they should come from. */
export function judgeOfModes(modes: Modes): Judge {
  return async ({ data, shape: [rows = 0, width = 0] }, wanted) => {
    const { covered, highQuality } = modeCoverage({ data, rows, width }, modes);
    return answersTo(wanted, { modes: async () => covered, 'high-quality': async () => 100 * highQuality });
  };
}

/** Judges images by what a classifier makes of them, beside test images. */
export async function judgeOfImages(test: Dataset, space: FeatureSpace): Promise<Judge> {
  const testRows = await rowsOf(test);
  const { labels: realLabels = new Int32Array() } = testRows;
  const real = await space.extract(testRows);
  const inPixels = pixels(test.exampleShape);
  return async (samples, wanted) => {
    const features = await space.extract(samples);
    const { classes: sampleClasses } = features;
    if (sampleClasses === undefined) throw new TypeError(`The feature space ${space.name} tells no classes.`);
    const asked = (): Int32Array => {
      if (samples.labels === undefined) throw new TypeError('Nobody asked for classes of these samples.');
      return samples.labels;
    };
    return answersTo(wanted, {
      'conditional-accuracy': async () =>
        100 * (await conditionalAccuracy.compute({ sampleClasses, sampleLabels: asked() })).value,
      'intra-class-diversity': async () =>
        100 * (await intraClassDiversity.compute({ real, samples: features, realLabels, sampleLabels: asked() })).value,
      'pixel-diversity': async () =>
        100 *
        (
          await intraClassDiversity.compute({
            real: await inPixels.extract(testRows),
            samples: await inPixels.extract(samples),
            realLabels,
            sampleLabels: asked(),
          })
        ).value,
      classes: async () => classesDrawn(sampleClasses),
      'label-entropy': async () => (await labelEntropy.compute({ sampleClasses })).value,
      fid: async () => (await fid.compute({ real, samples: features })).value,
    });
  };
}

/** How many classes are read in at least 1 % of rows. */
export function classesDrawn(probabilities: ClassProbabilities): number {
  const counts = new Int32Array(probabilities.classes);
  for (const label of predictedLabels(probabilities)) counts[label] = (counts[label] ?? 0) + 1;
  return counts.filter((count) => count >= drawnShare * probabilities.rows).length;
}

async function answersTo(
  wanted: readonly QuantityName[],
  answers: Partial<Readonly<Record<QuantityName, () => Promise<number>>>>,
): Promise<number[]> {
  const values: number[] = [];
  for (const name of wanted) {
    const answer = answers[name];
    if (answer === undefined) throw new TypeError(`${name} cannot be measured of such samples.`);
    values.push(await answer());
  }
  return values;
}

async function rowsOf(data: Dataset): Promise<Samples> {
  const { x, labels } = await gatherAll(data);
  return { data: x, shape: [data.length, ...data.exampleShape], ...(labels === undefined ? {} : { labels }) };
}
