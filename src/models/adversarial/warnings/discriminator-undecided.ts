// The discriminator answers 1/2 to everything: the optimum of the game, or a player that learns nothing.
import { type Detector, lateMean } from './evidence.js';
import { fasterDiscriminator } from './remedies.js';

/** How near 1/2. */
const margin = 0.01;

export const discriminatorUndecided: Detector = {
  name: 'discriminator undecided',
  isFinal: true,
  detect({ history }) {
    const isHalf = (name: string): boolean => Math.abs(lateMean(history, name) - 0.5) < margin;
    if (!isHalf('D(x)') || !isHalf('D(G(z))')) return undefined;
    return (
      'The discriminator answers 1/2 to everything. Either the samples are perfect, or it learns nothing: look at the samples, and help it ' +
      'if they are bad.'
    );
  },
  remedies: [fasterDiscriminator],
};
