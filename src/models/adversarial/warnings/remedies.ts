// What helps a game that goes wrong, in the names of the options.
import type { GameOptions, Remedy } from './evidence.js';

/** A remedy that is an option being off, 0 or false or null: switch it on, where that goes with the other options. */
function switchOn(option: string, advice: string, goesWith: (options: GameOptions) => boolean = () => true): Remedy {
  return { option, advice: (value, options) => (!isOn(value) && goesWith(options) ? advice : undefined) };
}

/** Objectives whose discriminator is a critic, with values instead of probabilities. */
const isCritic = ({ objective }: GameOptions): boolean => objective === 'wasserstein' || objective === 'hinge';

/** A lower step size of both players. */
export const lowerLearningRate: Remedy = {
  option: 'learningRate',
  advice: (value, { discriminatorLearningRate: other }) => {
    if (typeof value !== 'number') return undefined;
    const quarter = (rate: number): number => Number((rate / 4).toPrecision(2));
    const own = `lower learningRate from ${value} to ${quarter(value)}`;
    return typeof other === 'number' ? `${own} and discriminatorLearningRate from ${other} to ${quarter(other)}` : own;
  },
};

/** A discriminator that learns more slowly. */
export const slowerDiscriminator: Remedy = {
  option: 'discriminatorLearningRate',
  advice: (value, { learningRate, discriminatorSteps }) => {
    if (typeof discriminatorSteps === 'number' && discriminatorSteps > 1)
      return `lower discriminatorSteps from ${discriminatorSteps} to 1`;
    const rate = typeof value === 'number' ? value : learningRate;
    return typeof rate === 'number'
      ? `set discriminatorLearningRate to ${Number((rate / 4).toPrecision(2))}, a quarter of what it is`
      : undefined;
  },
};

/** A discriminator that learns faster. */
export const fasterDiscriminator: Remedy = {
  option: 'discriminatorLearningRate',
  advice: (value, { learningRate, discriminatorSteps }) => {
    const rate = typeof value === 'number' ? value : learningRate;
    return typeof rate === 'number'
      ? `set discriminatorLearningRate to ${Number((4 * rate).toPrecision(2))}, or discriminatorSteps to ${Number(discriminatorSteps ?? 1) + 1}`
      : undefined;
  },
};

/** Targets that the discriminator can reach without growing sure; critics have none. */
export const labelSmoothing: Remedy = {
  option: 'labelSmoothing',
  advice: (value, options) => (value === 0 && !isCritic(options) ? 'set labelSmoothing to 0.1' : undefined),
};

/** The generator's loss with strong gradients where the discriminator is sure. */
export const nonSaturating: Remedy = {
  option: 'objective',
  advice: (value) => (value === 'minimax' ? 'use the objective non-saturating' : undefined),
};

const isOn = (value: unknown): boolean => value !== undefined && value !== 0 && value !== false && value !== null;

/** A penalty is about the slope at each row: it goes neither with clipped weights nor with judgements that depend on other rows. */
const takesPenalty = ({ clip, minibatchDeviation, discriminatorNorm }: GameOptions): boolean =>
  !isOn(clip) && !isOn(minibatchDeviation) && discriminatorNorm !== 'batch';

/** A distance that falls smoothly where samples and data do not overlap; asked for where the slope can be bounded. */
export const wasserstein: Remedy = {
  option: 'objective',
  advice: (value, options) =>
    value !== 'wasserstein' &&
    options.gradientPenalty !== undefined &&
    !isOn(options.labelSmoothing) &&
    takesPenalty(options)
      ? 'use the objective wasserstein with gradientPenalty 10'
      : undefined,
};

export const gradientPenalty = switchOn('gradientPenalty', 'set gradientPenalty to 10', takesPenalty);
export const r1 = switchOn('r1', 'set r1 to 1', takesPenalty);
export const unrolledSteps = switchOn('unrolledSteps', 'set unrolledSteps to 5');
export const minibatchDeviation = switchOn(
  'minibatchDeviation',
  'set minibatchDeviation to true',
  (options) => !isOn(options.gradientPenalty) && !isOn(options.r1),
);
export const instanceNoise = switchOn('instanceNoise', 'set instanceNoise to 0.1');
export const ema = switchOn('ema', 'set ema to 0.999, so that samples come from the mean of the swings');

/** Momentum drives swings. */
export const lessMomentum: Remedy = {
  option: 'beta1',
  advice: (value, { optimiser }) =>
    optimiser === 'adam' && typeof value === 'number' && value > 0 ? `lower beta1 from ${value} to 0` : undefined,
};
