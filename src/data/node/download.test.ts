import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type DownloadProgress, download } from './download.js';

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) % 256);
const sha256 = createHash('sha256').update(content).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine that answers as told, a folder to download into, and the requests it got. */
async function setUp(t: TestContext, answer: Answer) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'verisim-download-'));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const path = join(folder, 'new', 'data.bin');
  return {
    requests,
    folder: join(folder, 'new'),
    options: { url: `http://127.0.0.1:${address.port}/data.bin`, path, sha256 },
  };
}

/** Answers as servers with ranges do, but breaks the connection after `limit` bytes. */
const withRanges =
  (limit = Number.POSITIVE_INFINITY): Answer =>
  (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (start >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const rest = content.subarray(start);
    const headers = { 'content-length': rest.length };
    if (start > 0)
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      });
    else response.writeHead(200, headers);
    if (rest.length <= limit) response.end(rest);
    else response.write(rest.subarray(0, limit), () => setTimeout(() => response.destroy(), 20));
  };

const isWhole = async (path: string) => assert.deepEqual(new Uint8Array(await readFile(path)), content);

test('a whole file arrives under its name, with progress on the way', async (t) => {
  const { options, folder, requests } = await setUp(t, withRanges());
  const progress: DownloadProgress[] = [];
  await download({ ...options, onProgress: (state) => progress.push(state) });
  await isWhole(options.path);
  assert.deepEqual(await readdir(folder), ['data.bin']);
  assert.equal(progress[0]?.receivedBytes, 0);
  assert.deepEqual(progress.at(-1), { url: options.url, receivedBytes: content.length, totalBytes: content.length });
  assert.equal(requests[0]?.headers['accept-encoding'], 'identity');
});

test('a dropped connection keeps what came, and the next download continues there', async (t) => {
  let limit = 100_000;
  const { options, folder, requests } = await setUp(t, (...exchange) => withRanges(limit)(...exchange));
  await assert.rejects(download(options), {
    name: 'DatasetError',
    message: /broke off after \d+ of 300000 bytes.*run again/,
  });
  assert.deepEqual(await readdir(folder), ['data.bin.part']);
  const { size } = await stat(`${options.path}.part`);
  assert.ok(size > 0 && size <= 100_000);
  limit = Number.POSITIVE_INFINITY;
  await download(options);
  assert.equal(requests[1]?.headers.range, `bytes=${size}-`);
  await isWhole(options.path);
  assert.deepEqual(await readdir(folder), ['data.bin']);
});

test('a server without ranges starts again from the beginning', async (t) => {
  const { options, folder } = await setUp(t, (_, response) => response.end(content));
  await download({ ...options }).then(() => rm(options.path));
  await writeFile(`${options.path}.part`, content.subarray(0, 1000));
  await download(options);
  await isWhole(options.path);
  assert.deepEqual(await readdir(folder), ['data.bin']);
});

test('a part that is already whole, and one that is too long, both end well', async (t) => {
  const { options, folder } = await setUp(t, withRanges());
  await download(options).then(() => rm(options.path));
  for (const part of [content, new Uint8Array(content.length + 5)]) {
    await writeFile(`${options.path}.part`, part);
    await download(options);
    await isWhole(options.path);
    assert.deepEqual(await readdir(folder), ['data.bin']);
  }
});

test('a wrong checksum deletes the file and says so; the next attempt starts clean', async (t) => {
  const { options, folder } = await setUp(t, withRanges());
  await assert.rejects(download({ ...options, sha256: '0'.repeat(64) }), {
    name: 'DatasetError',
    message: new RegExp(`SHA-256 ${sha256}; the right one has 0000.* deleted`),
  });
  assert.deepEqual(await readdir(folder), []);
  await download(options).then(() => rm(options.path));
  await writeFile(`${options.path}.part`, new Uint8Array(1000).fill(9));
  await assert.rejects(download(options), /was deleted/);
  await download(options);
  await isWhole(options.path);
});

test('a refusal leaves nothing behind and names address, answer and remedy', async (t) => {
  const { options, folder } = await setUp(t, (_, response) => response.writeHead(404).end('not here'));
  await assert.rejects(download(options), {
    name: 'DatasetError',
    message: /data\.bin answered 404 Not Found.*put it at/,
  });
  assert.deepEqual(await readdir(folder), []);
});

test('an address that nobody answers is an error that says so', async (t) => {
  const { options } = await setUp(t, withRanges());
  await assert.rejects(download({ ...options, url: 'http://127.0.0.1:1/data.bin' }), {
    name: 'DatasetError',
    message: /could not be reached/,
  });
});

test('an abort throws its reason, keeps the part, and the next download continues', async (t) => {
  const { options, folder, requests } = await setUp(t, (request, response) => {
    if (requests.length > 1) return withRanges()(request, response);
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 50_000));
  });
  const controller = new AbortController();
  const reason = new Error('enough');
  const onProgress = ({ receivedBytes }: DownloadProgress) => {
    if (receivedBytes >= 50_000) controller.abort(reason);
  };
  await assert.rejects(download({ ...options, signal: controller.signal, onProgress }), reason);
  assert.deepEqual(await readdir(folder), ['data.bin.part']);
  await assert.rejects(download({ ...options, signal: AbortSignal.abort(reason) }), reason);
  await download(options);
  assert.equal(requests.at(-1)?.headers.range, 'bytes=50000-');
  await isWhole(options.path);
});
