// One entry of the table of models: what the command line, the documentation and load need to know about a kind of model.
import { z } from 'zod';
import { ConfigError } from '../core/errors.js';
import { nearestName } from '../core/nearest.js';
import type { ChartLayout } from '../training/chart-layout.js';
import type { FittableModel } from './contract.js';
import type { SavedModel } from './saved-model.js';

/** The families of models, after their folders. */
export type Family =
  | 'bayes'
  | 'mixture'
  | 'subspace'
  | 'kernel'
  | 'autoencoder'
  | 'autoregressive'
  | 'flow'
  | 'energy'
  | 'adversarial'
  | 'classifier';

/** A kind of model. */
export interface ModelDefinition<Model extends FittableModel = FittableModel> {
  readonly kind: string;
  readonly family: Family;
  /** One sentence. */
  readonly description: string;
  /** What it is good for, in one sentence that starts with a verb. */
  readonly strengths: string;
  /** What it is bad for, in one sentence that starts with a verb. */
  readonly weaknesses: string;
  readonly paper: string;
  /** The options with their defaults and descriptions; the single source of validation, help and documentation. */
  readonly schema: z.ZodObject;
  /** The panels of the chart of a fit. Default: every metric in a panel of its own. */
  readonly charts?: readonly ChartLayout[];
  /** A new model. @throws ConfigError for options that are unknown or not allowed */
  create(options?: object): Model;
  /** A model as it was saved. */
  restore(saved: SavedModel): Model;
}

/**
 * Checks options against their description, fills in defaults and freezes the result.
 *
 * @throws ConfigError naming the option, what was received and what is allowed
 */
export function parseOptions<Schema extends z.ZodObject>(
  kind: string,
  schema: Schema,
  options: object,
): Readonly<z.output<Schema>> {
  const known = Object.keys(schema.shape);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const nearest = nearestName(name, known);
    throw new ConfigError(
      `${kind} has no option "${name}".${nearest === undefined ? '' : ` Did you mean "${nearest}"?`} Its options: ${known.join(', ')}.`,
    );
  }
  const result = schema.safeParse(options);
  if (result.success) return frozen(result.data);
  const problems = result.error.issues.map((issue) => {
    const received = issue.path.reduce<unknown>(
      (value, key) => (isRecord(value) ? value[String(key)] : undefined),
      options,
    );
    return `${kind}: option "${issue.path.join('.')}" is ${JSON.stringify(received)}. ${issue.message}.`;
  });
  throw new ConfigError(problems.join('\n'));
}

/** Options given as text, `--set channels=32`: JSON where it is JSON, otherwise the text itself. */
export function parseOptionText(text: string): readonly [string, unknown] {
  const separator = text.indexOf('=');
  if (separator < 1) throw new ConfigError(`--set takes name=value, such as --set latentSize=64; received "${text}".`);
  const name = text.slice(0, separator);
  const value = text.slice(separator + 1);
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}

/** An option of a model, for help and documentation. */
export interface OptionDescription {
  readonly name: string;
  /** A value as JSON has it; `JSON.stringify` makes it what `--set` takes. */
  readonly default: unknown;
  /** The values it can have, where they are names. */
  readonly choices?: readonly string[];
  readonly description: string;
}

/** The options of a schema as rows for help and documentation. */
export function describeOptions(schema: z.ZodObject): OptionDescription[] {
  const defaults = schema.parse({});
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    default: defaults[name],
    ...choicesOf(field),
    description: (field instanceof z.ZodType ? field.description : undefined) ?? '',
  }));
}

/** What an option means, and which values it can have, in one line. */
export function optionMeaning({ description, choices }: OptionDescription): string {
  return choices === undefined ? description : `${description}; one of ${choices.join(', ')}`;
}

function choicesOf(field: unknown): { choices?: readonly string[] } {
  const inner = field instanceof z.ZodDefault ? field.unwrap() : field;
  return inner instanceof z.ZodEnum ? { choices: inner.options.map(String) } : {};
}

/** Freezes a value and everything in it. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
