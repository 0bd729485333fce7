import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { VerisimError } from '../../core/errors.js';
import { random } from '../../runtime/random.js';
import { gatherAll } from '../dataset.js';
import { encodeTable } from '../table/decode.js';
import { openDataset } from './open-dataset.js';
import type { OpenOptions } from './open-options.js';

const folder = await mkdtemp(join(tmpdir(), 'verisim-csv-'));
after(() => rm(folder, { recursive: true, force: true }));
const open = async (content: string | Uint8Array, options: OpenOptions = {}, name = 'x.csv') => {
  await writeFile(join(folder, name), content);
  return openDataset(join(folder, name), options);
};
/** The file as it would be written again. */
const rewritten = async (content: string | Uint8Array, options?: OpenOptions, name?: string) => {
  const data = await open(content, options, name);
  const { x, labels } = await gatherAll(data);
  assert.ok(data.table !== undefined);
  return encodeTable({ data: x, ...(labels === undefined ? {} : { labels }) }, data.table);
};

test('quotes, byte order mark, line ends of Windows, blanks around cells, empty lines', async () => {
  const text = '\ufeffa,b,"c d"\r\n1, "x, y" ,u\r\n\r\n2,"say ""a\nb""",v\r\n 3 ,x,u';
  assert.equal(await rewritten(text), 'a,b,c d\n1,"x, y",u\n2,"say ""a\nb""",v\n3,x,u\n');
  const data = await open(text, { label: 'c d' });
  assert.deepEqual([data.name, data.classes, data.length], ['x.csv', ['u', 'v'], 3]);
});

test('other delimiters, found out or given', async () => {
  assert.equal(await rewritten('a\tb\n1\tx y\n2\tz\n', {}, 'x.tsv'), 'a\tb\n1\tx y\n2\tz\n');
  assert.equal(await rewritten('a;b\n1;2,5\n2;x\n'), 'a;b\n1;2,5\n2;x\n');
  assert.equal(await rewritten('a b\n1 2\n', { delimiter: ' ' }, 'x.txt'), 'a b\n1 2\n');
  await assert.rejects(open('a\tb\n1\t\n', {}, 'x.tsv'), { message: /missing in "b" \(1\), first in line 2/ });
});

test('a gzipped file, and one that is longer than a piece', async () => {
  const lines = Array.from({ length: 30000 }, (_, i) => `${i},${(i % 7) / 4},${i % 2 === 0 ? 'even' : 'odd'}`);
  const text = `n,x,kind\n${lines.join('\n')}\n`;
  assert.ok(text.length > 3 * 65536);
  const plain = await gatherAll(await open(text, { label: 'kind' }));
  const packed = await gatherAll(await open(gzipSync(text), { label: 'kind' }, 'x.csv.gz'));
  assert.deepEqual(packed, plain);
  assert.deepEqual([...plain.x.slice(-4)], [29998, 3 / 4, 29999, 1]);
  await assert.rejects(open(gzipSync(text).subarray(0, 20000), {}, 'x.csv.gz'), {
    name: 'FileFormatError',
    message: /cannot be unpacked by gzip after line \d+/,
  });
  await assert.rejects(open(text, { memoryBudget: 1000 }), { name: 'DatasetError', message: /more than 1000 bytes/ });
  const reason = new Error('enough');
  await assert.rejects(open(text, { signal: AbortSignal.abort(reason) }), reason);
});

test('mistakes in the file are named with their line', async () => {
  const wrong: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ['', /x\.csv: is empty/],
    ['\n\n', /is empty/],
    ['a,b\n', /has a header and no rows/],
    ['a,b\n1,2\n3\n', /line 3 has 1 cells where the lines before it have 2/],
    ['a,b\n1,2\n3,4,5\n', /line 3 has 3 cells/],
    ['a,b\r\n\r\n1,"x\r\n\r\ny"\r\n\r\n3\r\n', /line 7 has 1 cells/],
    ['a,b\n1,"2\n3,4\n', /line \d: a quote that was opened is not closed/],
    ['a,b\n1,x"y\n', /line 2: there is a quote inside a cell/],
    ['a,b\n1,"x"y\n', /line 2: there is text between a closing quote/],
    [new Uint8Array([0xff, 0xfe, 0x61, 0, 0x2c, 0]), /holds zero bytes, so it is no text in UTF-8/],
  ];
  for (const [content, message] of wrong)
    await assert.rejects(open(content), (error) => {
      assert.ok(error instanceof VerisimError);
      assert.equal(error.name, 'FileFormatError');
      assert.match(error.message, message);
      return true;
    });
  await assert.rejects(openDataset(join(folder, 'none.csv')), { name: 'DatasetError', message: /no file or folder/ });
  await assert.rejects(open('a\n1\n', { split: 'test' }), { name: 'ConfigError', message: /is not divided/ });
});

test('any text is read or refused, and never anything else', async () => {
  const stream = random(11);
  const alphabet = ['a', '1', '1', '2.5', '7', ',', '\n', '\n', '\n', '"x"', '"', ' ', '\r\n', '?', 'é', '-', 'e9'];
  const outcomes = { read: 0, refused: 0 };
  for (let round = 0; round < 300; round++) {
    const length = 1 + Math.floor(stream.next() * 20);
    const text = Array.from({ length }, () => alphabet[Math.floor(stream.next() * alphabet.length)]).join('');
    try {
      await open(text, { missing: 'drop' });
      outcomes.read += 1;
    } catch (error) {
      if (!(error instanceof VerisimError)) throw new Error(JSON.stringify(text), { cause: error });
      outcomes.refused += 1;
    }
  }
  assert.ok(outcomes.read > 10 && outcomes.refused > 10, JSON.stringify(outcomes));
});
