// Many rows, a part at a time.

/** Numbers handed to the device at a time. */
export const batchValues = 2 ** 20;

/** Calls `run` for parts of rows [count, width] that are neither long themselves nor make long results. */
export async function inBatches(
  data: Float32Array,
  count: number,
  width: number,
  resultWidth: number,
  run: (part: Float32Array, rows: number, first: number) => Promise<void>,
): Promise<void> {
  const batch = Math.max(1, Math.floor(batchValues / Math.max(width, resultWidth)));
  for (let first = 0; first < count; first += batch) {
    const rows = Math.min(batch, count - first);
    await run(data.slice(first * width, (first + rows) * width), rows, first);
  }
}
