// Drawing rows of an autoregressive network. Every row has a stream of its own, from which its class, its view and its numbers come.
import { random } from '../../runtime/random.js';
import { placeOf } from '../tools/place-of.js';
import type { Arrays, AutoregressiveNetwork } from './network.js';

/** What to draw. */
export interface DrawOptions {
  readonly network: AutoregressiveNetwork;
  /** The network's weights under their own names. */
  readonly weights: Arrays;
  readonly count: number;
  /** Numbers in a row. */
  readonly size: number;
  readonly seed: number;
  /** p(y) of each class, where there are some. */
  readonly priors: Float64Array;
  /** The class of all rows, where one was asked for. */
  readonly label: number | undefined;
}

/** Milliseconds of drawing in one go. */
const restEvery = 30;

/** Rows [count, size] and the class of each, 0 where there are none. */
export async function drawRows({ network, weights, count, size, seed, priors, label }: DrawOptions) {
  const data = new Float32Array(count * size);
  const labels = new Int32Array(count);
  const streams = Array.from({ length: count }, (_, row) => random(seed).split('sample').split(row));
  const rowsOfViews = Array.from({ length: network.views }, (): number[] => []);
  for (const [row, stream] of streams.entries()) {
    labels[row] = label ?? placeOf(priors, stream.next());
    rowsOfViews[Math.floor(stream.next() * network.views)]?.push(row);
  }
  let rested = performance.now();
  for (const [view, rows] of rowsOfViews.entries()) {
    if (rows.length === 0) continue;
    const sampler = network.sampler(weights, view);
    for (const row of rows) {
      const stream = streams[row];
      if (stream !== undefined) sampler.draw(data.subarray(row * size, (row + 1) * size), labels[row] ?? 0, stream);
      // A row can take milliseconds; timers and messages are answered now and then.
      if (performance.now() - rested <= restEvery) continue;
      await new Promise((resolve) => setTimeout(resolve));
      rested = performance.now();
    }
  }
  return { data, labels };
}
