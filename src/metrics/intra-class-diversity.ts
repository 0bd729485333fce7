// Diversity within classes: how far samples of a class are from each other, as a share of how far real rows of it are.
//
//   value = mean_c min(r_c, 1/r_c),   r_c = mean distance of two samples of class c / mean distance of two real rows of class c
//
// A model that knows one way to draw a seven, and draws it for every seven, has r_7 = 0 while its classes look perfect. Two metrics: by the
// class that was asked for, and by the class that a classifier reads, for models that cannot be asked.
import { DatasetError } from '../core/errors.js';
import { bootstrapSeconds } from './bootstrap.js';
import { checkFeatures, checkLabels, checkProbabilities } from './check-inputs.js';
import { distanceSeconds } from './class-distances.js';
import { type DistanceRatios, type Labelled, ratiosWithin } from './distance-ratio.js';
import { numberOf, numbersOf, percent } from './in-words.js';
import type { FeatureRows, Metric, MetricValue } from './metric.js';
import { predictedLabels } from './predicted-labels.js';

/** Rows of each class at most: half a million pairs tell its mean to a few thousandths. */
const mostRows = 1000;

const source =
  'Mean distance of pairs within classes, as in Odena, Olah and Shlens 2017, Conditional Image Synthesis with Auxiliary Classifier GANs, section 4.2';

const asking = { title: 'Diversity within classes', minimumRows: 2 };
const askingPredicted = { title: 'Diversity within predicted classes', minimumRows: 2 };

/** How far samples of a class that was asked for are from each other, compared with real rows of the class. */
export const intraClassDiversity: Metric<'real' | 'samples' | 'realLabels' | 'sampleLabels'> = {
  name: 'intra-class-diversity',
  title: asking.title,
  topic: 'diversity',
  measures:
    'Whether samples of a class are as far from each other as real rows of it: the ratio of the mean distances of pairs, or its inverse ' +
    'above 1, on average over the classes that were asked for.',
  better: 'higher',
  range: [0, 1],
  unit: '',
  needs: ['real', 'samples', 'realLabels', 'sampleLabels'],
  usesFeatures: true,
  minimumRows: asking.minimumRows,
  source,
  estimateSeconds: ({ real, samples, realLabels, sampleLabels }) =>
    seconds(real, realLabels) + seconds(samples, sampleLabels),
  async compute({ real, samples, realLabels, sampleLabels }, options = {}) {
    checkFeatures(asking, { real, samples });
    checkLabels(asking, 'realLabels', realLabels, real.rows);
    checkLabels(asking, 'sampleLabels', sampleLabels, samples.rows);
    return perClass(
      asking.title,
      await ratiosWithin(
        { features: samples, labels: sampleLabels },
        { features: real, labels: realLabels },
        mostRows,
        options,
      ),
    );
  },
  read: reading,
};

/** The same by the classes that a classifier reads. */
export const predictedIntraClassDiversity: Metric<'real' | 'samples' | 'realClasses' | 'sampleClasses'> = {
  name: 'predicted-intra-class-diversity',
  title: askingPredicted.title,
  topic: 'diversity',
  measures:
    'Whether samples of a class are as far from each other as real rows of it: the ratio of the mean distances of pairs, or its inverse ' +
    'above 1, on average over the classes that a classifier reads.',
  better: 'higher',
  range: [0, 1],
  unit: '',
  needs: ['real', 'samples', 'realClasses', 'sampleClasses'],
  usesFeatures: true,
  minimumRows: askingPredicted.minimumRows,
  source,
  estimateSeconds: ({ real, samples, realClasses, sampleClasses }) =>
    seconds(real, predictedLabels(realClasses)) + seconds(samples, predictedLabels(sampleClasses)),
  async compute({ real, samples, realClasses, sampleClasses }, options = {}) {
    checkFeatures(askingPredicted, { real, samples });
    const labelled = (name: string, features: FeatureRows, classes: typeof realClasses): Labelled => {
      checkProbabilities(askingPredicted, name, classes);
      const labels = predictedLabels(classes);
      checkLabels(askingPredicted, name, labels, features.rows);
      return { features, labels };
    };
    return perClass(
      askingPredicted.title,
      await ratiosWithin(
        labelled('sampleClasses', samples, sampleClasses),
        labelled('realClasses', real, realClasses),
        mostRows,
        options,
      ),
    );
  },
  read: reading,
};

function perClass(title: string, { value, interval, ratios, leftOut }: DistanceRatios): MetricValue {
  if (ratios.length === 0)
    throw new DatasetError(
      `${title} needs a class with at least 2 samples, and at least 2 real rows that differ; there is none. Draw more samples, and use ` +
        'more real rows.',
    );
  const perClass: number[] = new Array<number>(1 + Math.max(...leftOut, ...ratios.map(({ label }) => label))).fill(
    Number.NaN,
  );
  for (const { label, ratio } of ratios) perClass[label] = ratio;
  return {
    value,
    ...(interval === undefined ? {} : { interval }),
    details: { ratio: ratios.reduce((sum, { ratio }) => sum + ratio / ratios.length, 0), perClass },
    ...(leftOut.length === 0
      ? {}
      : {
          warnings: [
            `Left out: ${leftOut.length === 1 ? 'class' : 'classes'} ${leftOut.join(', ')}, with fewer than 2 samples or fewer than 2 ` +
              'real rows that differ. Draw more samples, or see which classes the model never draws (label-entropy).',
          ],
        }),
  };
}

function reading({ details }: MetricValue): string {
  const ratio = numberOf(details, 'ratio');
  const perClass = numbersOf(details, 'perClass');
  const known = perClass.filter((one) => !Number.isNaN(one));
  const least = Math.min(...known);
  const start =
    Math.abs(ratio - 1) < 0.01
      ? 'Samples of a class are as far from each other as real rows of it'
      : `Samples of a class are ${percent(ratio)} as far from each other as real rows of it`;
  if (known.length < 2) return `${start}.`;
  const worst = perClass.indexOf(least);
  if (least < 0.05) return `${start}; of class ${worst} the model draws almost always the same.`;
  if (ratio > 1.05)
    return `${start}: they are less alike than they should be, as with noise, broken rows or wrong classes.`;
  return `${start}; the least varied is class ${worst} with ${percent(least)}.`;
}

function seconds({ rows, width }: FeatureRows, labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()]
    .map((count) => Math.min(count, mostRows))
    .reduce(
      (sum, count) => sum + distanceSeconds((count * count) / 2, width),
      bootstrapSeconds(Math.min(rows, counts.size * mostRows)),
    );
}
