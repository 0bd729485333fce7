// Two moons: two half circles of radius 1 that reach into each other, in the places of scikit-learn's make_moons, with noise 0.1.
import type { GeneratedEntry } from './entry.js';
import { noisyPoints } from './noisy-points.js';

export const twoMoons: GeneratedEntry = {
  kind: 'generated',
  name: 'two-moons',
  description: 'points on two half circles that reach into each other',
  licence: 'none needed, generated',
  origin: 'https://scikit-learn.org/stable/modules/generated/sklearn.datasets.make_moons.html',
  citation: 'Pedregosa et al., Scikit-learn: machine learning in Python (2011)',
  exampleShape: [2],
  classes: ['upper moon', 'lower moon'],
  generate(count, stream) {
    const labels = stream.split('class').integers(count, 0, 2);
    const angles = stream.split('angle').uniform(count, 0, Math.PI);
    const x = noisyPoints(count, stream, 0.1, (row) => {
      const angle = angles[row] ?? 0;
      return labels[row] === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    });
    return { x, labels };
  },
};
