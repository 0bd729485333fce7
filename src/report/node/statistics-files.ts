// Statistics of real data in the user's cache folder, evaluation/: what can be computed again, so that anything may be removed.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { version } from '../../core/version.js';
import { readNpy, writeNpy } from '../../data/index.js';
import { writeFileAtomic } from '../../data/node/atomic-write.js';
import { cacheFolder } from '../../data/node/cache-folder.js';
import { sha256 } from '../../data/node/checksum.js';
import type { Features } from '../../models/features/feature-space.js';
import type { ReferenceValue, StatisticsCache } from '../evaluate/statistics-cache.js';

const referenceSchema = z.object({ value: z.number(), interval: z.tuple([z.number(), z.number()]).exactOptional() });

/** Statistics in files. A file that cannot be read is computed again; one that cannot be written is left out. */
export function statisticsFiles(folder: string = join(cacheFolder(), 'evaluation')): StatisticsCache {
  const placeOf = (key: readonly string[], ending: string): string =>
    join(folder, `${sha256(new TextEncoder().encode(JSON.stringify([version, ...key]))).slice(0, 32)}${ending}`);
  const keep = async (path: string, content: Uint8Array | string): Promise<void> => {
    try {
      await mkdir(folder, { recursive: true });
      await writeFileAtomic(path, content);
    } catch {
      // A cache that cannot be written only costs time.
    }
  };
  return {
    async features(key, compute) {
      const [path, classesPath] = [placeOf(key, '.npy'), placeOf(key, '.classes.npy')];
      const known = await readFeatures(path, classesPath);
      if (known !== undefined) return known;
      const features = await compute();
      const { data, rows, width, classes } = features;
      // The probabilities first: features without them would be taken for those of a space that has none.
      if (classes !== undefined)
        await keep(classesPath, writeNpy({ data: classes.data, shape: [classes.rows, classes.classes] }));
      await keep(path, writeNpy({ data, shape: [rows, width] }));
      return features;
    },
    async reference(key, compute) {
      const path = placeOf(key, '.json');
      const known = await readReference(path);
      if (known !== undefined) return known;
      const value = await compute();
      if (Number.isFinite(value.value)) await keep(path, `${JSON.stringify(value)}\n`);
      return value;
    },
  };
}

async function readReference(path: string): Promise<ReferenceValue | undefined> {
  try {
    return referenceSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

async function readFeatures(path: string, classesPath: string): Promise<Features | undefined> {
  try {
    const { data, rows, width } = matrix(readNpy(await readFile(path), path));
    const probabilities = await readFile(classesPath).catch(() => undefined);
    if (probabilities === undefined) return { data, rows, width };
    const classes = matrix(readNpy(probabilities, classesPath));
    return { data, rows, width, classes: { data: classes.data, rows: classes.rows, classes: classes.width } };
  } catch {
    return undefined;
  }
}

function matrix({ data, shape }: ReturnType<typeof readNpy>): { data: Float32Array; rows: number; width: number } {
  const [rows = 0, width = 0] = shape;
  if (!(data instanceof Float32Array) || shape.length !== 2) throw new TypeError('no matrix of float32');
  return { data, rows, width };
}
