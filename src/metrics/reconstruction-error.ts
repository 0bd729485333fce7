// How much of a row is lost through the code and back: the mean squared error of held-out rows.
//
//   E = mean over rows and their numbers of (x - x')^2,   x' = decode(encode(x))
import { bootstrapMean, bootstrapSeconds } from './bootstrap.js';
import { checkImagePairs } from './check-inputs.js';
import { figure, percent } from './in-words.js';
import type { Metric } from './metric.js';
import { mean, squaredErrors } from './squared-errors.js';

const asking = { title: 'Reconstruction error', minimumRows: 1 };

/** The mean squared difference of held-out rows and what became of them through the code. */
export const reconstructionError: Metric<'originals' | 'reconstructions'> = {
  name: 'reconstruction-error',
  title: asking.title,
  topic: 'representation',
  measures:
    'How much of a held-out row is lost through the code and back: the mean squared difference of their numbers.',
  better: 'lower',
  range: [0, 1],
  unit: '',
  needs: ['originals', 'reconstructions'],
  usesFeatures: false,
  minimumRows: asking.minimumRows,
  source: 'Hinton and Salakhutdinov 2006, Reducing the Dimensionality of Data with Neural Networks',
  estimateSeconds: ({ originals }) => originals.data.length * 3e-9 + bootstrapSeconds(originals.shape[0]),
  async compute({ originals, reconstructions }, options = {}) {
    checkImagePairs(asking, { originals, reconstructions });
    const errors = squaredErrors(originals, reconstructions);
    const interval = await bootstrapMean(errors, options);
    return { value: mean(errors), ...(interval === undefined ? {} : { interval }) };
  },
  read: ({ value }) =>
    value === 0
      ? 'Rows come back from their codes exactly as they were.'
      : `A number of a row comes back from its code wrong by ${figure(Math.sqrt(value))} (the root of ${figure(value)}), ` +
        `${percent(Math.sqrt(value))} of the way from black to white.`,
};
