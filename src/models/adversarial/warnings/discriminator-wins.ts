// The discriminator is right about every row for long: D(x) near its target, D(G(z)) near 0. What it says then no longer depends on how good
// a sample is, and the generator learns little (Arjovsky and Bottou 2017, Towards principled methods for training GANs, theorem 2.4).
import { type Detector, lateMean } from './evidence.js';
import { gradientPenalty, instanceNoise, labelSmoothing, nonSaturating, slowerDiscriminator } from './remedies.js';

/** How near is near. */
const margin = 0.03;

export const discriminatorWins: Detector = {
  name: 'discriminator wins',
  detect({ history, options }) {
    const smoothing = typeof options.labelSmoothing === 'number' ? options.labelSmoothing : 0;
    const [real, fake] = [lateMean(history, 'D(x)'), lateMean(history, 'D(G(z))')];
    if (!(real > 1 - smoothing - margin && fake < margin)) return undefined;
    return (
      `The discriminator tells all samples from data (D(x) is ${real.toFixed(2)}, D(G(z)) ${fake.toFixed(2)}), so the generator ` +
      'learns little.'
    );
  },
  remedies: [nonSaturating, slowerDiscriminator, labelSmoothing, gradientPenalty, instanceNoise],
};
