// What `verisim datasets` shows: every named data set, and where it is or would come from. Nothing is read or fetched.
import type { Split } from '../named/entry.js';
import { namedDatasets } from '../named/index.js';
import type { Environment } from './cache-folder.js';
import { findIn, placesOf } from './places.js';

/** A named data set and where it is. */
export interface DatasetStatus {
  readonly name: string;
  readonly description: string;
  readonly exampleShape: readonly number[];
  /** The rows of each split; absent where they are generated. */
  readonly lengths?: Readonly<Partial<Record<Split, number>>>;
  readonly licence: string;
  readonly origin: string;
  /** 'here' needs no network, 'remote' would be downloaded, 'generated' needs no files. */
  readonly state: 'here' | 'remote' | 'generated';
  /** The folder that has the files, or the addresses that they would come from. */
  readonly where: readonly string[];
  /** What would be downloaded, in bytes. */
  readonly downloadBytes?: number;
}

/** The state of every named data set, in the order of the table. */
export async function datasetStatus(environment: Environment = process.env): Promise<readonly DatasetStatus[]> {
  return Promise.all(
    Object.values(namedDatasets).map(async (entry): Promise<DatasetStatus> => {
      const { name, description, exampleShape, licence, origin } = entry;
      const common = { name, description, exampleShape, licence, origin };
      if (entry.kind === 'generated') return { ...common, state: 'generated', where: [] };
      const { lengths } = entry;
      for (const { folder } of await placesOf(entry, environment, undefined)) {
        const found = await findIn(folder, entry.files);
        if (found !== undefined) return { ...common, lengths, state: 'here', where: [folder] };
      }
      const remote = [...new Set(entry.files.map((file) => file.from))];
      const downloadBytes = remote.reduce((sum, file) => sum + file.bytes, 0);
      return { ...common, lengths, state: 'remote', where: remote.map(({ url }) => url), downloadBytes };
    }),
  );
}
