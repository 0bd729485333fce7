// Gradient descent as tests write it down: on plain numbers in float64, with slopes by central differences.

/** The mean. */
export const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** log(1 + exp(a)): the cross-entropy of a logit -a from a target of 1. */
export const softplus = (a: number): number => Math.log(1 + Math.exp(a));

/** -log of the probability that logits give to a class. */
export function crossEntropy(logits: readonly number[], label: number): number {
  return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - (logits[label] ?? Number.NaN);
}

/** Numbers after a step of gradient descent on a loss. */
export function descended(
  numbers: readonly number[],
  rate: number,
  loss: (numbers: readonly number[]) => number,
): number[] {
  const nudged = (index: number, by: number): number =>
    loss(numbers.map((value, place) => (place === index ? value + by : value)));
  return numbers.map((value, index) => value - (rate * (nudged(index, 1e-5) - nudged(index, -1e-5))) / 2e-5);
}
