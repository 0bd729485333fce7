// The generator's gradient vanishes, so that it stands still. Seen by the norm of its gradient where that is reported; otherwise known of
// the minimax objective, whose slope by the logit a is -D(G(z)): d/da log(1 - sigmoid(a)) = -sigmoid(a).
import { type Detector, lateMean, meanOf, seriesOf } from './evidence.js';
import { instanceNoise, labelSmoothing, nonSaturating, slowerDiscriminator, wasserstein } from './remedies.js';

/** The part of its early gradient that a generator is left with. */
const leastPart = 0.001;
const leastSlope = 0.01;

export const vanishingGradient: Detector = {
  name: 'vanishing gradient',
  detect({ history, options }) {
    const norms = seriesOf(history, 'generatorGradientNorm');
    const late = lateMean(history, 'generatorGradientNorm');
    const early = meanOf(norms.slice(0, Math.max(5, Math.ceil(norms.length / 10))));
    if (late < leastPart * early)
      return `The generator's gradient has vanished: its norm is ${late.toPrecision(2)}, after ${early.toPrecision(2)} at the start.`;
    const slope = lateMean(history, 'D(G(z))');
    if (norms.length > 0 || options.objective !== 'minimax' || !(slope < leastSlope)) return undefined;
    return `The generator's gradient vanishes: under the objective minimax it is proportional to D(G(z)), which is ${slope.toPrecision(2)}.`;
  },
  remedies: [nonSaturating, wasserstein, slowerDiscriminator, labelSmoothing, instanceNoise],
};
