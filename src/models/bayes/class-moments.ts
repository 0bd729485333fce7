// The rows, means and scatters (sums of squared deviations from the mean) of each class: all that a Gaussian needs. Moments of parts
// combine as in Chan, Golub and LeVeque 1983, without the cancellation of sums of squares:
//
//   n = n_a + n_b      mean = mean_a + d n_b / n      scatter = scatter_a + scatter_b + d d' n_a n_b / n      d = mean_b - mean_a
import { ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { type ClassSummary, checkSameData } from './bayes-model.js';
import { classRows } from './class-rows.js';

/** Which scatters are kept: [classes, D], those of each dimension; [classes, D, D]; or [D, D], that of all classes together. */
export type ScatterForm = 'diagonal' | 'full' | 'tied';

/** Moments of rows. */
export interface ClassMoments extends ClassSummary {
  readonly form: ScatterForm;
  /** [classes, D] */
  readonly means: Float64Array;
  /** As `form` says. */
  readonly scatters: Float64Array;
}

/** The labels of all rows, gathered on the way. */
export interface LabelledMoments {
  readonly moments: ClassMoments;
  readonly labels: Int32Array;
}

/** Means and scatters of each dimension in one pass. */
export async function diagonalMoments(
  data: Dataset,
  classes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<LabelledMoments> {
  const { exampleShape } = data;
  const size = exampleSize(exampleShape);
  const classCount = Math.max(1, classes.length);
  const whole = new RunningMoments(classCount, size);
  const labelsOfAll = new Int32Array(data.length);
  const pass = { classes: classes.length === 0 ? undefined : classCount, ...(signal === undefined ? {} : { signal }) };
  for await (const { x, labels, count, first } of classRows(data, pass)) {
    labelsOfAll.set(labels, first);
    whole.add(x, labels, count);
  }
  const { counts, means, scatters } = whole;
  return { moments: { form: 'diagonal', exampleShape, classes, counts, means, scatters }, labels: labelsOfAll };
}

/** Moments that take in one part after the other. */
class RunningMoments {
  readonly counts: Float64Array;
  readonly means: Float64Array;
  readonly scatters: Float64Array;
  readonly #partCounts: Float64Array;
  readonly #partMeans: Float64Array;
  readonly #partScatters: Float64Array;
  readonly #size: number;

  constructor(classes: number, size: number) {
    this.counts = new Float64Array(classes);
    this.means = new Float64Array(classes * size);
    this.scatters = new Float64Array(classes * size);
    this.#partCounts = new Float64Array(classes);
    this.#partMeans = new Float64Array(classes * size);
    this.#partScatters = new Float64Array(classes * size);
    this.#size = size;
  }

  /** Two passes over a part that is in the caches: its means, then the deviations from them. */
  add(x: Float32Array, labels: Int32Array, count: number): void {
    const size = this.#size;
    const [counts, means, scatters] = [this.#partCounts, this.#partMeans, this.#partScatters];
    counts.fill(0);
    means.fill(0);
    scatters.fill(0);
    for (let row = 0; row < count; row++) counts[labels[row]!]! += 1;
    const starts = rowStarts(labels, counts, size);
    for (let label = 0, first = 0; label < counts.length; first += counts[label]!, label++) {
      const ofLabel = starts.subarray(first, first + counts[label]!);
      if (ofLabel.length === 0) continue;
      const mean = means.subarray(label * size, (label + 1) * size);
      addRows(mean, x, ofLabel);
      for (let i = 0; i < size; i++) mean[i]! /= ofLabel.length;
      addSquares(scatters.subarray(label * size, (label + 1) * size), mean, x, ofLabel);
      this.#merge(label);
    }
  }

  #merge(label: number): void {
    const size = this.#size;
    const more = this.#partCounts[label]!;
    if (more === 0) return;
    const before = this.counts[label]!;
    const total = before + more;
    this.counts[label] = total;
    for (let i = label * size; i < (label + 1) * size; i++) {
      const distance = this.#partMeans[i]! - this.means[i]!;
      this.means[i]! += (distance * more) / total;
      this.scatters[i]! += this.#partScatters[i]! + distance * distance * ((before * more) / total);
    }
  }
}

/** Where rows start, those of class 0 first, then those of class 1, and so on. */
function rowStarts(labels: Int32Array, counts: Float64Array, size: number): Int32Array {
  const next = new Int32Array(counts.length);
  for (let label = 1; label < next.length; label++) next[label] = next[label - 1]! + counts[label - 1]!;
  const starts = new Int32Array(labels.length);
  for (let row = 0; row < labels.length; row++) starts[next[labels[row]!]!++] = row * size;
  return starts;
}

/** Adds rows to a sum, four at a time, which halves the time. */
function addRows(sum: Float64Array, x: Float32Array, starts: Int32Array): void {
  const fours = starts.length - (starts.length % 4);
  for (let row = 0; row < fours; row += 4) {
    const [a, b, c, d] = [starts[row]!, starts[row + 1]!, starts[row + 2]!, starts[row + 3]!];
    for (let i = 0; i < sum.length; i++) sum[i]! += x[a + i]! + x[b + i]! + x[c + i]! + x[d + i]!;
  }
  for (const start of starts.subarray(fours)) for (let i = 0; i < sum.length; i++) sum[i]! += x[start + i]!;
}

/** Adds rows' squared deviations from a mean to a sum. */
function addSquares(sum: Float64Array, mean: Float64Array, x: Float32Array, starts: Int32Array): void {
  const fours = starts.length - (starts.length % 4);
  for (let row = 0; row < fours; row += 4) {
    const [a, b, c, d] = [starts[row]!, starts[row + 1]!, starts[row + 2]!, starts[row + 3]!];
    for (let i = 0; i < sum.length; i++) {
      const centre = mean[i]!;
      const p = x[a + i]! - centre;
      const q = x[b + i]! - centre;
      const r = x[c + i]! - centre;
      const s = x[d + i]! - centre;
      sum[i]! += p * p + q * q + r * r + s * s;
    }
  }
  for (const start of starts.subarray(fours))
    for (let i = 0; i < sum.length; i++) sum[i]! += (x[start + i]! - mean[i]!) ** 2;
}

/** The moments of two parts of the same data, taken together. @throws ShapeError where they are of different data or forms */
export function combineMoments(kind: string, a: ClassMoments, b: ClassMoments): ClassMoments {
  checkSameData(kind, a, b);
  const { form, exampleShape, classes } = a;
  if (form !== b.form)
    throw new ShapeError(
      `${kind}: the summaries hold ${form} and ${b.form} scatters; make both with the same covariance.`,
    );
  const size = exampleSize(exampleShape);
  const counts = a.counts.map((count, label) => count + b.counts[label]!);
  const means = a.means.slice();
  const scatters = a.scatters.map((scatter, i) => scatter + b.scatters[i]!);
  const distance = new Float64Array(size);
  for (const [label, total] of counts.entries()) {
    if (total === 0) continue;
    const more = b.counts[label]!;
    const weight = (a.counts[label]! * more) / total;
    for (let i = 0; i < size; i++) {
      distance[i] = b.means[label * size + i]! - a.means[label * size + i]!;
      means[label * size + i]! += (distance[i]! * more) / total;
    }
    if (form === 'diagonal') for (let i = 0; i < size; i++) scatters[label * size + i]! += weight * distance[i]! ** 2;
    else {
      const start = form === 'tied' ? 0 : label * size * size;
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) scatters[start + i * size + j]! += weight * distance[i]! * distance[j]!;
    }
  }
  return { form, exampleShape, classes, counts, means, scatters };
}

/** The variance of each dimension over the rows of all classes. */
export function totalVariances({ form, exampleShape, counts, means, scatters }: ClassMoments): Float64Array {
  const size = exampleSize(exampleShape);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return Float64Array.from({ length: size }, (_, i) => {
    let mean = 0;
    for (const [label, count] of counts.entries()) mean += (count / rows) * means[label * size + i]!;
    let squares = form === 'tied' ? scatters[i * size + i]! : 0;
    for (const [label, count] of counts.entries()) {
      squares += count * (means[label * size + i]! - mean) ** 2;
      if (form === 'diagonal') squares += scatters[label * size + i]!;
      if (form === 'full') squares += scatters[(label * size + i) * size + i]!;
    }
    return squares / rows;
  });
}
