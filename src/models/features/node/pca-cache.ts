// Principal components of training rows, kept in the cache folder: they are the same as long as the rows are.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VerisimError } from '../../../core/errors.js';
import type { Dataset } from '../../../data/dataset.js';
import { cacheFolder } from '../../../data/node/cache-folder.js';
import { sha256 } from '../../../data/node/checksum.js';
import { fingerprint } from '../../../data/node/fingerprint.js';
import { load } from '../../node/load.js';
import { Pca } from '../../subspace/pca.js';
import type { FeatureSpace } from '../feature-space.js';
import { fitPca, fittedPcaSpace, type PcaSpaceOptions } from '../pca-space.js';

/** How components are kept. */
export interface CachedPcaOptions extends PcaSpaceOptions {
  /** Default: the cache folder of this system. */
  readonly folder?: string;
}

/** The space of the first principal components, from the cache where it knows these rows. @throws as pcaSpace */
export async function cachedPcaSpace(
  training: Dataset,
  components: number,
  { folder = join(cacheFolder(), 'features'), ...options }: CachedPcaOptions = {},
): Promise<FeatureSpace> {
  const { name, length, exampleShape, source } = training;
  // The fingerprint looks at some rows only; of files whose checksum is known every byte counts.
  const rows = [name, length, exampleShape.join('x'), source.sha256 ?? '', await fingerprint(training)].join(' ');
  const place = join(folder, `pca-${components}-${sha256(new TextEncoder().encode(rows)).slice(0, 16)}`);
  const known = await cached(place);
  if (known !== undefined) return fittedPcaSpace(known, exampleShape);
  const model = await fitPca(training, components, options);
  try {
    await model.save(place);
  } catch {
    // A cache that cannot be written costs time, nothing else.
    await rm(place, { recursive: true, force: true });
  }
  return fittedPcaSpace(model, exampleShape);
}

async function cached(place: string): Promise<Pca | undefined> {
  try {
    return await load(place, (model): model is Pca => model instanceof Pca);
  } catch (error) {
    // Nothing there, or something damaged: it is made anew.
    if (error instanceof VerisimError) return undefined;
    throw error;
  }
}
