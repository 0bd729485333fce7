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
import { labelConditionings } from './conditioning/index.js';

/** A named model: what it is called, what it is for, and the defaults that make it. */
export interface Preset extends Pick<ModelDefinition, 'kind' | 'description' | 'strengths' | 'weaknesses' | 'paper'> {
  /** Where its defaults differ from those of the family. */
  readonly defaults: AdversarialOptions;
}

/** The entry of the table of models that a preset makes. */
export function adversarialDefinition(preset: Preset): ModelDefinition<AdversarialModel> {
  const { defaults, ...description } = preset;
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
  const config = configOf(preset, options);
  return isOnClasses(config)
    ? new ConditionalAdversarialModel(preset.kind, config)
    : new AdversarialModel(preset.kind, config);
}

/** As {@link createAdversarial}, for presets whose samples can be asked for by class. @throws ConfigError for other conditionings, too */
export function createConditional(preset: Preset, options: object): ConditionalAdversarialModel {
  const model = createAdversarial(preset, options);
  if (model instanceof ConditionalAdversarialModel) return model;
  throw new ConfigError(
    `${preset.kind} is a model of rows given their classes, but conditioning is "${model.config.conditioning}". Use one of ` +
      `${labelConditionings.join(', ')}, or another model, such as dcgan.`,
  );
}

function isOnClasses({ conditioning }: AdversarialConfig): boolean {
  return labelConditionings.includes(conditioning);
}

function configOf({ kind, defaults }: Preset, options: object): Readonly<AdversarialConfig> {
  const config = parseOptions(kind, adversarialSchema, { ...defaults, ...present(options) });
  checkOptions(kind, config, adversarialSchema.parse(defaults));
  return config;
}

/** The schema with other defaults. */
function schemaWith(standard: Readonly<Record<string, unknown>>): z.ZodObject {
  const fields = Object.entries(adversarialFields).map(([name, field]) => {
    const inner: z.ZodType = field.unwrap();
    return [name, inner.default(standard[name]).describe(field.description ?? '')] as const;
  });
  return z.object(Object.fromEntries(fields));
}
