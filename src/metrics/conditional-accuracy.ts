// Whether the model draws what it was asked for: the share of samples that a classifier calls the class that was asked for.
//
//   A = 1/N sum_n [argmax_y p(y | x_n) = c_n]
//
// A model that does not heed the class is right as often as classes asked for and classes drawn meet by chance: sum_y asked_y drawn_y of their
// shares (the expected agreement of Cohen 1960), which is 1 over the number of classes only where classes are equally frequent.
//
// The classifier was trained on real rows, so its own mistakes lower the value too; its accuracy on real rows is the most to hope for.
import { checkLabels, checkProbabilities } from './check-inputs.js';
import { numbersOf, percent } from './in-words.js';
import type { Metric, MetricValue } from './metric.js';
import { pace } from './pace.js';
import { predictedLabels } from './predicted-labels.js';
import { shareInterval } from './share-interval.js';

const asking = { title: 'Conditional accuracy', minimumRows: 1 };

/** The share of samples that look like the class that was asked for. */
export const conditionalAccuracy: Metric<'sampleClasses' | 'sampleLabels'> = {
  name: 'conditional-accuracy',
  title: asking.title,
  topic: 'diversity',
  measures:
    'Whether the model draws what it is asked for: the share of samples that a classifier calls the class that was asked for.',
  better: 'higher',
  range: [0, 1],
  unit: '',
  needs: ['sampleClasses', 'sampleLabels'],
  usesFeatures: false,
  minimumRows: asking.minimumRows,
  source: 'Shmelkov et al. 2018, How good is my GAN?, section 3 (GAN-test)',
  estimateSeconds: ({ sampleClasses: { rows, classes } }) => rows * classes * 5e-9,
  async compute({ sampleClasses, sampleLabels }, options = {}) {
    checkProbabilities(asking, 'sampleClasses', sampleClasses);
    const { rows, classes } = sampleClasses;
    checkLabels(asking, 'sampleLabels', sampleLabels, rows, classes);
    const done = pace(options);
    const predicted = predictedLabels(sampleClasses);
    const isRight = Float64Array.from(predicted, (label, row) => (label === sampleLabels[row] ? 1 : 0));
    const right = new Float64Array(classes);
    const asked = new Float64Array(classes);
    sampleLabels.forEach((label, row) => {
      asked[label] = (asked[label] ?? 0) + 1;
      right[label] = (right[label] ?? 0) + (isRight[row] ?? 0);
    });
    const drawn = new Float64Array(classes);
    for (const label of predicted) drawn[label] = (drawn[label] ?? 0) + 1;
    const guessing = asked.reduce((sum, share, label) => sum + (share * (drawn[label] ?? 0)) / rows ** 2, 0);
    await done(1);
    const count = isRight.reduce((sum, one) => sum + one, 0);
    return {
      value: count / rows,
      interval: shareInterval(count, rows),
      // NaN for classes that nobody asked for.
      details: { guessing, perClass: Array.from(right, (count, label) => count / (asked[label] ?? 0)) },
    };
  },
  read: ({ value, interval: [low] = [value, value], details }: MetricValue) => {
    const perClass = numbersOf(details, 'perClass');
    const asked = perClass.filter((share) => !Number.isNaN(share));
    const worst = perClass.indexOf(Math.min(...asked));
    const start = `A classifier reads the class that was asked for in ${percent(value)} of the samples`;
    if (asked.length < 2 || value === 1) return `${start}.`;
    if (low <= Number(details?.guessing))
      return `${start}, which is no more than guessing, within the interval: the model does not heed the class.`;
    return `${start}; worst is class ${worst} with ${percent(perClass[worst] ?? 0)}.`;
  },
};
