// Eight Gaussians: standard deviation 0.02, means evenly on a circle of radius 2, the usual test of whether a GAN finds every mode.
// Metz, Poole, Pfau and Sohl-Dickstein 2017, Unrolled generative adversarial networks, section 3.1.
import type { GeneratedEntry, Modes } from './entry.js';
import { noisyPoints } from './noisy-points.js';

const classes = ['0°', '45°', '90°', '135°', '180°', '225°', '270°', '315°'];

const modes: Modes = {
  means: classes.map((_, index) => [2 * Math.cos((index * Math.PI) / 4), 2 * Math.sin((index * Math.PI) / 4)]),
  standardDeviation: 0.02,
};

export const eightGaussians: GeneratedEntry = {
  kind: 'generated',
  name: 'eight-gaussians',
  description: 'eight narrow Gaussians on a circle',
  licence: 'none needed, generated',
  origin: 'https://arxiv.org/abs/1611.02163',
  citation: 'Metz, Poole, Pfau and Sohl-Dickstein, Unrolled generative adversarial networks (2017)',
  exampleShape: [2],
  classes,
  modes,
  generate(count, stream) {
    const labels = stream.split('class').integers(count, 0, 8);
    const x = noisyPoints(count, stream, modes.standardDeviation, (row) => modes.means[labels[row] ?? 0] ?? []);
    return { x, labels };
  },
};
