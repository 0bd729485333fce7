// What goes to a worker by copying. The structured clone copies the whole memory behind an array, also where the array is a small view of it.
import type { Values } from './runtime.js';

/** Values to post, and the memory of theirs that is handed over. */
export interface PostedValues {
  readonly values: Values;
  readonly transfer: readonly ArrayBuffer[];
}

/** The values with each view of part of a buffer in memory of its own, which may be handed over; what fills its buffer stays as it is. */
export function copiedViews(values: Values): PostedValues {
  const transfer: ArrayBuffer[] = [];
  const copied = Object.entries(values).map(([name, value]) => {
    const { data } = value;
    if (data.byteLength === data.buffer.byteLength) return [name, value] as const;
    const part = data.slice();
    transfer.push(part.buffer);
    return [name, { ...value, data: part }] as const;
  });
  return { values: Object.fromEntries(copied), transfer };
}
