// A grid of 25 Gaussians: standard deviation 0.05, means at every pair of -4, -2, 0, 2 and 4; modes that a GAN may miss.
// Lin, Khetan, Fanti and Oh 2018, PacGAN, section 4.1 (variance 0.0025), after Srivastava et al. 2017, VEEGAN.
import type { GeneratedEntry } from './entry.js';
import { noisyPoints } from './noisy-points.js';

const places = [-4, -2, 0, 2, 4].flatMap((y) => [-4, -2, 0, 2, 4].map((x) => [x, y] as const));

export const grid25Gaussians: GeneratedEntry = {
  kind: 'generated',
  name: 'grid-25-gaussians',
  description: '25 narrow Gaussians on a square grid',
  licence: 'none needed, generated',
  origin: 'https://arxiv.org/abs/1712.04086',
  citation: 'Lin, Khetan, Fanti and Oh, PacGAN (2018)',
  exampleShape: [2],
  classes: places.map(([x, y]) => `(${x}, ${y})`),
  generate(count, stream) {
    const labels = stream.split('class').integers(count, 0, places.length);
    return { x: noisyPoints(count, stream, 0.05, (row) => places[labels[row] ?? 0] ?? [0, 0]), labels };
  },
};
