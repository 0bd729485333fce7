// What "verisim datasets" does.
import { datasetStatus } from '../../data/index.js';
import { textTable } from '../table.js';

export async function datasets({ json }: { readonly json?: boolean }): Promise<void> {
  const list = await datasetStatus();
  if (json === true) {
    process.stdout.write(`${JSON.stringify(list)}\n`);
    return;
  }
  const rows = list.map(({ name, exampleShape, lengths, licence, state, downloadBytes }) => [
    name,
    lengths === undefined
      ? 'any'
      : Object.entries(lengths)
          .map(([split, length]) => `${length} ${split}`)
          .join(', '),
    exampleShape.join('x'),
    state === 'here' ? 'here' : state === 'generated' ? 'generated' : `download, ${megabytes(downloadBytes ?? 0)}`,
    licence,
  ]);
  process.stdout.write(`${textTable(['name', 'rows', 'shape', 'where', 'licence'], rows)}\n`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
