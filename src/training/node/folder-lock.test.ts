import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RunFolderError } from '../../core/errors.js';
import { folderHolder, lockFolder } from './folder-lock.js';

const home = await mkdtemp(join(tmpdir(), 'verisim-lock-'));
after(() => rm(home, { recursive: true }));
const folder = () => mkdtemp(join(home, 'run-'));

test('a folder has one holder at a time, and is free again afterwards', async () => {
  const run = await folder();
  assert.equal(await folderHolder(run), undefined);
  const release = await lockFolder(run);
  assert.equal(await folderHolder(run), `process ${process.pid} on ${hostname()}`);
  await assert.rejects(lockFolder(run), (error) => {
    assert.ok(error instanceof RunFolderError);
    assert.match(error.message, new RegExp(`in use by process ${process.pid} on .*remove .*\\.lock`));
    return true;
  });
  await release();
  assert.deepEqual(await readdir(run), []);
  await (await lockFolder(run))();
});

test('the lock of a process that was killed is taken over', async () => {
  const run = await folder();
  const script = `
    const { lockFolder } = await import(${JSON.stringify(new URL('./folder-lock.js', import.meta.url).href)});
    await lockFolder(${JSON.stringify(run)});
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await assert.rejects(lockFolder(run), new RegExp(`in use by process ${child.pid}`));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const release = await lockFolder(run);
  await release();
});

test('a process number that is used again does not keep a lock alive', {
  skip: process.platform !== 'linux',
}, async () => {
  const run = await folder();
  // This process lives, but it did not start at the tick that the lock names.
  await writeFile(join(run, '.lock'), `${process.pid} 1 ${hostname()} some-id\n`);
  assert.equal(await folderHolder(run), undefined);
  await (await lockFolder(run))();
});

test('a lock that a crash left empty is taken over; that of another machine is not', async () => {
  const run = await folder();
  await writeFile(join(run, '.lock'), '');
  await (await lockFolder(run))();
  await writeFile(join(run, '.lock'), '1 1 another-machine some-id\n');
  await assert.rejects(lockFolder(run), /in use by process 1 on another-machine/);
});

test('of many at once, one gets the folder', async () => {
  const run = await folder();
  await writeFile(join(run, '.lock'), `999999999 1 ${hostname()} stale\n`);
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(run)));
  const got = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  assert.equal(got.length, 1);
  await got[0]?.();
  assert.deepEqual(await readdir(run), []);
});

test('unlocking leaves the lock of whoever has taken over alone', async () => {
  const run = await folder();
  const release = await lockFolder(run);
  await writeFile(join(run, '.lock'), 'somebody else');
  await release();
  assert.equal(await readFile(join(run, '.lock'), 'utf8'), 'somebody else');
});

test('a folder that is not there is an error that says so', async () => {
  await assert.rejects(lockFolder(join(home, 'nowhere')), /nowhere.*could not be written: the folder does not exist/);
});
