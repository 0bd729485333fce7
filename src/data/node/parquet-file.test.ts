import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { VerisimError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { gatherAll } from '../dataset.js';
import { openDataset } from './open-dataset.js';

const folder = await mkdtemp(join(tmpdir(), 'verisim-parquet-'));
after(() => rm(folder, { recursive: true, force: true }));
const put = async (bytes: Uint8Array): Promise<string> => {
  const path = join(folder, 'x.parquet');
  await writeFile(path, bytes);
  return path;
};
const open = async (bytes: Uint8Array, options = {}) => openDataset(await put(bytes), options);

// write = partial(pyarrow.parquet.write_table, store_schema=False, write_statistics=False)
// write(pa.table({'a': pa.array([0.1, 2.5, None], pa.float32()), 'n': pa.array([1, 2, 3], pa.int64()),
//                 'c': ['x', 'y', 'x'], 'b': [True, False, True]}), 'x.parquet', compression='snappy')
const table = Buffer.from(
  'UEFSMRUEFRAVFEwVBBUAEgAACBzNzMw9AAAgQBUAFRIVFiwVBhUQFQYVBhwAAAAJIAIAAAADAwEDAhUEFTAVLkwVBhUAEgAAGAQBAAkBPAIAAAAAAAAAAwAAAAAAAAAVABUUFRgsFQYVEBUGFQYcAAAACiQCAAAABgECAyQAFQQVFBUYTBUEFQASAAAKJAEAAAB4AQAAAHkVABUSFRYsFQYVEBUGFQYcAAAACSACAAAABgEBAwIVABUOFRIsFQYVABUGFQYcAAAABxgCAAAABgEFFQQZXDUAGAZzY2hlbWEVCAAVCCUCGAFhABUEJQIYAW4AFQwlAhgBYyUATBwAAAAVACUCGAFiABYGGRwZTCYAHBUIGTUABhAZGAFhFQIWBhZkFmwmOCYIKSwVBBUAFQIAFQAVEBUCADwpBhkmAgQAAAAmABwVBBk1AAYQGRgBbhUCFgYWhgEWiAEmvgEmdCksFQQVABUCABUAFRAVAgA8KQYZJgAGAAAAJgAcFQwZNQAGEBkYAWMVAhYGFmgWcCawAib8ASksFQQVABUCABUAFRAVAgA8FgYZBhkmAAYAAAAmABwVABklBgAZGAFiFQIWBhY0Fjgm7AJJHBUAFQAVAgA8KQYZJgAGAAAAFoYDFgYmCBacAwAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGUwcAAAcAAAcAAAcAAAARwEAAFBBUjE=',
  'base64',
);
// write(pa.table({'d': pa.array([0], pa.date32()), 'z': ['q']}), 'x.parquet', compression='gzip')
const dates = Buffer.from(
  'UEFSMRUEFQgVMEwVAhUAEgAAH4sIAAAAAAACA2NgYGAAABzfRCEEAAAAFQAVEhU6LBUCFRAVBhUGHAAAAB+LCAAAAAAAAgNjYmBgYGJkZGIAAJgAdzkJAAAAFQQVChUyTBUCFQASAAAfiwgAAAAAAAIDY2RgYCgEAAefQNwFAAAAFQAVEhU6LBUCFRAVBhUGHAAAAB+LCAAAAAAAAgNjYmBgYGJkZGIAAJgAdzkJAAAAFQQZPDUAGAZzY2hlbWEVBAAVAiUCGAFkJQxMbAAAABUMJQIYAXolAEwcAAAAFgIZHBksJgAcFQIZNQAGEBkYAWQVBBYCFlwWrAEmVCYIKSwVBBUAFQIAFQAVEBUCADwpBhkmAAIAAAAmABwVDBk1AAYQGRgBehUEFgIWXhauASaCAia0ASksFQQVABUCABUAFRAVAgA8FgIZBhkmAAIAAAAWugEWAiYIFtoCACggcGFycXVldC1jcHAtYXJyb3cgdmVyc2lvbiAyNi4wLjEZLBwAABwAAADXAAAAUEFSMQ==',
  'base64',
);
// write(pa.table({'z': [1]}), 'x.parquet', compression='zstd', use_dictionary=False)
const zstd = Buffer.from(
  'UEFSMRUAFRwVLiwVAhUAFQYVBhwAAAAotS/9IA5xAAACAAAAAgEBAAAAAAAAABUEGSw1ABgGc2NoZW1hFQIAFQQlAhgBegAWAhkcGRwmABwVBBklBgAZGAF6FQwWAhZCFlQmCEkcFQAVABUCADwpBhkmAAIAAAAWQhYCJggWVAAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGRwcAAAAegAAAFBBUjE=',
  'base64',
);

test('numbers, texts and booleans of a file that pyarrow wrote, with float32 in the decimals they were given', async () => {
  const data = await open(table, { label: 'c', missing: 'drop' });
  assert.deepEqual(data.classes, ['x', 'y']);
  assert.deepEqual(
    data.table?.columns.map(({ name, kind, missing, decimals, categories }) => [
      name,
      kind,
      missing,
      decimals ?? categories,
    ]),
    [
      ['a', 'numeric', 1, 1],
      ['n', 'integer', 0, 0],
      ['b', 'categorical', 0, ['false', 'true']],
    ],
  );
  const { x, labels } = await gatherAll(data);
  assert.deepEqual([...x], [Math.fround(0.1), 1, 0, 1, 2.5, 2, 1, 0]);
  assert.deepEqual([...(labels ?? [])], [0, 1]);
  await assert.rejects(open(table), { name: 'DatasetError', message: /missing in "a" \(1\), first in line 3/ });
});

test('gzip is unpacked; what is no number, text or boolean has to be left out; unknown packings are named', async () => {
  await assert.rejects(open(dates), { name: 'FileFormatError', message: /column "d" holds dates/ });
  const data = await open(dates, { columns: { d: 'ignore' } });
  assert.deepEqual(
    data.table?.columns.map(({ categories }) => categories),
    [['q']],
  );
  await assert.rejects(open(zstd), { name: 'FileFormatError', message: /ZSTD.*Write it with compression "snappy"/ });
});

test('cut off or changed anywhere, it is read or refused, and never anything else', async () => {
  const stream = random(3);
  let refused = 0;
  const rounds = 800;
  for (let round = 0; round < rounds; round++) {
    const damaged = Uint8Array.from(
      round % 4 === 0 ? table.subarray(0, Math.floor(stream.next() * table.length)) : table,
    );
    if (round % 4 !== 0)
      for (const place of stream.integers(1 + (round % 3), 0, damaged.length))
        damaged[place] = Math.floor(stream.next() * 256);
    try {
      await open(damaged, { missing: 'drop', label: 'c' });
    } catch (error) {
      if (!(error instanceof VerisimError)) throw error;
      refused += 1;
    }
  }
  assert.ok(refused > 0 && refused < rounds, `${refused}`);
});
