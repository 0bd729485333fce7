// Operations of matrix products and convolutions, a multiply-add counted as two, in billions.
import { modelFlops } from '../src/tensor/explain.js';
import type { Program, StepProgram } from '../src/tensor/program.js';

/** Of one run of a program, or one step; a symbolic batch counts as one row. */
export function gigaflopOf(program: Program | StepProgram): number {
  const results =
    'results' in program
      ? Object.values(program.results)
      : [...Object.values(program.variables).map(({ next }) => next), ...Object.values(program.metrics)];
  return modelFlops(results).products / 1e9;
}
