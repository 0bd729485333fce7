// The last bias of a decoder set to the average row, so that training begins with what differs between rows.
import type { ParameterSpecs } from '../../nn/layer.js';
import { float32, type Values } from '../../runtime/runtime.js';

const name = 'decoder/output/bias';

/** The bias for numbers [size] of each part of the output; of images, whose bias is per channel, their means. */
export function outputBias(parameters: ParameterSpecs, start: readonly Float32Array[]): Values {
  const [length = 0] = parameters[name]?.shape ?? [];
  const groups = length / start.length;
  const bias = start.flatMap((part) => {
    const sums = new Float64Array(groups);
    for (const [i, value] of part.entries()) sums[i % groups] = (sums[i % groups] ?? 0) + value;
    return Array.from(sums, (total) => (total * groups) / part.length);
  });
  return { [name]: float32(Float32Array.from(bias), [length]) };
}
