// What an evaluation found, as data: everything that reports show and files keep.
import { z } from 'zod';
import { version } from '../core/version.js';

/** JSON has no numbers beyond the finite ones; they are written as their names. */
const number = z
  .union([z.number(), z.enum(['Infinity', '-Infinity', 'NaN'])])
  .transform((value) => (typeof value === 'number' ? value : Number(value)));
const interval = z.tuple([number, number]);

const rowSchema = z.object({
  /** The metric: `fid`. */
  metric: z.string(),
  /** With the feature space, where the value depends on one: `fid[pca-50]`. Values of different names cannot be compared. */
  name: z.string(),
  /** For people: `Fréchet distance (FID)`. */
  title: z.string(),
  topic: z.enum(['likelihood', 'samples', 'copying', 'diversity', 'representation']),
  /** What it measures, in one sentence. */
  measures: z.string(),
  unit: z.string(),
  /** How many samples it looked at, where it looks at samples: some values depend on that. */
  samples: z.int().positive().optional(),
  features: z.string().optional(),
  value: number,
  /** The 95 % interval, where there is one. */
  interval: interval.optional(),
  better: z.enum(['higher', 'lower']),
  /** What the same metric says of real rows in place of samples: the best that can be hoped for. */
  reference: z.object({ value: number, interval: interval.optional() }).optional(),
  /** Parts of the value, by name. */
  details: z.record(z.string(), z.union([number, z.array(number)])).optional(),
  /** The value in plain words. */
  reading: z.string(),
  /** What computing it took. */
  seconds: z.number(),
  warnings: z.array(z.string()),
});

const rowsSchema = z.object({
  split: z.string(),
  rows: z.int().positive(),
  /** SHA-256 of some rows spread over the data, as the model sees them. */
  fingerprint: z.string(),
});

const costSchema = z.object({
  /** Of training; absent where that was not recorded. */
  trainingSeconds: z.number().nonnegative().optional(),
  /** Numbers that the model keeps. */
  parameters: z.int().nonnegative().optional(),
  /** The most memory that training took, in bytes. */
  trainingMemory: z.number().positive().optional(),
  /** Rows drawn in a second, once warm. */
  samplesPerSecond: z.number().positive().optional(),
});

const schema = z.object({
  format: z.literal('verisim-evaluation'),
  version: z.literal(1),
  verisim: z.string(),
  /** When it was made, ISO 8601. */
  made: z.string(),
  model: z.object({ kind: z.string(), options: z.record(z.string(), z.unknown()) }),
  data: z.object({
    name: z.string(),
    exampleShape: z.array(z.int().positive()),
    classes: z.array(z.string()),
    training: rowsSchema,
    /** Rows that the model was not trained on; absent where there were none, and the training rows stood in. */
    heldOut: rowsSchema.optional(),
  }),
  /** The feature space of metrics that need one. */
  features: z.string(),
  /** How many samples were looked at. */
  samples: z.int().nonnegative(),
  seed: z.int(),
  rows: z.array(rowSchema),
  /** Metrics that do not apply, and why. */
  skipped: z.array(z.object({ metric: z.string(), title: z.string(), why: z.string() })),
  warnings: z.array(z.string()),
  cost: costSchema,
});

/** What an evaluation found. */
export type Evaluation = z.output<typeof schema>;
/** The value of one metric. */
export type EvaluationRow = Evaluation['rows'][number];
/** What a model took to make and takes to use. */
export type Cost = Evaluation['cost'];
/** A metric that was left out. */
export type SkippedMetric = Evaluation['skipped'][number];

/** What every evaluation of this version begins with. */
export const evaluationHead = { format: 'verisim-evaluation', version: 1, verisim: version } as const;

/** An evaluation as JSON. */
export function evaluationText(evaluation: Evaluation): string {
  const text = JSON.stringify(
    evaluation,
    (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value),
    2,
  );
  return `${text}\n`;
}

/** An evaluation from parsed JSON, or what is wrong with it. */
export function parseEvaluation(content: unknown): { evaluation: Evaluation } | { problem: string } {
  const parsed = schema.safeParse(content);
  if (parsed.success) return { evaluation: parsed.data };
  const [issue] = parsed.error.issues;
  return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is no evaluation'}` };
}
