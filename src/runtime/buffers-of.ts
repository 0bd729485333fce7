// The memory behind numbers, which goes from one thread to another as a whole.
import type { ValueData } from './runtime.js';

/** The buffers behind numbers, each once. */
export function buffersOf(data: readonly ValueData[]): ArrayBuffer[] {
  return [...new Set(data.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : [])))];
}
