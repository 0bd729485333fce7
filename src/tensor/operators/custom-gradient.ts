// A value with a gradient of its own: where the derivative in closed form needs fewer passes than the one made step by step.
import { defineOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';

/** The gradients of the variables, given the variables and the gradient of the value. */
export type GradientRule = (variables: readonly Tensor[], gradient: Tensor) => readonly (Tensor | undefined)[];

const customGradientOperator = defineOperator<readonly Tensor[], { readonly rule: GradientRule }>({
  name: 'customGradient',
  infer: ([value]) => ({ shape: value?.shape ?? [], dtype: value?.dtype ?? 'float32' }),
  gradient: ({ inputs: [, ...variables], attributes: { rule } }, dy) => [undefined, ...rule(variables, dy)],
  // Removed by the simplification before lowering; a program that skips it copies.
  lower: (graph, [value]) => graph.node('Identity', [value ?? '']),
  evaluate: ([value]) => value?.data ?? new Float64Array(),
});

/**
 * `value`, differentiated by `rule` instead of by its own making. The rule's gradients are expressions again, so higher
 * derivatives are those of the rule.
 *
 * @param variables what value depends on; no gradient flows into anything else
 */
export function customGradient(value: Tensor, variables: readonly Tensor[], rule: GradientRule): Tensor {
  return customGradientOperator([value, ...variables], { rule });
}
