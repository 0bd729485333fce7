// Entropy of the classes that a classifier calls the samples, in nats: whether all classes are drawn, and equally often.
//
//   H = -sum_c f_c log f_c,   f_c = share of the samples that are called class c
import { bootstrap, bootstrapSeconds } from './bootstrap.js';
import { checkProbabilities } from './check-inputs.js';
import { counted, figure, numberOf, numbersOf, percent } from './in-words.js';
import type { Metric, MetricValue } from './metric.js';
import { predictedLabels } from './predicted-labels.js';

const asking = { title: 'Entropy of predicted labels', minimumRows: 1 };

/** Rows for each class below which the entropy comes out too small by more than a hundredth (Miller 1955: 1 / 2 n for each class). */
const enoughRowsPerClass = 50;

/** The entropy of the classes that samples are taken for: the logarithm of the number of classes where all come equally often. */
export const labelEntropy: Metric<'sampleClasses'> = {
  name: 'label-entropy',
  title: asking.title,
  topic: 'diversity',
  measures:
    'Whether the model draws all classes, and equally often: the entropy of the classes that a classifier calls the samples.',
  better: 'higher',
  range: [0, Number.POSITIVE_INFINITY],
  unit: 'nats',
  needs: ['sampleClasses'],
  usesFeatures: false,
  minimumRows: asking.minimumRows,
  source:
    'Shannon 1948, A Mathematical Theory of Communication, section 6; of class labels as in Che et al. 2017, Mode Regularized GANs',
  estimateSeconds: ({ sampleClasses: { rows, classes } }) => rows * classes * 2e-9 + bootstrapSeconds(rows),
  async compute({ sampleClasses }, options = {}) {
    checkProbabilities(asking, 'sampleClasses', sampleClasses);
    const { rows, classes } = sampleClasses;
    const labels = predictedLabels(sampleClasses);
    const counts = new Float64Array(classes);
    for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
    const value = entropy(counts);
    const drawnCounts = new Float64Array(classes);
    const interval = await bootstrap(
      rows,
      (drawn) => {
        drawnCounts.fill(0);
        for (const row of drawn) {
          const label = labels[row] ?? 0;
          drawnCounts[label] = (drawnCounts[label] ?? 0) + 1;
        }
        return entropy(drawnCounts);
      },
      { ...options, value, range: [0, Math.log(classes)] },
    );
    return {
      value,
      ...(interval === undefined ? {} : { interval }),
      details: { most: Math.log(classes), shares: Array.from(counts, (count) => count / rows) },
      ...(rows < enoughRowsPerClass * classes
        ? {
            warnings: [
              `${counted(rows, 'sample')} of ${classes} classes: the entropy of few rows comes out too small. ` +
                `Use at least ${enoughRowsPerClass * classes}.`,
            ],
          }
        : {}),
    };
  },
  read: ({ value, details }: MetricValue) => {
    const shares = numbersOf(details, 'shares');
    const most = numberOf(details, 'most');
    const missing = shares.flatMap((share, label) => (share === 0 ? [label] : []));
    const largest = shares.indexOf(Math.max(...shares));
    const smallest = shares.indexOf(Math.min(...shares));
    const of = `${figure(value)} of at most ${figure(most)} nats`;
    if (missing.length === 1) return `Class ${missing[0]} is recognised in no sample (${of}); all others are.`;
    if (missing.length > 1)
      return `${missing.length} of ${shares.length} classes are recognised in no sample (${missing.join(', ')}): ${of}.`;
    if (most - value < 0.01) return `All ${shares.length} classes are drawn about equally often: ${of}.`;
    return (
      `All ${shares.length} classes are drawn, class ${largest} most often (${percent(shares[largest] ?? 0)} of the samples) and class ` +
      `${smallest} least (${percent(shares[smallest] ?? 0)}): ${of}.`
    );
  },
};

function entropy(counts: Float64Array): number {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= (count / rows) * Math.log(count / rows);
  // Not -0 where there is one class.
  return sum + 0;
}
