// Whether a model can do what a command is for; where it cannot, which kinds of models can.
import { ConfigError } from '../../core/errors.js';
import type {
  Conditional,
  FittableModel,
  GenerativeModel,
  HasDecoder,
  HasJointDensity,
  HasLatent,
  HasPosterior,
  HasTruncation,
} from '../../models/contract.js';
import { models } from '../../models/registry.js';
import {
  canSample,
  hasBound,
  hasDecoder,
  hasDensity,
  hasJointDensity,
  hasLatent,
  hasPosterior,
  hasTruncation,
  type Scorer,
} from '../../models/tools/abilities.js';

/** A model that scores rows. @throws ConfigError naming the kinds that do */
export function scoringModel(model: FittableModel): FittableModel & Scorer {
  return able(model, isScoring, 'density, nor a bound on one');
}

/** A model that draws rows. @throws ConfigError saying what else can be done with it, and naming the kinds that draw */
export function samplingModel(model: FittableModel): FittableModel & GenerativeModel {
  return able(model, canSample, 'way to draw rows', hasPosterior(model) ? ' It tells classes: verisim classify.' : '');
}

/** A model that tells classes. @throws ConfigError naming the kinds that do */
export function classifyingModel(model: FittableModel): FittableModel & (HasJointDensity | HasPosterior) {
  return able(
    model,
    isClassifying,
    'density of rows and classes, nor probabilities of classes',
    ' Or name one run for each class: verisim classify cat=runs/a dog=runs/b.',
  );
}

/** A model that can be asked for rows of a class. @throws ConfigError naming the kinds that can, or that it was fitted without classes */
export function conditionalModel(model: FittableModel): FittableModel & Conditional {
  const conditional = able(model, isConditional, 'classes that rows can be asked of');
  if (conditional.labels.length > 0) return conditional;
  throw new ConfigError(
    `This ${model.kind} was fitted without labels, so rows of a class cannot be asked for. Train it on data with labels.`,
  );
}

/** A model whose codes can be drawn from the middle of their distribution. @throws ConfigError naming the kinds that can */
export function truncatingModel(model: FittableModel): FittableModel & HasTruncation {
  return able(model, isTruncating, 'codes that --truncation could keep small');
}

/** A model with codes of rows. @throws ConfigError naming the kinds that have them */
export function latentModel(model: FittableModel): FittableModel & HasLatent {
  return able(model, isLatent, 'encoder');
}

/** A model that makes rows from codes, whether or not it has codes of rows. @throws ConfigError naming the kinds that do */
export function decodingModel(model: FittableModel): FittableModel & (HasLatent | HasDecoder) {
  return able(model, isDecoding, 'latent codes');
}

function able<Model extends object>(
  model: FittableModel,
  has: (candidate: FittableModel) => candidate is FittableModel & Model,
  what: string,
  otherwise = '',
): FittableModel & Model {
  if (has(model)) return model;
  const kinds = Object.values(models).flatMap(({ kind, create }) => (has(create()) ? [kind] : []));
  throw new ConfigError(
    `${model.kind} has no ${what}. Models that have: ${kinds.length === 0 ? 'none in this version' : kinds.join(', ')}; ` +
      `"verisim models" lists what each can do.${otherwise}`,
  );
}

function isScoring(model: FittableModel): model is FittableModel & Scorer {
  return hasDensity(model) || hasBound(model);
}

function isClassifying(model: FittableModel): model is FittableModel & (HasJointDensity | HasPosterior) {
  return hasJointDensity(model) || hasPosterior(model);
}

function isConditional(model: FittableModel): model is FittableModel & Conditional {
  return 'labels' in model;
}

function isTruncating(model: FittableModel): model is FittableModel & HasTruncation {
  return hasTruncation(model);
}

function isLatent(model: FittableModel): model is FittableModel & HasLatent {
  return hasLatent(model);
}

function isDecoding(model: FittableModel): model is FittableModel & (HasLatent | HasDecoder) {
  return hasLatent(model) || hasDecoder(model);
}
