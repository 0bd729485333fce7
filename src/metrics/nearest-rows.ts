// For each row its nearest rows in another set, or in its own without itself: what neighbourhoods, copies and pictures of copies start from.
import { ConfigError } from '../core/errors.js';
import { meanOf, shrunkSquares, squaredDistance } from './distances.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import { type BlockSizes, visitProducts } from './row-products.js';
import { inWorkspace, type Workspace } from './workspace.js';

/** The nearest rows, from near to far; equally near ones in their order. */
export interface NearestRows {
  /** Neighbours of each row. */
  readonly count: number;
  /** [rows, count]: where they stand. */
  readonly indices: Int32Array;
  /** [rows, count]: Euclidean distances. */
  readonly distances: Float64Array;
}

export interface NearestOptions extends MetricOptions {
  /** Neighbours of each row. Default 1. */
  readonly count?: number;
  /** Whether both sets are the same rows in the same order, of which none is its own neighbour, but one that equals it is. Default false. */
  readonly excludeSelf?: boolean;
  /** Rows per block of the computation, which the result does not depend on. */
  readonly sizes?: BlockSizes;
}

/**
 * The rows of `among` that are nearest to each row of `rows`; a row that is in both sets is its own neighbour, unless `excludeSelf` says
 * otherwise. Distances are those of a float64 sum of squared differences: 0 for equal rows and only for them.
 *
 * @throws ConfigError where there are fewer rows than neighbours asked for, or `excludeSelf` is said of sets of different sizes
 * @example const { indices, distances } = await nearestRows(samples, training, { count: 3 })
 */
export async function nearestRows(
  rows: FeatureRows,
  among: FeatureRows,
  options: NearestOptions = {},
): Promise<NearestRows> {
  const { count = 1, excludeSelf = false } = options;
  if (excludeSelf && rows.rows !== among.rows)
    throw new ConfigError(
      `excludeSelf is for a set and itself; these sets have ${rows.rows} and ${among.rows} rows. Leave it out, or give the same rows twice.`,
    );
  const others = among.rows - (excludeSelf ? 1 : 0);
  if (!Number.isInteger(count) || count < 1 || count > others)
    throw new ConfigError(
      `${count} nearest rows of each were asked for; it has to be a whole number from 1 to ${others}, the rows to choose from.`,
    );
  return inWorkspace(options, (workspace) =>
    workspace.nearest.once([rows, among], `${count}${excludeSelf ? ' others' : ''}`, () =>
      search(workspace, rows, among, { ...options, count, excludeSelf }),
    ),
  );
}

async function search(
  workspace: Workspace,
  rows: FeatureRows,
  among: FeatureRows,
  { count, excludeSelf, ...options }: NearestOptions & { readonly count: number; readonly excludeSelf: boolean },
): Promise<NearestRows> {
  const centre = meanOf(among);
  const squares = shrunkSquares(rows, centre);
  // Half of them, negative: a.b - |b|^2 / 2 is large for a near b.
  const shifts = (rows === among ? squares : shrunkSquares(among, centre)).map((square) => -square / 2);
  const best = new BestRows(rows.rows, count);
  await visitProducts(
    await workspace.runtime(),
    rows,
    among,
    ({ firstA, endA, firstB, endB, products, stride }) => {
      for (let i = firstA; i < endA; i++) {
        const at = (i - firstA) * stride - firstB;
        // |a|^2 + |b|^2 - 2 a.b < limit, where the left side is a lower bound.
        let least = (squares[i]! - best.limit(i)) / 2;
        for (let j = firstB; j < endB; j++) {
          if (products[at + j]! + shifts[j]! < least || (excludeSelf && i === j)) continue;
          if (best.limit(i) === 0) break;
          best.offer(i, j, squaredDistance(rows, i, among, j));
          least = (squares[i]! - best.limit(i)) / 2;
        }
      }
    },
    { ...options, centre },
  );
  return { count, indices: best.indices, distances: best.squares.map(Math.sqrt) };
}

/** The best few of each row so far, as sorted lists. */
class BestRows {
  readonly indices: Int32Array;
  readonly squares: Float64Array;
  readonly #count: number;

  constructor(rows: number, count: number) {
    this.#count = count;
    this.indices = new Int32Array(rows * count).fill(-1);
    this.squares = new Float64Array(rows * count).fill(Number.POSITIVE_INFINITY);
  }

  /** What a squared distance has to be below. */
  limit(row: number): number {
    return this.squares[(row + 1) * this.#count - 1]!;
  }

  /** Offers come in the order of their indices, so that among equals the first stays. */
  offer(row: number, index: number, square: number): void {
    const first = row * this.#count;
    let place = first + this.#count - 1;
    if (!(square < this.squares[place]!)) return;
    for (; place > first && square < this.squares[place - 1]!; place--) {
      this.squares[place] = this.squares[place - 1]!;
      this.indices[place] = this.indices[place - 1]!;
    }
    this.squares[place] = square;
    this.indices[place] = index;
  }
}
