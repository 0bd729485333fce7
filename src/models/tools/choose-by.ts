// Choosing among models: how many components, which bandwidth, which rank.
//
//   'bic'               -2 log L + p log N on the rows fitted to, p parameters (Schwarz 1978): one fit each, the lowest wins
//   'cross-validation'  the mean score of held-out rows: several fits each, the highest wins; for any density or bound. Where rows of the
//                       data may be anomalies, their median or trimmed mean instead (score-summary.ts)
import { ConfigError } from '../../core/errors.js';
import { lookUp } from '../../core/nearest.js';
import type { Dataset } from '../../data/dataset.js';
import type { FittableModel, Samples } from '../contract.js';
import { hasBound, hasDensity, type ScoringModel } from './abilities.js';
import { type CrossValidationOptions, crossValidate } from './cross-validate.js';
import { samplesOf } from './rows.js';

/** A model that knows how many parameters it has, and so its Bayesian information criterion. */
export interface HasBic {
  /** -2 log L + p log N of rows, in nats. */
  bic(x: Samples): Promise<number>;
}

/** What to choose by. */
export type Criterion = 'bic' | 'cross-validation';

/** What can be chosen, by name: each makes a new model. */
export type Candidates<Models> = { readonly [Name in keyof Models]: () => Models[Name] };

/** How a candidate did. */
export interface CandidateScore {
  readonly name: string;
  /** The BIC, or the mean (or other summary) of the scores of held-out rows; in nats. */
  readonly value: number;
  /** Of the value, where it was cross-validated. */
  readonly standardError?: number;
  readonly warnings: readonly string[];
}

/** What was chosen. */
export interface Choice<Model> {
  /** The name of the best candidate, the first where several are. */
  readonly best: string;
  /** Every candidate, in the order given. */
  readonly candidates: readonly CandidateScore[];
  /** The best one, fitted to all rows. The caller disposes of it. */
  readonly model: Model;
}

type Fittable = FittableModel;

const criteria: Readonly<Record<Criterion, typeof byBic>> = { bic: byBic, 'cross-validation': byCrossValidation };

/**
 * Fits every candidate, compares them and gives the best one fitted to all rows.
 *
 * @throws UnknownNameError for another criterion, ConfigError for no candidates or a model without what the criterion needs
 * @throws what a fit throws; the signal's reason where it is aborted
 * @example
 * const candidates = Object.fromEntries([1, 2, 4, 8].map((components) => [components, () => gaussianMixture({ components })]));
 * const { best, model } = await chooseBy('bic', candidates, data);
 * const { model: robust } = await chooseBy('cross-validation', candidates, dataWithAnomalies, { summary: 'median' });
 */
export async function chooseBy<Models extends Readonly<Record<string, Fittable>>>(
  criterion: Criterion,
  candidates: Candidates<Models>,
  data: Dataset,
  options: CrossValidationOptions = {},
): Promise<Choice<Models[keyof Models]>> {
  const compare = lookUp('criterion', criteria, criterion);
  const creators: Readonly<Record<string, () => Models[keyof Models]>> = candidates;
  const entries = Object.entries(creators);
  if (entries.length === 0) throw new ConfigError('There is nothing to choose from; give at least one candidate.');
  const scores: CandidateScore[] = [];
  for (const [name, create] of entries) scores.push({ name, ...(await compare(create, data, options)) });
  const sign = criterion === 'bic' ? -1 : 1;
  const best = scores.reduce((first, one) => (sign * one.value > sign * first.value ? one : first));
  const create = creators[best.name];
  if (create === undefined || Number.isNaN(best.value))
    throw new ConfigError(`The ${criterion} of "${best.name}" is ${best.value}; nothing can be chosen by that.`);
  return { best: best.name, candidates: scores, model: await fitted(create(), data, options) };
}

async function byBic(
  create: () => Fittable,
  data: Dataset,
  options: CrossValidationOptions,
): Promise<Omit<CandidateScore, 'name'>> {
  const model = create();
  if (!hasBic(model))
    throw new ConfigError(`${model.kind} does not tell its BIC; choose by 'cross-validation', which any density can.`);
  try {
    const { warnings } = await model.fit(data, fitOptions(options));
    options.signal?.throwIfAborted();
    const all = Uint32Array.from({ length: data.length }, (_, row) => row);
    return { value: await model.bic(await samplesOf(data, all)), warnings };
  } finally {
    await model.dispose();
  }
}

async function byCrossValidation(
  create: () => Fittable,
  data: Dataset,
  options: CrossValidationOptions,
): Promise<Omit<CandidateScore, 'name'>> {
  const { value, standardError, warnings } = await crossValidate(() => scoring(create()), data, options);
  return { value, standardError, warnings };
}

async function fitted<Model extends Fittable>(
  model: Model,
  data: Dataset,
  options: CrossValidationOptions,
): Promise<Model> {
  try {
    await model.fit(data, fitOptions(options));
    options.signal?.throwIfAborted();
    return model;
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

function fitOptions({ fit, signal }: CrossValidationOptions): CrossValidationOptions['fit'] & object {
  return { ...fit, ...(signal === undefined ? {} : { signal }) };
}

function scoring(model: Fittable): ScoringModel {
  if (isScoring(model)) return model;
  throw new ConfigError(`${model.kind} has neither a density nor a bound, so held-out rows cannot be scored by it.`);
}

function isScoring(model: Fittable): model is ScoringModel {
  return hasDensity(model) || hasBound(model);
}

function hasBic(model: Fittable): model is Fittable & HasBic {
  return 'bic' in model && typeof model.bic === 'function';
}
