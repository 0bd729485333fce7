// Whether a model can do what a command is for; where it cannot, which kinds of models can.
import { ConfigError } from '../../core/errors.js';
import type { Conditional, GenerativeModel, HasDecoder, HasJointDensity, HasLatent } from '../../models/contract.js';
import { models } from '../../models/registry.js';
import {
  hasBound,
  hasDecoder,
  hasDensity,
  hasJointDensity,
  hasLatent,
  type Scorer,
} from '../../models/tools/abilities.js';

/** A model that scores rows. @throws ConfigError naming the kinds that do */
export function scoringModel(model: GenerativeModel): GenerativeModel & Scorer {
  return able(model, isScoring, 'density, nor a bound on one');
}

/** A model that knows classes. @throws ConfigError naming the kinds that do */
export function classifyingModel(model: GenerativeModel): GenerativeModel & HasJointDensity {
  return able(
    model,
    isClassifying,
    'density of rows and classes',
    ' Or name one run for each class: verisim classify cat=runs/a dog=runs/b.',
  );
}

/** A model that can be asked for rows of a class. @throws ConfigError naming the kinds that can, or that it was fitted without classes */
export function conditionalModel(model: GenerativeModel): GenerativeModel & Conditional {
  const conditional = able(model, isConditional, 'classes that rows can be asked of');
  if (conditional.labels.length > 0) return conditional;
  throw new ConfigError(
    `This ${model.kind} was fitted without labels, so rows of a class cannot be asked for. Train it on data with labels.`,
  );
}

/** A model with codes of rows. @throws ConfigError naming the kinds that have them */
export function latentModel(model: GenerativeModel): GenerativeModel & HasLatent {
  return able(model, isLatent, 'encoder');
}

/** A model that makes rows from codes, whether or not it has codes of rows. @throws ConfigError naming the kinds that do */
export function decodingModel(model: GenerativeModel): GenerativeModel & (HasLatent | HasDecoder) {
  return able(model, isDecoding, 'latent codes');
}

function able<Model extends object>(
  model: GenerativeModel,
  has: (candidate: GenerativeModel) => candidate is GenerativeModel & Model,
  what: string,
  otherwise = '',
): GenerativeModel & Model {
  if (has(model)) return model;
  const kinds = Object.values(models).flatMap(({ kind, create }) => (has(create()) ? [kind] : []));
  throw new ConfigError(
    `${model.kind} has no ${what}. Models that have: ${kinds.length === 0 ? 'none in this version' : kinds.join(', ')}; ` +
      `"verisim models" lists what each can do.${otherwise}`,
  );
}

function isScoring(model: GenerativeModel): model is GenerativeModel & Scorer {
  return hasDensity(model) || hasBound(model);
}

function isClassifying(model: GenerativeModel): model is GenerativeModel & HasJointDensity {
  return hasJointDensity(model);
}

function isConditional(model: GenerativeModel): model is GenerativeModel & Conditional {
  return 'labels' in model;
}

function isLatent(model: GenerativeModel): model is GenerativeModel & HasLatent {
  return hasLatent(model);
}

function isDecoding(model: GenerativeModel): model is GenerativeModel & (HasLatent | HasDecoder) {
  return hasLatent(model) || hasDecoder(model);
}
