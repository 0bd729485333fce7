// Multinomial logistic regression with an L2 penalty, to the minimum: convex, so every good solver finds the same.
//
//   minimise  F(W, b) = -1/N sum_n log softmax(W' x_n + b)[y_n] + |W|^2 / (2 C N)
//
// Newton's method with conjugate gradients for its steps (Nocedal and Wright 2006, algorithm 7.1), all rows at once, in float64. C as in
// scikit-learn, whose objective is N C times this one.
import { DivergedError } from '../core/errors.js';

/** Rows with their classes. */
export interface Examples {
  /** [rows, width]. */
  readonly data: Float64Array;
  readonly rows: number;
  readonly width: number;
  /** [rows], from 0 to classes - 1. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** A fitted regression. */
export interface SoftmaxRegression {
  /** [width + 1, classes], the intercepts last. */
  readonly weights: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/** The gradient's largest number counts as zero below this: mean loss, columns of variance 1. */
const tolerance = 1e-9;
const mostIterations = 100;
const mostProducts = 200;

/**
 * Fits weights.
 *
 * @param inverseStrength C: the larger, the weaker the penalty. scikit-learn's default is 1
 * @param done awaited after each pass over the rows with the share that is done, roughly
 */
export async function softmaxRegression(
  examples: Examples,
  inverseStrength: number,
  done: (share: number) => Promise<void>,
): Promise<SoftmaxRegression> {
  const { rows, width, classes } = examples;
  const size = (width + 1) * classes;
  const penalty = 1 / (inverseStrength * rows);
  let weights = new Float64Array(size);
  let state = evaluate(examples, weights, penalty);
  const first = largest(state.gradient);
  let share = 0;
  const tell = async (): Promise<void> => {
    const reached = Math.log(first / Math.max(tolerance, largest(state.gradient)));
    share = Math.max(share, Math.min(1, reached / Math.log(Math.max(2, first / tolerance))));
    await done(share);
  };
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    if (largest(state.gradient) <= tolerance) return { weights, iterations: iteration, converged: true };
    const step = await newtonStep(examples, state, penalty, tell);
    const slope = dot(state.gradient, step);
    let length = 1;
    let next = state;
    for (;;) {
      const moved = weights.map((weight, i) => weight + length * (step[i] ?? 0));
      next = evaluate(examples, moved, penalty);
      await tell();
      if (next.loss <= state.loss + 1e-4 * length * slope) {
        weights = moved;
        break;
      }
      length /= 2;
      // Rounding hides what is left to gain.
      if (length < 1e-8)
        return { weights, iterations: iteration, converged: largest(state.gradient) <= tolerance * 1e3 };
    }
    state = next;
    if (!Number.isFinite(state.loss))
      throw new DivergedError(
        'Logistic regression: the loss is no number. Standardise the codes first.',
        iteration,
        'loss',
      );
  }
  return { weights, iterations: mostIterations, converged: false };
}

/** The class with the highest score of each row, [rows]. */
export function classify(
  { data, rows, width }: Pick<Examples, 'data' | 'rows' | 'width'>,
  weights: Float64Array,
): Int32Array {
  const classes = weights.length / (width + 1);
  const scores = new Float64Array(classes);
  return Int32Array.from({ length: rows }, (_, row) => {
    scoreRow(data, row, width, weights, scores);
    return scores.indexOf(scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY));
  });
}

interface Evaluation {
  readonly loss: number;
  readonly gradient: Float64Array;
  /** p(y | x), [rows, classes]. */
  readonly probabilities: Float64Array;
}

function evaluate(
  { data, rows, width, labels, classes }: Examples,
  weights: Float64Array,
  penalty: number,
): Evaluation {
  const probabilities = new Float64Array(rows * classes);
  const scores = new Float64Array(classes);
  const gradient = new Float64Array(weights.length);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    scoreRow(data, row, width, weights, scores);
    const most = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (const score of scores) sum += Math.exp(score - most);
    const logSum = most + Math.log(sum);
    const label = labels[row] ?? 0;
    loss += (logSum - scores[label]!) / rows;
    for (let k = 0; k < classes; k++) {
      const probability = Math.exp(scores[k]! - logSum);
      probabilities[row * classes + k] = probability;
      scores[k] = (probability - (k === label ? 1 : 0)) / rows;
    }
    addOuter(gradient, data, row, width, scores);
  }
  // Intercepts are free.
  for (let i = 0; i < width * classes; i++) {
    loss += (penalty / 2) * weights[i]! ** 2;
    gradient[i]! += penalty * weights[i]!;
  }
  return { loss, gradient, probabilities };
}

/** The direction H^-1 (-gradient), as exactly as the gradient's size asks for. */
async function newtonStep(
  examples: Examples,
  { gradient, probabilities }: Evaluation,
  penalty: number,
  tell: () => Promise<void>,
): Promise<Float64Array> {
  const step = new Float64Array(gradient.length);
  const residual = gradient.map((value) => -value);
  let direction = residual.slice();
  let square = dot(residual, residual);
  const goal = square * Math.min(0.25, Math.sqrt(square));
  for (let product = 0; product < mostProducts && square > goal; product++) {
    const curved = curvature(examples, probabilities, direction, penalty);
    const bend = dot(direction, curved);
    if (bend <= 0) break;
    const along = square / bend;
    for (let i = 0; i < step.length; i++) {
      step[i]! += along * direction[i]!;
      residual[i]! -= along * curved[i]!;
    }
    const before = square;
    square = dot(residual, residual);
    direction = direction.map((value, i) => residual[i]! + (square / before) * value);
    await tell();
  }
  return step;
}

/** H v: the curvature of the loss along a direction, without H. */
function curvature(
  { data, rows, width, classes }: Examples,
  probabilities: Float64Array,
  direction: Float64Array,
  penalty: number,
): Float64Array {
  const result = new Float64Array(direction.length);
  const moved = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    scoreRow(data, row, width, direction, moved);
    let mean = 0;
    for (let k = 0; k < classes; k++) mean += probabilities[row * classes + k]! * moved[k]!;
    for (let k = 0; k < classes; k++) moved[k] = (probabilities[row * classes + k]! * (moved[k]! - mean)) / rows;
    addOuter(result, data, row, width, moved);
  }
  for (let i = 0; i < width * classes; i++) result[i]! += penalty * direction[i]!;
  return result;
}

/** scores = W' x + b of one row. */
function scoreRow(data: Float64Array, row: number, width: number, weights: Float64Array, scores: Float64Array): void {
  const classes = scores.length;
  for (let k = 0; k < classes; k++) scores[k] = weights[width * classes + k]!;
  for (let j = 0; j < width; j++) {
    const value = data[row * width + j]!;
    if (value === 0) continue;
    for (let k = 0; k < classes; k++) scores[k]! += value * weights[j * classes + k]!;
  }
}

/** result += x r' of one row, the intercepts' part included. */
function addOuter(result: Float64Array, data: Float64Array, row: number, width: number, r: Float64Array): void {
  const classes = r.length;
  for (let j = 0; j < width; j++) {
    const value = data[row * width + j]!;
    if (value === 0) continue;
    for (let k = 0; k < classes; k++) result[j * classes + k]! += value * r[k]!;
  }
  for (let k = 0; k < classes; k++) result[width * classes + k]! += r[k]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
