// Named models as presets: the same options with other defaults.
import { z } from 'zod';
import { ConfigError } from '../../core/errors.js';
import { present } from '../../core/present.js';
import { type ModelDefinition, parseOptions } from '../definition.js';
import { adversarialCharts } from './adversarial-charts.js';
import { AdversarialModel } from './adversarial-model.js';
import {
  type AdversarialConfig,
  type AdversarialOptions,
  adversarialFields,
  adversarialSchema,
} from './adversarial-options.js';
import { checkOptions } from './check-options.js';
import { ConditionalAdversarialModel } from './conditional-adversarial-model.js';
import { type ConditioningName, labelConditionings } from './conditioning/index.js';

/** A named model: what it is called, what it is for, and the defaults that make it. */
export interface Preset extends Pick<ModelDefinition, 'kind' | 'description' | 'strengths' | 'weaknesses' | 'paper'> {
  /** Where its defaults differ from those of the family. */
  readonly defaults: AdversarialOptions;
  /** The ways to condition that make it what it is called, where its name says so. Default: all. */
  readonly conditionings?: readonly ConditioningName[];
}

/** The entry of the table of models that a preset makes. */
export function adversarialDefinition(preset: Preset): ModelDefinition<AdversarialModel> {
  const { defaults, conditionings: _, ...description } = preset;
  const standard = adversarialSchema.parse(defaults);
  return {
    ...description,
    family: 'adversarial',
    schema: schemaWith(standard),
    charts: adversarialCharts(standard),
    create: (options = {}) => createAdversarial(preset, options),
    restore: (saved) => createAdversarial(preset, saved.config).adopt(saved),
  };
}

/** A model of a preset. @throws ConfigError for options that are unknown, not allowed, or do not go together */
export function createAdversarial(preset: Preset, options: object): AdversarialModel {
  const { kind, defaults } = preset;
  const standard = adversarialSchema.parse(defaults);
  const config = parseOptions(kind, adversarialSchema, { ...defaults, ...present(options) });
  checkConditioning(preset, config);
  checkOptions(kind, config, standard);
  return isOnClasses(config)
    ? new ConditionalAdversarialModel(kind, config, standard)
    : new AdversarialModel(kind, config, standard);
}

/** As {@link createAdversarial}, for presets whose conditionings are all on classes. @throws as createAdversarial */
export function createConditional(preset: Preset, options: object): ConditionalAdversarialModel {
  const model = createAdversarial(preset, options);
  if (model instanceof ConditionalAdversarialModel) return model;
  throw new TypeError(`The preset ${preset.kind} allows models without classes.`);
}

function isOnClasses({ conditioning }: AdversarialConfig): boolean {
  return labelConditionings.includes(conditioning);
}

/** @throws ConfigError where a model would not be what it is called */
function checkConditioning({ kind, conditionings, defaults }: Preset, { conditioning }: AdversarialConfig): void {
  if (conditionings === undefined || conditionings.includes(conditioning)) return;
  throw new ConfigError(
    `${kind} is by its name a model whose conditioning is ${conditionings.join(', ')}; received "${conditioning}". Leave it out for ` +
      `"${defaults.conditioning}", or use another model: dcgan or gan for none, cgan for a conditioning on classes, infogan for codes.`,
  );
}

/** The schema with other defaults. */
function schemaWith(standard: Readonly<Record<string, unknown>>): z.ZodObject {
  const fields = Object.entries(adversarialFields).map(([name, field]) => {
    const inner: z.ZodType = field.unwrap();
    return [name, inner.default(standard[name]).describe(field.description ?? '')] as const;
  });
  return z.object(Object.fromEntries(fields));
}
