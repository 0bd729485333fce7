import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import fs, { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { VerisimError } from '../../core/errors.js';
import { makeFolder } from './make-folder.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-folder-'));
after(() => rm(home, { recursive: true }));

test('a folder is made with those around it, also by several at once, and one that is there stays', async () => {
  const path = join(home, 'a', 'b', 'c');
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(home, 'a', 'b', 'd'))]);
  await writeFile(join(path, 'x'), '1');
  await makeFolder(path);
  assert.ok((await stat(join(path, 'x'))).isFile());
  assert.ok(existsSync(join(home, 'a', 'b', 'd')));
});

test('a file in the way is an error that says so', async () => {
  await writeFile(join(home, 'file'), '');
  await assert.rejects(makeFolder(join(home, 'file')), (error: Error) => {
    assert.ok(error instanceof VerisimError);
    assert.match(error.message, /file could not be written: there is a file of that name\. Choose another name\.$/);
    return true;
  });
  await assert.rejects(makeFolder(join(home, 'file', 'below')), /a part of the path is a file, not a folder/);
});

test('where a system lets nobody make a folder, it is asked once and the error says which', {
  timeout: 5000,
}, async () => {
  // As Linux answers in /proc: the parent is there, and yet there is "no such file or directory".
  const asked = mock.method(fs, 'mkdir', async () => {
    throw Object.assign(new Error('no such file or directory'), { code: 'ENOENT' });
  });
  try {
    await assert.rejects(makeFolder(join(home, 'proc')), /no folder can be made in .*\. Choose another place\.$/);
    assert.equal(asked.mock.callCount(), 1);
  } finally {
    asked.mock.restore();
  }
});
