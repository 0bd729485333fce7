// Some rows out of many.
import type { FeatureRows } from './metric.js';

/** The rows at these places, in this order, each as often as it is named; numbers keep their type. */
export function someRows({ data, width }: FeatureRows, places: ArrayLike<number>): FeatureRows {
  const length = places.length * width;
  const part = data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
  for (let i = 0; i < places.length; i++) {
    const from = places[i]! * width;
    part.set(data.subarray(from, from + width), i * width);
  }
  return { data: part, rows: places.length, width };
}
