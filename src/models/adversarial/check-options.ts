// Combinations of options that make no sense, each refused with what to do instead.
import { ConfigError } from '../../core/errors.js';
import { type AdversarialConfig, adversarialFields } from './adversarial-options.js';
import { chosenBackbone } from './backbones/index.js';
import { labelConditionings } from './conditioning/index.js';
import { objectives } from './objectives/index.js';

type Name = keyof AdversarialConfig;

/** Options that only some networks or games have a use for. */
const particular: readonly {
  readonly options: readonly Name[];
  readonly decidedBy: Name;
  readonly values: readonly unknown[];
}[] = [
  { options: ['generatorLayers', 'discriminatorLayers'], decidedBy: 'backbone', values: ['dense', 'auto'] },
  { options: ['channels'], decidedBy: 'backbone', values: ['dcgan', 'residual', 'auto'] },
  { options: ['kernel', 'upsampling'], decidedBy: 'backbone', values: ['dcgan', 'auto'] },
  { options: ['beta1', 'beta2'], decidedBy: 'optimiser', values: ['adam'] },
  { options: ['momentum'], decidedBy: 'optimiser', values: ['sgd'] },
  { options: ['labelInput'], decidedBy: 'conditioning', values: labelConditionings },
  { options: ['classWeight'], decidedBy: 'conditioning', values: ['auxiliary-classifier'] },
  {
    options: ['categoricalCodes', 'continuousCodes', 'informationWeight', 'continuousWeight'],
    decidedBy: 'conditioning',
    values: ['codes'],
  },
];

const targeted = Object.entries(objectives).flatMap(([name, { hasTargets }]) => (hasTargets ? [name] : []));

interface Conflict {
  readonly when: (config: AdversarialConfig) => boolean;
  readonly says: (config: AdversarialConfig) => string;
}

const conflicts: readonly Conflict[] = [
  {
    when: ({ clip, gradientPenalty }) => clip !== null && gradientPenalty > 0,
    says: ({ clip, gradientPenalty }) =>
      `clip is ${clip} and gradientPenalty ${gradientPenalty}, but they are two ways to bound the same slope. Set clip to null, or ` +
      'gradientPenalty to 0.',
  },
  {
    when: ({ objective, clip, gradientPenalty, r1, spectralNorm }) =>
      objectives[objective].needsBoundedSlope && clip === null && gradientPenalty === 0 && r1 === 0 && !spectralNorm,
    says: ({ objective }) =>
      `the objective ${objective} has no minimum unless something bounds the slope of the critic. Set gradientPenalty to, say, 10, clip ` +
      'to 0.01, or spectralNorm to true.',
  },
  {
    when: ({ discriminatorNorm, gradientPenalty, r1 }) =>
      discriminatorNorm === 'batch' && (gradientPenalty > 0 || r1 > 0),
    says: ({ gradientPenalty }) =>
      `discriminatorNorm is "batch", under which a row's judgement depends on all rows of its batch, but ` +
      `${gradientPenalty > 0 ? 'gradientPenalty' : 'r1'} is about the slope at each row. Use "layer", "none" or "auto".`,
  },
  {
    when: ({ minibatchDeviation, gradientPenalty }) => minibatchDeviation && gradientPenalty > 0,
    says: () =>
      "minibatchDeviation makes a row's judgement depend on the other rows, but gradientPenalty is about the slope at each row. Leave one out.",
  },
  {
    when: ({ minibatchDeviation, r1 }) => minibatchDeviation && r1 > 0,
    says: () =>
      "minibatchDeviation makes a row's judgement depend on the other rows, but r1 is about the slope at each row. Leave one out.",
  },
  {
    when: ({ spectralNorm, discriminatorNorm }) =>
      spectralNorm && (discriminatorNorm === 'batch' || discriminatorNorm === 'layer'),
    says: ({ discriminatorNorm }) =>
      `discriminatorNorm is "${discriminatorNorm}", which undoes the bound on the slope that spectralNorm is for. Use "none" or "auto", or ` +
      'set spectralNorm to false.',
  },
  {
    when: ({ spectralNorm, unrolledSteps }) => spectralNorm && unrolledSteps > 0,
    says: () =>
      'unrolledSteps needs gradients of gradients through all that the discriminator computes, but spectralNorm takes its singular vectors ' +
      'as constants. Leave one out.',
  },
  {
    when: ({ objective, labelSmoothing }) => labelSmoothing > 0 && !objectives[objective].hasTargets,
    says: ({ objective }) =>
      `labelSmoothing moves the discriminator's target on data, but the objective ${objective} has none. Set labelSmoothing to 0, or use ` +
      `one of the objectives ${targeted.join(', ')}.`,
  },
  {
    when: ({ conditioning, categoricalCodes, continuousCodes }) =>
      conditioning === 'codes' && categoricalCodes.length === 0 && continuousCodes === 0,
    says: () =>
      'the conditioning is on codes, but there are none. Give categoricalCodes, such as [10], or continuousCodes.',
  },
];

/**
 * The same for the backbone that `auto` stands for, once the rows are known.
 *
 * @param standard the defaults: options that have them were not asked for
 * @throws ConfigError naming an option of other networks than those that are chosen, and those that the chosen ones have
 */
export function checkBackboneOptions(
  kind: string,
  { config, standard }: { readonly config: AdversarialConfig; readonly standard: AdversarialConfig },
  exampleShape: readonly number[],
): void {
  const chosen = chosenBackbone(config.backbone, exampleShape);
  const ofBackbones = particular.filter(({ decidedBy }) => decidedBy === 'backbone');
  for (const { options, values } of ofBackbones) {
    const asked = askedFor(options, config, standard);
    if (asked === undefined || values.includes(chosen)) continue;
    const known = ofBackbones.flatMap(({ options: names, values: of }) => (of.includes(chosen) ? names : []));
    throw new ConfigError(
      `${kind}: "${asked}" (${adversarialFields[asked].description}) has no meaning for rows of shape [${exampleShape.join(', ')}], for ` +
        `which the backbone auto is ${chosen}. Leave it out; ${chosen} has ${known.join(', ')}. To have other networks, set backbone to ` +
        `${values.filter((value) => value !== 'auto').join(' or ')}.`,
    );
  }
}

/** The first of some options that is not the default. */
function askedFor(options: readonly Name[], config: AdversarialConfig, standard: AdversarialConfig): Name | undefined {
  return options.find((name) => JSON.stringify(config[name]) !== JSON.stringify(standard[name]));
}

/**
 * @param standard the defaults: options that have them were not asked for
 * @throws ConfigError naming the options that do not go together, and what to use instead
 */
export function checkOptions(kind: string, config: AdversarialConfig, standard: AdversarialConfig): void {
  for (const { options, decidedBy, values } of particular) {
    const asked = askedFor(options, config, standard);
    if (asked === undefined || values.includes(config[decidedBy])) continue;
    throw new ConfigError(
      `${kind}: "${asked}" (${adversarialFields[asked].description}) has no meaning where ${decidedBy} is ` +
        `"${String(config[decidedBy])}". Leave it out, or set ${decidedBy} to ${values.map(String).join(' or ')}.`,
    );
  }
  for (const { when, says } of conflicts) if (when(config)) throw new ConfigError(`${kind}: ${says(config)}`);
}
