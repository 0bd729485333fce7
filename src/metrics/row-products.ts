// All inner products of the rows of two sets, block by block: what distances come from. Products are computed on the device in float64 of
// rows minus a common centre, so that few digits cancel; a block is visited while the device works on the next one.
import { ShapeError } from '../core/errors.js';
import { free } from '../core/free.js';
import { float64, type HeldValues, type Runtime, type Value } from '../runtime/runtime.js';
import { input, lowerProgram, matmul } from '../tensor/index.js';
import type { FeatureRows, MetricOptions } from './metric.js';
import { pace } from './pace.js';

/** The products of some rows of `a` with some rows of `b`. */
export interface ProductBlock {
  readonly firstA: number;
  readonly endA: number;
  readonly firstB: number;
  readonly endB: number;
  /** products[(i - firstA) * stride + (j - firstB)] for row i of a and row j of b, only during the visit. */
  readonly products: Float64Array;
  readonly stride: number;
}

/** How large blocks may be. The results do not depend on it. */
export interface BlockSizes {
  readonly rowsA: number;
  readonly rowsB: number;
}

/** Large enough for fast products, small enough for 20 MB. */
const defaultSizes: BlockSizes = { rowsA: 512, rowsB: 5120 };

export interface ProductOptions extends Pick<MetricOptions, 'signal' | 'onProgress'> {
  /** [width], subtracted from all rows. Default: nothing. */
  readonly centre?: Float64Array;
  readonly sizes?: BlockSizes;
  /** Whether only blocks are wanted that hold a pair i >= j, where both sets are one. */
  readonly lowerOnly?: boolean;
}

/** Visits all blocks of products: for each block of rows of `b`, in order, all blocks of rows of `a`, in order. */
export async function visitProducts(
  runtime: Runtime,
  a: FeatureRows,
  b: FeatureRows,
  visit: (block: ProductBlock) => void,
  { centre = new Float64Array(a.width), sizes = defaultSizes, lowerOnly = false, ...options }: ProductOptions = {},
): Promise<void> {
  const { width } = a;
  const [rowsA, rowsB] = [evenPart(a.rows, sizes.rowsA), evenPart(b.rows, sizes.rowsB)];
  const blocks = blockOrder(a.rows, b.rows, { rowsA, rowsB }).filter(
    (block) => !lowerOnly || block.endA > block.firstB,
  );
  const done = pace(options);
  const program = await runtime.compile(
    lowerProgram({
      name: 'row-products',
      results: {
        products: matmul(input('a', [rowsA, width], 'float64'), input('b', [rowsB, width], 'float64'), {
          transposeB: true,
        }),
      },
    }),
  );
  let held: HeldValues | undefined;
  let firstHeld = -1;
  const start = async (block: Place): Promise<Float64Array> => {
    if (held === undefined || firstHeld !== block.firstB) {
      await held?.dispose();
      held = await runtime.hold({ b: centredRows(b, block.firstB, rowsB, centre) });
      firstHeld = block.firstB;
    }
    const { products } = await program.runOnce({ a: centredRows(a, block.firstA, rowsA, centre) }, held);
    return float64Of(products);
  };
  // The block that the device works on while the one before is visited.
  let next: Promise<Float64Array> | undefined;
  try {
    for (const [i, block] of blocks.entries()) {
      const products = await (next ?? start(block));
      const following = blocks[i + 1];
      next = following === undefined ? undefined : start(following);
      visit({ ...block, products, stride: rowsB });
      free(products);
      await done((i + 1) / blocks.length);
    }
  } finally {
    await next?.catch(() => undefined);
    await held?.dispose();
    await program.dispose();
  }
}

type Place = Omit<ProductBlock, 'products' | 'stride'>;

/** Rows of b outside, so that only one part of them is on the device. */
function blockOrder(ofA: number, ofB: number, { rowsA, rowsB }: BlockSizes): Place[] {
  const order: Place[] = [];
  for (let firstB = 0; firstB < ofB; firstB += rowsB)
    for (let firstA = 0; firstA < ofA; firstA += rowsA)
      order.push({ firstA, endA: Math.min(ofA, firstA + rowsA), firstB, endB: Math.min(ofB, firstB + rowsB) });
  return order;
}

/** Rows in each of as few equal parts as there can be of at most `most` rows. */
function evenPart(rows: number, most: number): number {
  return Math.ceil(rows / Math.ceil(rows / most));
}

/** `count` rows from `first` on, minus the centre; rows beyond the end are 0. */
export function centredRows(
  { data, rows, width }: FeatureRows,
  first: number,
  count: number,
  centre: Float64Array,
): Value {
  const block = new Float64Array(count * width);
  const end = Math.min(rows, first + count);
  for (let row = first; row < end; row++) {
    const [from, to] = [row * width, (row - first) * width];
    for (let k = 0; k < width; k++) block[to + k] = data[from + k]! - centre[k]!;
  }
  return { dtype: 'float64', shape: [count, width], data: block };
}

/** A matrix of so many columns, row by row. */
export function float64Matrix(data: Float64Array, columns: number): Value {
  return float64(data, [data.length / columns, columns]);
}

/** The numbers of a float64 result of the device. */
export function float64Of(value: Value | undefined): Float64Array {
  if (value?.data instanceof Float64Array) return value.data;
  throw new ShapeError(`The device gave ${value === undefined ? 'nothing' : value.dtype} where float64 was expected.`);
}
