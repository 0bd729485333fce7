// A grid of 25 Gaussians: standard deviation 0.05, means at every pair of -4, -2, 0, 2 and 4; modes that a GAN may miss.
// Lin, Khetan, Fanti and Oh 2018, PacGAN, section 4.1 (variance 0.0025), after Srivastava et al. 2017, VEEGAN.
import type { GeneratedEntry, Modes } from './entry.js';
import { noisyPoints } from './noisy-points.js';

const places = [-4, -2, 0, 2, 4];
const modes: Modes = { means: places.flatMap((y) => places.map((x) => [x, y])), standardDeviation: 0.05 };

export const grid25Gaussians: GeneratedEntry = {
  kind: 'generated',
  name: 'grid-25-gaussians',
  description: '25 narrow Gaussians on a square grid',
  licence: 'none needed, generated',
  origin: 'https://arxiv.org/abs/1712.04086',
  citation: 'Lin, Khetan, Fanti and Oh, PacGAN (2018)',
  exampleShape: [2],
  classes: modes.means.map(([x, y]) => `(${x}, ${y})`),
  modes,
  generate(count, stream) {
    const labels = stream.split('class').integers(count, 0, modes.means.length);
    const x = noisyPoints(count, stream, modes.standardDeviation, (row) => modes.means[labels[row] ?? 0] ?? []);
    return { x, labels };
  },
};
