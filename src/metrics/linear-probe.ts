// A linear probe: how well a linear classifier reads the class from the code alone. It learns from codes of training rows and is judged on
// those of held-out rows; the representation itself is not touched.
//
//   multinomial logistic regression, |W|^2 / 2 C with C = 1, on columns of mean 0 and variance 1 over the training rows
import { DatasetError } from '../core/errors.js';
import { random } from '../runtime/random.js';
import { checkFeatures, checkLabels } from './check-inputs.js';
import { numberOf, numbersOf, percent } from './in-words.js';
import type { FeatureRows, LabelledCodes, Metric, MetricValue } from './metric.js';
import { pace, stage } from './pace.js';
import { shareInterval } from './share-interval.js';
import { classify, type Examples, softmaxRegression } from './softmax-regression.js';

const asking = { title: 'Linear probe accuracy', minimumRows: 2 };

/** Training rows at most, chosen by chance: a linear classifier of hundreds of numbers learns little from more. */
const mostRows = 10_000;
/** The inverse strength of the penalty, as scikit-learn's default. */
const inverseStrength = 1;

/** The accuracy of a linear classifier on codes. */
export const linearProbe: Metric<'trainingCodes' | 'realCodes'> = {
  name: 'linear-probe',
  title: asking.title,
  topic: 'representation',
  measures: 'How well a linear classifier reads the class of a held-out row from its code alone.',
  better: 'higher',
  range: [0, 1],
  unit: '',
  needs: ['trainingCodes', 'realCodes'],
  usesFeatures: false,
  minimumRows: asking.minimumRows,
  source: 'Alain and Bengio 2017, Understanding intermediate layers using linear classifier probes',
  estimateSeconds({ trainingCodes: { codes, labels } }) {
    const classes = new Set(labels).size;
    // About 150 passes over the rows, each forth and back.
    return 150 * Math.min(codes.rows, mostRows) * codes.width * classes * 1.5e-9;
  },
  async compute({ trainingCodes, realCodes }, options = {}) {
    checkFeatures(asking, { trainingCodes: trainingCodes.codes, realCodes: realCodes.codes });
    checkLabels(asking, 'trainingCodes', trainingCodes.labels, trainingCodes.codes.rows);
    checkLabels(asking, 'realCodes', realCodes.labels, realCodes.codes.rows);
    const learnt = chosenRows(trainingCodes, options.seed ?? 0);
    const classes = 1 + learnt.labels.reduce((most, label) => Math.max(most, label), 0);
    if (new Set(learnt.labels).size < 2)
      throw new DatasetError(
        `${asking.title} needs training rows of at least two classes; all are of one. Use more rows.`,
      );
    const scale = standardisation(learnt.codes);
    const examples: Examples = { ...scale(learnt.codes), labels: learnt.labels, classes };
    const { weights, converged, iterations } = await softmaxRegression(
      examples,
      inverseStrength,
      pace(stage(options, 0, 0.95)),
    );
    const isRight = rightOnes(classify(scale(realCodes.codes), weights), realCodes.labels);
    const count = isRight.reduce((sum, one) => sum + one, 0);
    options.onProgress?.(1);
    return {
      value: count / isRight.length,
      interval: shareInterval(count, isRight.length),
      details: {
        trainingAccuracy: meanOf(rightOnes(classify(examples, weights), learnt.labels)),
        mostFrequent: Math.max(...sharesOf(realCodes.labels)),
        perClass: perClass(isRight, realCodes.labels),
        trainingRows: learnt.codes.rows,
        iterations,
      },
      ...(converged
        ? {}
        : {
            warnings: [
              'The classifier stopped before its best: codes this ill-conditioned make its accuracy a lower bound.',
            ],
          }),
    };
  },
  read: ({ value, interval: [low] = [value, value], details }: MetricValue) => {
    const mostFrequent = numberOf(details, 'mostFrequent');
    const perClass = numbersOf(details, 'perClass');
    const known = perClass.filter((share) => !Number.isNaN(share));
    const worst = perClass.indexOf(Math.min(...known));
    const start = `A linear classifier reads the class from the code of ${percent(value)} of held-out rows`;
    if (low <= mostFrequent)
      return `${start}, no more than by always naming the most frequent class (${percent(mostFrequent)}), within the interval: the code says nothing of the class.`;
    const guess = `always naming the most frequent class is right in ${percent(mostFrequent)}`;
    return value === 1
      ? `${start}; ${guess}.`
      : `${start}; ${guess}. Hardest is class ${worst}, with ${percent(perClass[worst] ?? 0)}.`;
  },
};

/** The codes to learn from: all, or some that chance chooses. */
function chosenRows({ codes, labels }: LabelledCodes, seed: number): LabelledCodes {
  if (codes.rows <= mostRows) return { codes, labels };
  const rows = random(seed).split('rows').permutation(codes.rows).subarray(0, mostRows);
  const data = new Float64Array(mostRows * codes.width);
  rows.forEach((row, place) => {
    data.set(codes.data.subarray(row * codes.width, (row + 1) * codes.width), place * codes.width);
  });
  return {
    codes: { data, rows: mostRows, width: codes.width },
    labels: Int32Array.from(rows, (row) => labels[row] ?? 0),
  };
}

/** What brings columns to mean 0 and variance 1 over these rows; constant ones to 0. */
function standardisation({
  data,
  rows,
  width,
}: FeatureRows): (codes: FeatureRows) => Omit<Examples, 'labels' | 'classes'> {
  const means = new Float64Array(width);
  const variances = new Float64Array(width);
  for (let i = 0; i < data.length; i++) means[i % width]! += data[i]! / rows;
  for (let i = 0; i < data.length; i++) variances[i % width]! += (data[i]! - means[i % width]!) ** 2 / rows;
  // Rounding leaves constant columns a variance of nearly nothing.
  const scales = variances.map((variance, j) => (variance > 1e-14 * means[j]! ** 2 ? 1 / Math.sqrt(variance) : 0));
  return (codes) => ({
    data: Float64Array.from(codes.data, (value, i) => (value - means[i % width]!) * scales[i % width]!),
    rows: codes.rows,
    width,
  });
}

function rightOnes(predicted: Int32Array, labels: Int32Array): Float64Array {
  return Float64Array.from(predicted, (label, row) => (label === labels[row] ? 1 : 0));
}

function sharesOf(labels: Int32Array): Float64Array {
  const counts = new Float64Array(1 + labels.reduce((most, label) => Math.max(most, label), 0));
  for (const label of labels) counts[label]! += 1 / labels.length;
  return counts;
}

/** The accuracy of each class; NaN of one without rows. */
function perClass(isRight: Float64Array, labels: Int32Array): number[] {
  const shares = sharesOf(labels);
  const right = new Float64Array(shares.length);
  labels.forEach((label, row) => {
    right[label]! += isRight[row]! / labels.length;
  });
  return Array.from(right, (share, label) => share / shares[label]!);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
