// Rows in whole blocks, so that how many rows are scored together makes no difference to any of them.
import { float32, type Value } from '../../runtime/runtime.js';
import type { Samples } from '../contract.js';

/** Rows are scored in multiples of this. */
const rowBlock = 8;

/**
 * Rows filled up with zeros to whole blocks. Runtimes add up the products of a few rows in another order than those of many, and a row's
 * density shall not depend, to the last digit, on how many others are scored with it.
 */
export function wholeBlocks({ data, shape: [rows = 0, ...exampleShape] }: Samples, size: number): Value {
  const filled = Math.ceil(rows / rowBlock) * rowBlock;
  if (filled === rows) return float32(data, [rows, ...exampleShape]);
  const block = new Float32Array(filled * size);
  block.set(data);
  return float32(block, [filled, ...exampleShape]);
}
