// Swiss roll: a spiral in the plane, scikit-learn's make_swiss_roll seen from the side, noise 1, divided by 5.
// t = 1.5 pi (1 + 2u) with u uniform; the point is t (cos t, sin t). Grathwohl et al. 2019, FFJORD, uses the same scale.
import type { GeneratedEntry } from './entry.js';
import { noisyPoints } from './noisy-points.js';

export const swissRoll: GeneratedEntry = {
  kind: 'generated',
  name: 'swiss-roll',
  description: 'points on a spiral',
  licence: 'none needed, generated',
  origin: 'https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_swiss_roll.html',
  citation: 'Marsland, Machine learning: an algorithmic perspective (2014), chapter 6',
  exampleShape: [2],
  generate(count, stream) {
    const turns = stream.split('turn').uniform(count, 1.5 * Math.PI, 4.5 * Math.PI);
    const x = noisyPoints(count, stream, 0.2, (row) => {
      const turn = turns[row] ?? 0;
      return [(turn * Math.cos(turn)) / 5, (turn * Math.sin(turn)) / 5];
    });
    return { x };
  },
};
