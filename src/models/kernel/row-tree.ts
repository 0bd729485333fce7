// A tree of boxes around rows (Bentley 1975), to sum kernels that end at the bandwidth over the rows near a point instead of over all.
// Every box is the smallest around its rows, and is divided at the median of its widest column. Boxes are kept in the order of a walk
// through the tree, each with the number of the box after all that lie within it, so that walking needs no stack.

/** Rows of a leaf at most: fewer cost more boxes, more cost more distances. */
const leafRows = 16;

/** The rows to be found. */
export interface TreeRows {
  /** [count, features] */
  readonly x: Float32Array;
  readonly features: number;
  /** The group of each row: points of a group do not see its rows. */
  readonly groups?: Float32Array | undefined;
}

/** A point and how far it sees. */
export interface TreeQuery {
  /** [count, features], of which row `row` is the point. */
  readonly points: Float32Array;
  readonly row: number;
  /** 1 / h^2. */
  readonly scale: number;
  /** K as a function of |u|^2 below 1. */
  readonly near: (squared: number) => number;
  readonly group?: number | undefined;
}

/** The sum of kernels, and how many rows were looked at. */
export interface TreeSum {
  readonly sum: number;
  readonly visited: number;
}

/** A tree over rows. */
export class RowTree {
  readonly #features: number;
  /** The rows in the order of the leaves. */
  readonly #x: Float32Array;
  readonly #groups: Float32Array | undefined;
  /** [boxes, 2, features]: the least and the greatest of each column. */
  readonly #boxes: Float32Array;
  /** The first row and the row after the last of each leaf; none for other boxes. */
  readonly #first: Int32Array;
  readonly #end: Int32Array;
  /** The number of the box after all that lie within it. */
  readonly #next: Int32Array;

  constructor({ x, features, groups }: TreeRows) {
    const count = x.length / features;
    const order = new Uint32Array(count);
    for (let row = 0; row < count; row++) order[row] = row;
    const [boxes, first, end, next]: [number[], number[], number[], number[]] = [[], [], [], []];
    const divide = (from: number, to: number): void => {
      const box = next.length;
      next.push(0);
      const { low, high, widest } = boxOf(x, features, order.subarray(from, to));
      boxes.push(...low, ...high);
      const isLeaf = to - from <= leafRows || low[widest] === high[widest];
      first.push(isLeaf ? from : 0);
      end.push(isLeaf ? to : 0);
      if (!isLeaf) {
        const middle = (from + to) >> 1;
        select(order, from, to - 1, middle, (row) => x[row * features + widest]!);
        divide(from, middle);
        divide(middle, to);
      }
      next[box] = next.length;
    };
    divide(0, count);
    this.#features = features;
    this.#boxes = Float32Array.from(boxes);
    [this.#first, this.#end, this.#next] = [Int32Array.from(first), Int32Array.from(end), Int32Array.from(next)];
    this.#x = new Float32Array(x.length);
    for (const [place, row] of order.entries())
      this.#x.set(x.subarray(row * features, (row + 1) * features), place * features);
    this.#groups = groups === undefined ? undefined : Float32Array.from(order, (row) => groups[row]!);
  }

  /** The sum of K(|x - x_n| / h) over all rows that the point sees. */
  sum({ points, row, scale, near, group }: TreeQuery): TreeSum {
    const features = this.#features;
    const [x, groups, boxes] = [this.#x, this.#groups, this.#boxes];
    const start = row * features;
    let [sum, visited] = [0, 0];
    for (let box = 0; box < this.#next.length; ) {
      const low = 2 * box * features;
      let least = 0;
      for (let i = 0; i < features; i++) {
        const value = points[start + i]!;
        const beyond = Math.max(boxes[low + i]! - value, value - boxes[low + features + i]!, 0);
        least += beyond * beyond;
      }
      // Rounding keeps the order of differences, squares and sums, so no row within reach is passed over.
      if (least * scale >= 1) {
        box = this.#next[box]!;
        continue;
      }
      const end = this.#end[box]!;
      for (let place = this.#first[box]!; place < end; place++) {
        if (groups !== undefined && groups[place] === group) continue;
        let squared = 0;
        for (let i = 0; i < features; i++) {
          const difference = points[start + i]! - x[place * features + i]!;
          squared += difference * difference;
        }
        squared *= scale;
        if (squared < 1) sum += near(squared);
      }
      visited += end - this.#first[box]!;
      box += 1;
    }
    return { sum, visited };
  }
}

interface Box {
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** The column of the longest side. */
  readonly widest: number;
}

function boxOf(x: Float32Array, features: number, rows: Uint32Array): Box {
  const low = new Float32Array(features).fill(Number.POSITIVE_INFINITY);
  const high = new Float32Array(features).fill(Number.NEGATIVE_INFINITY);
  for (const row of rows)
    for (let i = 0; i < features; i++) {
      const value = x[row * features + i]!;
      if (value < low[i]!) low[i] = value;
      if (value > high[i]!) high[i] = value;
    }
  let widest = 0;
  for (let i = 1; i < features; i++) if (high[i]! - low[i]! > high[widest]! - low[widest]!) widest = i;
  return { low, high, widest };
}

/** Puts the order's place `middle`, between `from` and `to`, where sorting would, what is lower before it (Hoare 1961). */
function select(order: Uint32Array, from: number, to: number, middle: number, keyOf: (row: number) => number): void {
  let [left, right] = [from, to];
  while (left < right) {
    const pivot = keyOf(order[(left + right) >> 1]!);
    let [i, j] = [left, right];
    while (i <= j) {
      while (keyOf(order[i]!) < pivot) i++;
      while (keyOf(order[j]!) > pivot) j--;
      if (i > j) break;
      const row = order[i]!;
      order[i++] = order[j]!;
      order[j--] = row;
    }
    if (middle <= j) right = j;
    else if (middle >= i) left = i;
    else return;
  }
}
