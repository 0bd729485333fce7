// The classifier score, known as the Inception score after the network of the paper: samples that a classifier is sure about, and that it
// puts into all classes alike.
//
//   score = exp E_x KL( p(y | x) || p(y) ),   p(y) the mean of p(y | x) over the samples
//
// Salimans, Goodfellow, Zaremba, Cheung, Radford and Chen (2016), section 4: the mean over 10 parts of the samples. It is 1 where the
// classifier cannot tell samples apart and the number of classes at best. It never looks at real rows, and not at variety within a class.
import { random } from '../runtime/random.js';
import { checkProbabilities } from './check-inputs.js';
import type { ClassProbabilities, Metric } from './metric.js';
import { pace } from './pace.js';

const parts = 10;
/** The 97.5 % point of Student's distribution with 9 degrees of freedom: parts are independent, and their scores nearly normal. */
const studentQuantile = 2.2621571628540993;

/** The classifier score of the samples. */
export const classifierScore: Metric<'sampleClasses'> = {
  name: 'classifier-score',
  title: 'Classifier score (Inception score)',
  topic: 'samples',
  measures: 'How surely a classifier recognises samples, and how evenly they spread over the classes.',
  better: 'higher',
  range: [1, Number.POSITIVE_INFINITY],
  unit: '',
  needs: ['sampleClasses'],
  usesFeatures: false,
  minimumRows: 2 * parts,
  source: 'Salimans et al. 2016, Improved techniques for training GANs, section 4',
  estimateSeconds: ({ sampleClasses: { rows, classes } }) => 1e-3 + rows * classes * 2e-8,
  async compute({ sampleClasses }, options = {}) {
    checkProbabilities(this, 'sampleClasses', sampleClasses);
    const { seed = 0 } = options;
    const order = random(seed).split('classifier-score').permutation(sampleClasses.rows);
    const done = pace(options);
    const scores = scoresOfParts(sampleClasses, order, parts);
    await done(1);
    const value = scores.reduce((sum, score) => sum + score, 0) / parts;
    const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - value) ** 2, 0) / (parts - 1));
    const half = (studentQuantile * deviation) / Math.sqrt(parts);
    const { classes } = sampleClasses;
    return {
      value,
      interval: [Math.max(1, value - half), Math.min(classes, value + half)],
      details: { classes, parts: [...scores] },
    };
  },
  read: ({ value, details }) => {
    const classes = details?.classes;
    return `Samples look to the classifier as if ${value.toFixed(1)}${typeof classes === 'number' ? ` of ${classes}` : ''} classes were drawn surely and evenly.`;
  },
};

/** The score of each of `count` equal parts of the rows in this order. */
export function scoresOfParts(
  { data, rows, classes }: ClassProbabilities,
  order: ArrayLike<number>,
  count: number,
): Float64Array {
  return Float64Array.from({ length: count }, (_, part) => {
    const [first, end] = [Math.floor((part * rows) / count), Math.floor(((part + 1) * rows) / count)];
    const marginal = new Float64Array(classes);
    let negativeEntropy = 0;
    for (let i = first; i < end; i++)
      for (let y = 0; y < classes; y++) {
        const p = data[order[i]! * classes + y]!;
        marginal[y] = marginal[y]! + p / (end - first);
        // p log p is 0 at 0.
        if (p > 0) negativeEntropy += (p * Math.log(p)) / (end - first);
      }
    return Math.exp(negativeEntropy - marginal.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0));
  });
}
