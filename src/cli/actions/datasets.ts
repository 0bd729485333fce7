// What "verisim datasets" does.
import { datasetStatus } from '../../data/index.js';
import { textTable } from '../table.js';

export async function datasets({ json }: { readonly json?: boolean }): Promise<void> {
  const list = await datasetStatus();
  if (json === true) {
    process.stdout.write(`${JSON.stringify(list)}\n`);
    return;
  }
  const rows = list.map(({ name, exampleShape, lengths, licence, state, where, downloadBytes }) => [
    name,
    lengths === undefined
      ? 'any'
      : Object.entries(lengths)
          .map(([split, length]) => `${length} ${split}`)
          .join(', '),
    exampleShape.join('x'),
    licence,
    state === 'generated'
      ? 'generated'
      : state === 'here'
        ? `here: ${where[0]}`
        : `download ${((downloadBytes ?? 0) / 1e6).toFixed(1)} MB from ${hosts(where)}`,
  ]);
  process.stdout.write(`${textTable(['name', 'rows', 'shape', 'licence', 'where'], rows)}\n`);
}

function hosts(addresses: readonly string[]): string {
  return [...new Set(addresses.map((address) => new URL(address).host))].join(', ');
}
