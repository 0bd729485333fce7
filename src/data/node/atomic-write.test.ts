import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, type TestContext, test } from 'node:test';
import { VerisimError } from '../../core/errors.js';
import { writeFileAtomic } from './atomic-write.js';

const folderFor = async (t: TestContext) => {
  const folder = await fs.mkdtemp(join(tmpdir(), 'verisim-write-'));
  t.after(() => fs.rm(folder, { recursive: true, force: true }));
  return folder;
};

test('writes text and bytes, replaces what was there, and leaves nothing beside it', async (t) => {
  const folder = await folderFor(t);
  const path = join(folder, 'config.json');
  await writeFileAtomic(path, 'old');
  await writeFileAtomic(path, 'new ü');
  assert.equal(await fs.readFile(path, 'utf8'), 'new ü');
  await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
  assert.deepEqual(new Uint8Array(await fs.readFile(path)), Uint8Array.of(1, 2, 3));
  assert.deepEqual(await fs.readdir(folder), ['config.json']);
});

test('many writers of one file: one of them wins whole', async (t) => {
  const folder = await folderFor(t);
  const path = join(folder, 'file');
  await Promise.all(Array.from({ length: 20 }, (_, i) => writeFileAtomic(path, String(i).repeat(10_000))));
  const content = await fs.readFile(path, 'utf8');
  assert.equal(content, content.slice(0, content.length / 10_000).repeat(10_000));
  assert.deepEqual(await fs.readdir(folder), ['file']);
});

for (const operation of ['writeFile', 'sync'] as const)
  test(`a full disk at ${operation} leaves the old file and says what to do`, async (t) => {
    const folder = await folderFor(t);
    const path = join(folder, 'weights.safetensors');
    await writeFileAtomic(path, 'old');
    const open = fs.open;
    const opening = mock.method(fs, 'open', async (...parameters: Parameters<typeof open>) => {
      const handle = await open(...parameters);
      mock.method(handle, operation, async () => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      });
      return handle;
    });
    try {
      await assert.rejects(writeFileAtomic(path, 'new'), {
        name: 'VerisimError',
        message: /weights\.safetensors could not be written: the disk is full\. Free some space/,
      });
    } finally {
      opening.mock.restore();
    }
    assert.equal(await fs.readFile(path, 'utf8'), 'old');
    assert.deepEqual(await fs.readdir(folder), ['weights.safetensors']);
  });

test('a missing folder, and a folder of the same name, are said to be so', async (t) => {
  const folder = await folderFor(t);
  await assert.rejects(writeFileAtomic(join(folder, 'no', 'file'), ''), /folder does not exist. Create it/);
  await fs.mkdir(join(folder, 'taken'));
  await assert.rejects(writeFileAtomic(join(folder, 'taken'), ''), VerisimError);
  assert.deepEqual(await fs.readdir(folder), ['taken']);
});
