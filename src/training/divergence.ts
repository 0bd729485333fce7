// Recognising that a training has diverged: a metric or a variable that is no finite number.
import { DivergedError } from '../core/errors.js';
import type { Values } from '../runtime/runtime.js';

/** What broke, and by which step, counted from 1. */
export interface Divergence {
  readonly step: number;
  readonly quantity: string;
  /** `became NaN`. */
  readonly what: string;
}

/** The first of some steps, counted from `done + 1`, at which a metric is not finite. */
export function brokenMetric(metrics: Readonly<Record<string, Float64Array>>, done: number): Divergence | undefined {
  let found: { index: number; quantity: string; value: number } | undefined;
  for (const [quantity, values] of Object.entries(metrics)) {
    const index = values.findIndex((value) => !Number.isFinite(value));
    if (index >= 0 && (found === undefined || index < found.index))
      found = { index, quantity, value: values[index] ?? Number.NaN };
  }
  if (found === undefined) return undefined;
  return { step: done + found.index + 1, quantity: found.quantity, what: `became ${found.value}` };
}

/** A variable with a value that is not finite: a metric may still look fine while the weights are already lost. */
export function brokenVariable(variables: Values, step: number): Divergence | undefined {
  for (const [quantity, { data }] of Object.entries(variables)) {
    if (!(data instanceof Float32Array || data instanceof Float64Array)) continue;
    const value = firstNotFinite(data);
    if (value !== undefined) return { step, quantity, what: `holds ${value}` };
  }
  return undefined;
}

/** The error that tells people: what broke, when, which weights are left, and what helps. */
export function divergedError(
  { step, quantity, what }: Divergence,
  keptStep: number,
  remedies: readonly string[],
): DivergedError {
  const kept = keptStep === 0 ? 'the weights it started with are kept' : `the weights of step ${keptStep} are kept`;
  return new DivergedError(
    `Training diverged at step ${step}: ${quantity} ${what}; ${kept}. What helps: ${remedies.join('; ')}.`,
    step,
    quantity,
  );
}

function firstNotFinite(data: Float32Array | Float64Array): number | undefined {
  // Indexing is several times faster than find with a callback, and this runs over millions of weights.
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return data[i];
  return undefined;
}
