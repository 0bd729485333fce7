// Sums of kernels: for many points, the sum over all rows x_n of K((x - x_n) / h), on the device, in float64. The rows are handed over
// once and gone over in chunks for every block of points. Kernels without bounds are summed as logarithms, relative to the largest
// seen so far, so that far points have exact log-densities where every kernel underflows. Kernels that end at the bandwidth are summed over
// near rows alone, found by a tree, where there are few columns and few rows are near.
import { ShapeError } from '../../core/errors.js';
import type { CompiledStepProgram, Runtime, Value } from '../../runtime/runtime.js';
import {
  add,
  and,
  cast,
  constant,
  equal,
  exp,
  greater,
  input,
  matmul,
  max,
  maximum,
  multiply,
  not,
  reshape,
  slice,
  square,
  subtract,
  sum,
  type Tensor,
  transpose,
  where,
} from '../../tensor/index.js';
import { lowerLoop, type Variable } from '../../tensor/program.js';
import type { Kernel } from './kernels.js';
import { RowTree } from './row-tree.js';

/** Rows to be summed over. */
export interface KernelRows {
  /** [count, features] */
  readonly x: Float32Array;
  readonly count: number;
  readonly features: number;
  /** The group of each row: points of a group do not see its rows. */
  readonly groups?: Float32Array;
}

const pointsPerBlock = 256;
const rowsPerChunk = 512;
/** Up to this many columns differences are squared one by one, which is exact; with more, by |a|^2 + |b|^2 - 2 a b. */
const mostDirectColumns = 8;
/** With more columns than this nearly every box of a tree is near every point. */
const mostTreeColumns = 8;
/** Rows from which on a tree pays, and the share of them that may be looked at for a point, where it costs as much as the device. */
const leastTreeRows = 1024;
const mostVisitedShare = 0.3;
/** Points that the share is found from. */
const probes = 32;
/** How long other work may have to wait. */
const busyMilliseconds = 30;
/** The logarithm of nothing, which unlike minus infinity can be subtracted from itself. */
const lowest = -1e300;

/** Kernel sums over one set of rows. */
export class KernelSums {
  readonly #compiled: CompiledStepProgram;
  readonly #kernel: Kernel;
  readonly #rows: KernelRows;
  #tree: RowTree | undefined;
  readonly #chunks: number;
  /** Calls wait for each other: the program has one set of variables. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(compiled: CompiledStepProgram, kernel: Kernel, rows: KernelRows, chunks: number) {
    this.#compiled = compiled;
    this.#kernel = kernel;
    this.#rows = rows;
    this.#chunks = chunks;
  }

  /** Compiles the sums and hands the rows over. */
  static async open(runtime: Runtime, kernel: Kernel, rows: KernelRows): Promise<KernelSums> {
    const { x, count, features, groups } = rows;
    const chunk = Math.min(count, rowsPerChunk);
    const chunks = Math.ceil(count / chunk);
    const compiled = await runtime.compileStep(
      lowerLoop({ name: 'kernel-sums', variables: variablesOf(kernel, rows, chunk), metrics: {} }),
    );
    const feeds = { rows: new Float32Array(chunks * chunk * features), weight: new Float32Array(chunks * chunk) };
    feeds.rows.set(x);
    feeds.weight.fill(1, 0, count);
    if (groups === undefined) await compiled.hold(chunks, feeds);
    else {
      const group = new Float32Array(chunks * chunk);
      group.set(groups);
      await compiled.hold(chunks, { ...feeds, group });
    }
    return new KernelSums(compiled, kernel, rows, chunks);
  }

