// The factors Q R of a few long columns, Q as 1 - V T V' (Schreiber and Van Loan 1989): what blocked reductions of matrices are made of.

/** `count` columns of `rows` numbers, rows >= count; everything stands column by column. */
export interface Panel {
  readonly rows: number;
  readonly count: number;
  /** The vectors V of the reflections [count, rows]: 0 above place k, 1 there. */
  readonly vectors: Float64Array;
  /** T [count, count], upper triangular, row by row. */
  readonly triangle: Float64Array;
  /** R [count, count], upper triangular, row by row. */
  readonly rest: Float64Array;
}

/** Factors the `columns` [count, rows], which are overwritten. */
export function reflectPanel(columns: Float64Array, rows: number, count: number): Panel {
  const vectors = new Float64Array(count * rows);
  const triangle = new Float64Array(count * count);
  const rest = new Float64Array(count * count);
  const overlaps = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const at = k * rows;
    const factor = reflectColumn(columns, at + k, at + rows, vectors, rest, k, count);
    for (let j = k + 1; j < count; j++) reflect(columns, j * rows, vectors, at, k, rows, factor);
    for (let j = 0; j < k; j++) {
      rest[j * count + k] = columns[at + j]!;
      overlaps[j] = overlap(vectors, j * rows, vectors, at, k, rows);
    }
    // T of one reflection more: its last column is -factor T V'v.
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let j = i; j < k; j++) sum += triangle[i * count + j]! * overlaps[j]!;
      triangle[i * count + k] = -factor * sum;
    }
    triangle[k * count + k] = factor;
  }
  return { rows, count, vectors, triangle, rest };
}

/** The reflection of the numbers from `start` to `end`: its vector goes to the same place of `vectors`, what it makes of them to R. Gives its factor. */
function reflectColumn(
  columns: Float64Array,
  start: number,
  end: number,
  vectors: Float64Array,
  rest: Float64Array,
  k: number,
  count: number,
): number {
  const edge = columns[start]!;
  vectors[start] = 1;
  let largest = 0;
  for (let i = start + 1; i < end; i++) largest = Math.max(largest, Math.abs(columns[i]!));
  if (largest === 0) {
    rest[k * count + k] = edge;
    return 0;
  }
  // In units of the largest, squares neither overflow nor vanish, and what is smaller than all normal numbers is reflected as well as others.
  const unit = Math.max(largest, Math.abs(edge));
  let squares = 0;
  for (let i = start; i < end; i++) squares += (columns[i]! / unit) ** 2;
  const first = edge / unit;
  const alpha = first > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  const scale = 1 / (first - alpha);
  for (let i = start + 1; i < end; i++) vectors[i] = (columns[i]! / unit) * scale;
  rest[k * count + k] = alpha * unit;
  return (alpha - first) / alpha;
}

/** Reflects the column that begins at `column` by the vector that begins at `vector`, from row `k` on. */
function reflect(
  columns: Float64Array,
  column: number,
  vectors: Float64Array,
  vector: number,
  k: number,
  rows: number,
  factor: number,
): void {
  const scale = factor * overlap(vectors, vector, columns, column, k, rows);
  for (let i = k; i < rows; i++) columns[column + i] = columns[column + i]! - scale * vectors[vector + i]!;
}

/** The product of two vectors from row `k` on. */
function overlap(a: Float64Array, first: number, b: Float64Array, second: number, k: number, rows: number): number {
  // Four sums need not wait for each other.
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let i = k;
  for (; i + 3 < rows; i += 4) {
    sum0 += a[first + i]! * b[second + i]!;
    sum1 += a[first + i + 1]! * b[second + i + 1]!;
    sum2 += a[first + i + 2]! * b[second + i + 2]!;
    sum3 += a[first + i + 3]! * b[second + i + 3]!;
  }
  for (; i < rows; i++) sum0 += a[first + i]! * b[second + i]!;
  return sum0 + sum1 + (sum2 + sum3);
}
