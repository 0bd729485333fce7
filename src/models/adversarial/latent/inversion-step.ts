// One step of the search for codes: every code goes down the slope of its own loss, by Adam, on the device.
//
//   minimise  |G(z) - x|^2 + priorWeight |z|^2  over z
//
// With priorWeight = s^2 the minimum is the most probable z given x, for z ~ N(0, I) and x ~ N(G(z), s^2 I). Creswell and Bharath 2016,
// Inverting the Generator of a Generative Adversarial Network; Lipton and Tripathi 2017, Precise Recovery of Latent Vectors from Generative
// Adversarial Networks, keep codes within bounds, too.
import { adam } from '../../../nn/optimisers/adam.js';
import { schedules } from '../../../nn/schedules.js';
import { float32, type Value, type Values } from '../../../runtime/runtime.js';
import { gradients } from '../../../tensor/gradient.js';
import { add, constant, maximum, minimum, multiply, negative, square, subtract, sum } from '../../../tensor/index.js';
import { input } from '../../../tensor/operators/source.js';
import { inputsOf, type StepProgram, type Variable } from '../../../tensor/program.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { SearchRules } from './invert-options.js';

/** The names of the variables that hold the codes, and the rows that they shall become. */
export const codesName = 'z';
export const rowsName = 'x';

/**
 * What a number of a code is: drawn from N(0, 1); uniform in [-1, 1], where the search keeps it; or part of a category, which the search
 * leaves as it begins.
 */
export type CodePart = 'normal' | 'uniform' | 'category';

/** A search that has not begun. */
export interface InversionStep {
  readonly step: StepProgram;
  /** Where it begins but for codes and rows: the counter, and the optimiser's state. */
  readonly initial: Values;
  /** The weights and other inputs of the generator, which no step changes. */
  readonly constants: readonly string[];
}

/**
 * A step for so many codes at a time.
 *
 * @param generate G: rows of codes [batch, latentSize]; its other inputs stay as they are
 * @param parts what each of the latentSize numbers is
 */
export function inversionStep(
  name: string,
  generate: (z: Tensor) => Tensor,
  { batch, parts }: { readonly batch: number; readonly parts: readonly CodePart[] },
  { steps, learningRate, priorWeight, truncation }: SearchRules,
): InversionStep {
  const counter = input('step', []);
  const next = add(counter, 1);
  const z = input(codesName, [batch, parts.length]);
  const output = generate(z);
  const rows = input(rowsName, output.shape);
  // Rows do not see each other, so the slope of the sum is that of each row's own loss.
  const loss = add(sum(square(subtract(output, rows))), multiply(sum(square(only(z, parts, 'normal'))), priorWeight));
  const [slope = z] = gradients(loss, [z]);
  const isFree = (part: CodePart): boolean => part !== 'category';
  const { next: moved, state } = adam({ learningRate: schedules.cosine({ peak: learningRate, steps }) }).update({
    prefix: 'search',
    parameters: { [codesName]: z },
    gradients: {
      [codesName]: parts.every(isFree)
        ? slope
        : multiply(
            slope,
            numbersOf(parts, (part) => Number(isFree(part))),
          ),
    },
    step: next,
  });
  const free = moved[codesName] ?? z;
  const limits = numbersOf(parts, (part) => ({ normal: truncation, uniform: 1, category: 1 })[part]);
  const isLimited = Number.isFinite(truncation) || parts.includes('uniform');
  const variables: Record<string, Variable> = {
    step: { current: counter, next },
    [codesName]: { current: z, next: isLimited ? maximum(minimum(free, limits), negative(limits)) : free },
    [rowsName]: { current: rows, next: rows },
  };
  const initial: Record<string, Value> = { step: float32(Float32Array.of(0), []) };
  const constants: string[] = [];
  for (const [weight, current] of inputsOf([output]))
    if (variables[weight] === undefined) {
      variables[weight] = { current, next: current };
      constants.push(weight);
    }
  for (const [moment, { current, next: later, initial: value }] of Object.entries(state)) {
    variables[moment] = { current, next: later };
    initial[moment] = value;
  }
  return { step: { name: `${name}-invert`, variables, metrics: { loss } }, initial, constants };
}

/** A number for each part, [latentSize]. */
function numbersOf(parts: readonly CodePart[], number: (part: CodePart) => number): Tensor {
  return constant(Float32Array.from(parts, number), [parts.length]);
}

/** Codes in which only parts of one kind count. */
function only(z: Tensor, parts: readonly CodePart[], kind: CodePart): Tensor {
  return parts.every((part) => part === kind)
    ? z
    : multiply(
        z,
        numbersOf(parts, (part) => Number(part === kind)),
      );
}
