// The rows, means and scatters (sums of squared deviations from the mean) of each class: all that a Gaussian needs. Moments of parts
// combine as in Chan, Golub and LeVeque 1983, without the cancellation of sums of squares:
//
//   n = n_a + n_b      mean = mean_a + d n_b / n      scatter = scatter_a + scatter_b + d d' n_a n_b / n      d = mean_b - mean_a
import { ShapeError } from '../../core/errors.js';
import { type Dataset, exampleSize } from '../../data/dataset.js';
import { type ClassSummary, checkSameData } from './bayes-model.js';
import { ByteMoments } from './byte-moments.js';
import { classByteRows, classRows, rowsByClass } from './class-rows.js';

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
  const labelsOfAll = new Int32Array(data.length);
  const pass = { classes: classes.length === 0 ? undefined : classCount, ...(signal === undefined ? {} : { signal }) };
  const found = (counts: Float64Array, { means, scatters }: Pick<ClassMoments, 'means' | 'scatters'>) => ({
    moments: { form: 'diagonal', exampleShape, classes, counts, means, scatters } as const,
    labels: labelsOfAll,
  });
  const { bytes: kept } = data.gather;
  if (kept !== undefined) {
    const whole = new ByteMoments(classCount, size);
    for await (const { bytes, labels, first } of classByteRows(data, kept, pass)) {
      labelsOfAll.set(labels, first);
      whole.add(bytes, labels);
    }
    return found(whole.counts, whole.moments(kept));
  }
  const whole = new RunningMoments(classCount, size);
  for await (const { x, labels, first } of classRows(data, pass)) {
    labelsOfAll.set(labels, first);
    whole.add(x, labels);
  }
  return found(whole.counts, whole);
}

/** Moments that take in one part after the other. */
class RunningMoments {
  readonly counts: Float64Array;
  readonly means: Float64Array;
  readonly scatters: Float64Array;
  readonly #size: number;

  constructor(classes: number, size: number) {
    this.counts = new Float64Array(classes);
    this.means = new Float64Array(classes * size);
    this.scatters = new Float64Array(classes * size);
    this.#size = size;
  }

  /**
   * Takes in a part, of each class by sums of d = x - s and of d^2, s its first row. The scatter is sum d^2 - (sum d)^2 / n, which loses
   * no digits as s is one of the rows: if it lies far from the others, then so large is their scatter.
   */
  add(x: Float32Array, labels: Int32Array): void {
    const size = this.#size;
    for (const [label, ofLabel] of rowsByClass(labels, this.counts.length, size).entries()) {
      const [firstRow] = ofLabel;
      if (firstRow === undefined) continue;
      const shift = Float64Array.from(x.subarray(firstRow, firstRow + size));
      const sums = new Float64Array(size);
      const squares = new Float64Array(size);
      addDeviations(sums, squares, shift, x, ofLabel);
      this.#merge(label, ofLabel.length, shift, sums, squares);
    }
  }

  #merge(label: number, more: number, shift: Float64Array, sums: Float64Array, squares: Float64Array): void {
    const before = this.counts[label]!;
    const total = before + more;
    this.counts[label] = total;
    const start = label * this.#size;
    for (let i = 0; i < this.#size; i++) {
      const sum = sums[i]!;
      const distance = shift[i]! + sum / more - this.means[start + i]!;
      const scatter = Math.max(0, squares[i]! - (sum * sum) / more);
      this.means[start + i]! += (distance * more) / total;
      this.scatters[start + i]! += scatter + distance * distance * ((before * more) / total);
    }
  }
}

/** Adds rows' deviations from a shift, and their squares, to sums; four rows at a time, which halves the time. */
function addDeviations(
  sums: Float64Array,
  squares: Float64Array,
  shift: Float64Array,
  x: Float32Array,
  starts: Int32Array,
): void {
  const fours = starts.length - (starts.length % 4);
  for (let row = 0; row < fours; row += 4) {
    const [a, b, c, d] = [starts[row]!, starts[row + 1]!, starts[row + 2]!, starts[row + 3]!];
    for (let i = 0; i < sums.length; i++) {
      const centre = shift[i]!;
      const p = x[a + i]! - centre;
      const q = x[b + i]! - centre;
      const r = x[c + i]! - centre;
      const s = x[d + i]! - centre;
      sums[i]! += p + q + (r + s);
      squares[i]! += p * p + q * q + (r * r + s * s);
    }
  }
  for (const start of starts.subarray(fours))
    for (let i = 0; i < sums.length; i++) {
      const deviation = x[start + i]! - shift[i]!;
      sums[i]! += deviation;
      squares[i]! += deviation * deviation;
    }
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
