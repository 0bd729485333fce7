// Rings: four circles around the origin, of radius 0.75, 1.5, 2.25 and 3, equally likely, with noise 0.08.
// Grathwohl et al. 2019, FFJORD, section 4.1.
import type { GeneratedEntry } from './entry.js';
import { noisyPoints } from './noisy-points.js';

export const rings: GeneratedEntry = {
  kind: 'generated',
  name: 'rings',
  description: 'points on four circles around one centre',
  licence: 'none needed, generated',
  origin: 'https://arxiv.org/abs/1810.01367',
  citation: 'Grathwohl, Chen, Bettencourt, Sutskever and Duvenaud, FFJORD (2019)',
  exampleShape: [2],
  classes: ['radius 0.75', 'radius 1.5', 'radius 2.25', 'radius 3'],
  generate(count, stream) {
    const labels = stream.split('class').integers(count, 0, 4);
    const angles = stream.split('angle').uniform(count, 0, 2 * Math.PI);
    const x = noisyPoints(count, stream, 0.08, (row) => {
      const radius = 0.75 * ((labels[row] ?? 0) + 1);
      const angle = angles[row] ?? 0;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    return { x, labels };
  },
};
