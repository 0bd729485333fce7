// The rows themselves as features: the pixels of images, the columns of tables and points. Needs no classifier and so fits all data,
// but two images of the same thing, one of them moved by a pixel, are far apart in it.
import { exampleSize } from '../../data/dataset.js';
import type { Samples } from '../contract.js';
import type { Rows } from '../tools/rows.js';
import { type ExtractOptions, extractParts, type FeatureSpace, type Features } from './feature-space.js';

/**
 * The space of rows as they are.
 *
 * @param exampleShape the shape of one row
 * @example const { data, width } = await pixels(test.exampleShape).extract(test);
 */
export function pixels(exampleShape: readonly number[]): FeatureSpace {
  const space = { name: 'pixels', exampleShape, width: exampleSize(exampleShape) };
  return {
    ...space,
    identity: async () => `${space.name} ${exampleShape.join('x')}`,
    extract: (rows: Rows, options?: ExtractOptions): Promise<Features> =>
      extractParts(space, rows, ({ data }: Samples) => ({ features: data }), options),
    dispose: async () => undefined,
  };
}
