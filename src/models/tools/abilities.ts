// Asking a model for what it can do: each answer is also a statement about its type.
import type {
  FittableModel,
  GenerativeModel,
  HasBound,
  HasDecoder,
  HasDensity,
  HasJointDensity,
  HasLatent,
  HasPosterior,
  HasTruncation,
} from '../contract.js';

/** A model that says how plausible a row is, exactly or by a bound. */
export type Scorer = HasDensity | HasBound;

/** A model that can be fitted and then score rows. */
export type ScoringModel = FittableModel & Scorer;

/** New rows. */
export function canSample(model: object): model is GenerativeModel {
  return isMethod(model, 'sample');
}

/** Exact log-densities. */
export function hasDensity(model: object): model is HasDensity {
  return isMethod(model, 'logProb');
}

/** Bounds on log-densities. */
export function hasBound(model: object): model is HasBound {
  return isMethod(model, 'logProbBound');
}

/** Densities joint with the class. */
export function hasJointDensity(model: object): model is HasJointDensity {
  return isMethod(model, 'jointLogProb');
}

/** Probabilities of classes given a row. */
export function hasPosterior(model: object): model is HasPosterior {
  return ['predictLogProba', 'predictProba', 'predict'].every((name) => isMethod(model, name)) && 'classes' in model;
}

/** Codes of rows, and rows of codes. */
export function hasLatent(model: object): model is HasLatent {
  return ['encode', 'decode', 'reconstruct', 'interpolate'].every((name) => isMethod(model, name));
}

/** Codes of rows told in one pass: many rows can be encoded, not a few alone. */
export function hasEncoder(model: object): model is HasLatent {
  return hasLatent(model) && model.searchesCodes !== true;
}

/** Codes drawn from the middle of their distribution alone. */
export function hasTruncation(model: object): model is HasTruncation {
  return 'canTruncate' in model && model.canTruncate === true;
}

/** Rows of codes, which need not come from rows. */
export function hasDecoder(model: object): model is HasDecoder {
  return isMethod(model, 'decode') && 'latentSize' in model;
}

function isMethod(model: object, name: string): boolean {
  return typeof Reflect.get(model, name) === 'function';
}
