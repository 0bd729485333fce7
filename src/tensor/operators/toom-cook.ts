// Toom-Cook's minimal filtering: n consecutive responses of a filter with r taps from t = n + r - 1 products instead of n r.
//
//   y = A^T [(G w) * (B^T x)],   y_i = sum_j x_{i+j} w_j,   * by elements
//
// It is the product of two polynomials by their values at t - 1 points and their leading coefficients, read backwards. Every step is
// linear: over two axes the matrices are Kronecker products, and the adjoints of a convolution use the transposes.
// Winograd 1980, Arithmetic Complexity of Computations; Lavin and Gray 2016, Fast Algorithms for Convolutional Neural Networks.

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** The three maps of minimal filtering. */
export interface MinimalFiltering {
  /** Responses of a tile, n. */
  readonly outputs: number;
  readonly taps: number;
  /** Inputs of a tile, and products: t = outputs + taps - 1. */
  readonly size: number;
  /** B^T, [t, t]: inputs to factors. */
  readonly input: Matrix;
  /** G, [t, taps]: the filter to factors. */
  readonly filter: Matrix;
  /** A^T, [outputs, t]: products to responses. */
  readonly output: Matrix;
}

/**
 * Where the polynomials are evaluated, by the number of points. Rounding errors grow with the largest and shrink with the distance
 * between points; of many sets that were tried with random numbers, these come nearest to plain sums, nearer than the customary
 * 0, 1, -1, 2, -2. All are exact in binary.
 */
const pointSets: readonly (readonly number[])[] = [
  [],
  [0],
  [0, 1],
  [0, 1, -1],
  [0.5, -0.5, 1.25, -1.25],
  [0, 0.75, -0.75, 1.5, -1.5],
];

/** Minimal filtering of `outputs` responses and `taps` taps; undefined where no points are known for their number. */
export function minimalFiltering(outputs: number, taps: number): MinimalFiltering | undefined {
  const size = outputs + taps - 1;
  const points = pointSets[size - 1];
  if (points === undefined) return undefined;
  const leading = (length: number): number[] => Array.from({ length }, (_, power) => Number(power === length - 1));
  const powers = (length: number): number[][] => [
    ...points.map((point) => Array.from({ length }, (_, power) => point ** power)),
    leading(length),
  ];
  // Lagrange: the polynomial that vanishes at all other points, over its value at this one. The divisors go to the filter.
  const without = (left: number): readonly number[] => points.filter((_, index) => index !== left);
  const divisors = points.map((point, index) =>
    without(index).reduce((product, other) => product * (point - other), 1),
  );
  return {
    outputs,
    taps,
    size,
    input: [...points.map((_, index) => [...polynomial(without(index)), 0]), polynomial(points)],
    filter: powers(taps).map((row, index) => row.map((value) => value / (divisors[index] ?? 1))),
    output: transposed(powers(outputs)),
  };
}

/** The coefficients of the polynomial with these roots, the constant first. */
function polynomial(roots: readonly number[]): number[] {
  let coefficients = [1];
  for (const root of roots)
    coefficients = [0, ...coefficients].map((value, power) => value - root * (coefficients[power] ?? 0));
  return coefficients;
}

/** Rows become columns. */
export function transposed(matrix: Matrix): number[][] {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0));
}

/** The Kronecker product: what two maps do to the rows and the columns of a matrix, to its flat form. */
export function kronecker(rows: Matrix, columns: Matrix): number[][] {
  return rows.flatMap((row) => columns.map((column) => row.flatMap((a) => column.map((b) => a * b))));
}
