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
import { add, clip, multiply, square, subtract, sum } from '../../../tensor/index.js';
import { input } from '../../../tensor/operators/source.js';
import { inputsOf, type StepProgram, type Variable } from '../../../tensor/program.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { SearchRules } from './invert-options.js';

/** The names of the variables that hold the codes, and the rows that they shall become. */
export const codesName = 'z';
export const rowsName = 'x';

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
 */
export function inversionStep(
  name: string,
  generate: (z: Tensor) => Tensor,
  { batch, latentSize }: { readonly batch: number; readonly latentSize: number },
  { steps, learningRate, priorWeight, truncation }: SearchRules,
): InversionStep {
  const counter = input('step', []);
  const next = add(counter, 1);
  const z = input(codesName, [batch, latentSize]);
  const output = generate(z);
  const rows = input(rowsName, output.shape);
  // Rows do not see each other, so the slope of the sum is that of each row's own loss.
  const loss = add(sum(square(subtract(output, rows))), multiply(sum(square(z)), priorWeight));
  const [slope = z] = gradients(loss, [z]);
  const { next: moved, state } = adam({ learningRate: schedules.cosine({ peak: learningRate, steps }) }).update({
    prefix: 'search',
    parameters: { [codesName]: z },
    gradients: { [codesName]: slope },
    step: next,
  });
  const free = moved[codesName] ?? z;
  const variables: Record<string, Variable> = {
    step: { current: counter, next },
    [codesName]: {
      current: z,
      next: Number.isFinite(truncation) ? clip(free, -truncation, truncation) : free,
    },
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