  /** log of the sum for each of `points` [count, features]; minus infinity where there is nothing. `groups` where the rows have some. */
  logSums(points: Float32Array, bandwidth: number, groups?: Float32Array): Promise<Float64Array> {
    const result = this.#last.then(
      () => this.#logSums(points, bandwidth, groups),
      () => this.#logSums(points, bandwidth, groups),
    );
    this.#last = result.catch(() => undefined);
    return result;
  }

  async dispose(): Promise<void> {
    await this.#compiled.dispose();
  }

  async #logSums(points: Float32Array, bandwidth: number, groups?: Float32Array): Promise<Float64Array> {
    return (await this.#nearLogSums(points, bandwidth, groups)) ?? this.#allLogSums(points, bandwidth, groups);
  }

  /** The sums over near rows alone; undefined where that is no faster. */
  async #nearLogSums(
    points: Float32Array,
    bandwidth: number,
    groups: Float32Array | undefined,
  ): Promise<Float64Array | undefined> {
    const { near } = this.#kernel;
    const { count: rows, features } = this.#rows;
    const count = points.length / features;
    if (near === undefined || features > mostTreeColumns || rows < leastTreeRows || count < probes) return undefined;
    this.#tree ??= new RowTree(this.#rows);
    const tree = this.#tree;
    const sumAt = (row: number) => tree.sum({ points, row, scale: 1 / bandwidth ** 2, near, group: groups?.[row] });
    let visited = 0;
    for (let probe = 0; probe < probes; probe++) visited += sumAt(Math.floor((probe * count) / probes)).visited;
    if (visited > mostVisitedShare * probes * rows) return undefined;
    const result = new Float64Array(count);
    let rested = performance.now();
    for (let row = 0; row < count; row++) {
      result[row] = Math.log(sumAt(row).sum);
      if (performance.now() - rested < busyMilliseconds) continue;
      await new Promise((resolve) => setTimeout(resolve));
      rested = performance.now();
    }
    return result;
  }

  async #allLogSums(points: Float32Array, bandwidth: number, groups?: Float32Array): Promise<Float64Array> {
    const { features } = this.#rows;
    const count = points.length / features;
    const result = new Float64Array(count);
    for (let first = 0; first < count; first += pointsPerBlock) {
      const length = Math.min(pointsPerBlock, count - first);
      const block = new Float64Array(pointsPerBlock * features);
      block.set(points.subarray(first * features, (first + length) * features));
      const group = new Float64Array(pointsPerBlock);
      if (groups !== undefined) group.set(groups.subarray(first, first + length));
      await this.#compiled.write({
        points: float64(block, [pointsPerBlock, features]),
        scale: float64(Float64Array.of(1 / bandwidth ** 2), []),
        // The logarithm of what the total is a multiple of.
        high: float64(new Float64Array(pointsPerBlock).fill(this.#kernel.isCompact ? 0 : lowest), [pointsPerBlock, 1]),
        total: float64(new Float64Array(pointsPerBlock), [pointsPerBlock, 1]),
        ...(groups === undefined ? {} : { pointGroup: float64(group, [pointsPerBlock, 1]) }),
      });
      await this.#compiled.run(this.#chunks, {});
      const { high, total } = await this.#compiled.read(['high', 'total']);
      if (!(high?.data instanceof Float64Array && total?.data instanceof Float64Array))
        throw new ShapeError('The kernel sums came back in another type than float64.');
      for (let i = 0; i < length; i++) result[first + i] = Math.log(total.data[i]!) + high.data[i]!;
    }
    return result;
  }
}

function variablesOf(
  kernel: Kernel,
  { x, count, features, groups }: KernelRows,
  chunk: number,
): Readonly<Record<string, Variable>> {
  const points = input('points', [pointsPerBlock, features], 'float64');
  const scale = input('scale', [], 'float64');
  const [high, total] = [input('high', [pointsPerBlock, 1], 'float64'), input('total', [pointsPerBlock, 1], 'float64')];
  const pointGroup = input('pointGroup', [pointsPerBlock, 1], 'float64');
  const isRow = greater(reshape(input('weight', [chunk]), [1, chunk]), 0);
  const rowGroup = cast(reshape(input('group', [chunk]), [1, chunk]), 'float64');
  const isSeen = groups === undefined ? isRow : and(isRow, not(equal(rowGroup, pointGroup)));
  // Far from the origin squares would lose the digits of differences.
  const centre = new Float64Array(features);
  for (let i = 0; i < x.length; i++) centre[i % features] = centre[i % features]! + x[i]! / count;
  const distances = squaredDistances(points, cast(input('rows', [chunk, features]), 'float64'), centre);
  const profile = kernel.profile(multiply(distances, scale));
  const same = (variable: Tensor): Variable => ({ current: variable, next: variable });
  const shared = { points: same(points), scale: same(scale) };
  const variables = groups === undefined ? shared : { ...shared, pointGroup: same(pointGroup) };
  if (kernel.isCompact) {
    const next = add(total, sum(where(isSeen, profile, 0), { axes: 1, keepAxes: true }));
    return { ...variables, high: same(high), total: { current: total, next } };
  }
  const seen = where(isSeen, profile, lowest);
  const highest = maximum(high, max(seen, { axes: 1, keepAxes: true }));
  // Shares of the highest: in float32 exp takes a third of the time, and costs 1e-7 of a sum whose terms are added up in float64.
  const shares = cast(exp(cast(subtract(seen, highest), 'float32')), 'float64');
  const chunkTotal = sum(where(isSeen, shares, 0), { axes: 1, keepAxes: true });
  const next = add(multiply(total, exp(subtract(high, highest))), chunkTotal);
  return { ...variables, high: { current: high, next: highest }, total: { current: total, next } };
}

/** |a - b|^2 for points a [points, features] and rows b [rows, features], as [points, rows]. */
function squaredDistances(points: Tensor, rows: Tensor, centre: Float64Array): Tensor {
  const features = centre.length;
  if (features <= mostDirectColumns) {
    const columns = transpose(rows);
    const squares = Array.from({ length: features }, (_, i) =>
      square(subtract(slice(points, 1, i, i + 1), slice(columns, 0, i, i + 1))),
    );
    return squares.reduce(add);
  }
  const origin = constant(centre, [features], 'float64');
  const [a, b] = [subtract(points, origin), subtract(rows, origin)];
  const lengths = add(
    sum(square(a), { axes: 1, keepAxes: true }),
    transpose(sum(square(b), { axes: 1, keepAxes: true })),
  );
  return maximum(subtract(lengths, multiply(matmul(a, b, { transposeB: true }), 2)), 0);
}

function float64(data: Float64Array, shape: readonly number[]): Value {
  return { dtype: 'float64', shape, data };
}
