// Rows through a program some at a time: what does not fit on the device at once, or into the caches.
import { ShapeError } from '../core/errors.js';
import type { Value, ValueData, Values } from '../runtime/runtime.js';

/**
 * Runs a program on at most `batch` rows at a time and joins the results along their first axis.
 *
 * @param feeds inputs of which every one has the rows as its first axis
 * @throws ShapeError where inputs or results have different numbers of rows
 */
export async function inRowBatches(
  run: (part: Values) => Promise<Values>,
  feeds: Values,
  batch: number,
): Promise<Values> {
  const counts = new Set(Object.values(feeds).map(({ shape: [count = 0] }) => count));
  const [rows = 0] = counts;
  if (counts.size !== 1 || rows < 1)
    throw new ShapeError(`Inputs with ${[...counts].join(', ') || 'no'} rows; all need the same number, at least one.`);
  const results: Record<string, Value> = {};
  for (let start = 0; start < rows; start += batch) {
    const count = Math.min(batch, rows - start);
    const part = await run(count === rows ? feeds : rowsOf(feeds, start, count));
    for (const [name, { dtype, shape, data }] of Object.entries(part)) {
      if (shape[0] !== count)
        throw new ShapeError(`The result "${name}" has the shape [${shape.join(', ')}] for ${count} rows.`);
      const whole = results[name] ?? {
        dtype,
        shape: [rows, ...shape.slice(1)],
        data: emptyLike(data, rows / count),
      };
      results[name] = whole;
      put(whole.data, data, (start / count) * data.length);
    }
  }
  return results;
}

function rowsOf(feeds: Values, start: number, count: number): Values {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { dtype, shape, data }]) => {
      const size = data.length / (shape[0] ?? 1);
      return [
        name,
        { dtype, shape: [count, ...shape.slice(1)], data: data.slice(start * size, (start + count) * size) },
      ];
    }),
  );
}

/** Zeros of the same type, `times` as many. */
function emptyLike(data: ValueData, times: number): ValueData {
  const length = Math.round(data.length * times);
  if (data instanceof Float32Array) return new Float32Array(length);
  if (data instanceof Float64Array) return new Float64Array(length);
  if (data instanceof BigInt64Array) return new BigInt64Array(length);
  return new Uint8Array(length);
}

function put(whole: ValueData, part: ValueData, at: number): void {
  const start = Math.round(at);
  if (whole instanceof BigInt64Array) {
    if (part instanceof BigInt64Array) whole.set(part, start);
  } else if (!(part instanceof BigInt64Array)) whole.set(part, start);
}
