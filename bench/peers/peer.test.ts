import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UnknownNameError } from '../../src/core/errors.js';
import type { ChildCommand } from './json-child.js';
import { type PeerTimeouts, startPeer, startPeers } from './peer.js';
import { PeerError } from './peer-error.js';

// A peer whose behaviour is chosen by the size of the matrix product. Each process counts its calls, so that a test sees
// whether it speaks with the same process as before.
const fakePeer = `
  let calls = 0;
  const lines = require('node:readline').createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const { id, call, task, repetitions } = JSON.parse(line);
    const answer = (fields) => console.log(JSON.stringify({ id, ...fields }));
    calls += 1;
    if (call === 'hello') return answer({ result: { version: '1.2.3' } });
    if (task === 'matmul-2') { console.error('out of memory'); process.exit(3); }
    if (task === 'matmul-3') return;
    if (task === 'matmul-4') return answer({ error: 'no such kernel' });
    if (task === 'matmul-5') console.log('a banner that is no answer');
    if (task === 'matmul-6') return answer({ result: 'nonsense' });
    if (task === 'classical-pca') {
      return answer({ result: { losses: [], remarks: [], megabytes: 250, firstMs: 1500, figure: 0.82 } });
    }
    if (call === 'time') return answer({ result: Array.from({ length: repetitions }, (_, i) => calls + i) });
    answer({ result: { losses: [{ step: 1, discriminator: 1.4, generator: 0.7 }], remarks: ['calls ' + calls] } });
  });
`;
const timeouts: PeerTimeouts = { start: 10_000, prepare: 400, time: 400 };

function fakeCommand(source = fakePeer): ChildCommand {
  return { name: 'Fake', command: process.execPath, args: ['-e', source], environment: process.env };
}

test('a peer prepares a task and times it in one process', async () => {
  const peer = await startPeer(fakeCommand(), { ...timeouts, prepare: 10_000, time: 10_000 });
  assert.equal(peer.name, 'Fake');
  assert.equal(peer.version, '1.2.3');
  const { losses, remarks } = await peer.prepare('matmul-1');
  assert.deepEqual(losses, [{ step: 1, discriminator: 1.4, generator: 0.7 }]);
  assert.deepEqual(remarks, ['calls 2']);
  assert.deepEqual(await peer.time('matmul-1', { repetitions: 3 }), [3, 4, 5]);
  assert.deepEqual((await peer.prepare('matmul-5')).remarks, ['calls 4'], 'a line outside the protocol does no harm');
  await peer.stop();
  await peer.stop();
});

test('a peer tells the memory, first time and figure of a call', async () => {
  const peer = await startPeer(fakeCommand(), { ...timeouts, prepare: 10_000 });
  const preparation = await peer.prepare('classical-pca', '/rows');
  assert.deepEqual(preparation, { losses: [], remarks: [], megabytes: 250, firstMs: 1500, figure: 0.82 });
  await peer.stop();
});

test('requests that overlap each get their own answer', async () => {
  const peer = await startPeer(fakeCommand(), { ...timeouts, time: 10_000 });
  const answers = await Promise.all([1, 2, 3].map((repetitions) => peer.time('matmul-1', { repetitions })));
  assert.deepEqual(answers, [[2], [3, 4], [4, 5, 6]]);
  await peer.stop();
});

test('an error answer is a PeerError and leaves the process alive', async () => {
  const peer = await startPeer(fakeCommand(), { ...timeouts, prepare: 10_000 });
  await assert.rejects(peer.prepare('matmul-4'), new PeerError('Fake', 'no such kernel'));
  assert.deepEqual((await peer.prepare('matmul-1')).remarks, ['calls 3']);
  await peer.stop();
});

test('a process that dies before its first answer says why and what to do', async () => {
  const command = { ...fakeCommand(`throw new Error('no such library')`), remedy: 'Install the library.' };
  await assert.rejects(startPeer(command, timeouts), (error) => {
    assert.ok(error instanceof PeerError);
    assert.match(error.problem, /^the process ended with exit code 1; it said last: .*no such library/s);
    assert.ok(error.problem.endsWith('Install the library.'));
    return true;
  });
});

test('a process that dies fails its requests with its last words; the next task starts a fresh one', async () => {
  const peer = await startPeer(fakeCommand(), { ...timeouts, prepare: 10_000 });
  await assert.rejects(peer.prepare('matmul-2'), {
    name: 'PeerError',
    message: 'Fake: the process ended with exit code 3; it said last: out of memory',
  });
  await assert.rejects(peer.time('matmul-1', { repetitions: 1 }), /exit code 3/);
  assert.deepEqual((await peer.prepare('matmul-1')).remarks, ['calls 1']);
  await peer.stop();
});

test('a process that does not answer in time is ended, and so is the wait', async () => {
  const peer = await startPeer(fakeCommand(), timeouts);
  await assert.rejects(peer.prepare('matmul-3'), {
    name: 'PeerError',
    message: 'Fake: no answer to "prepare" within 0.4 s; the process was ended.',
  });
  await assert.rejects(peer.time('matmul-3', { repetitions: 1 }), /within 0\.4 s/);
  await peer.stop();
});

test('an answer of the wrong form is an error that shows it', async () => {
  const peer = await startPeer(fakeCommand(), { ...timeouts, prepare: 10_000 });
  await assert.rejects(peer.prepare('matmul-6'), /Fake: answered "nonsense", which is not what was asked/);
  await peer.stop();
});

test('a stopped peer stays stopped', async () => {
  const peer = await startPeer(fakeCommand(), timeouts);
  await peer.stop();
  await assert.rejects(peer.prepare('matmul-1'), /Fake: was stopped/);
  await assert.rejects(peer.time('matmul-1', { repetitions: 1 }), PeerError);
});

test('a process that ignores the end of its input is ended by force', async () => {
  const peer = await startPeer(fakeCommand(`${fakePeer} setInterval(() => {}, 1000);`), timeouts);
  // The test ends only if stop does.
  await peer.stop();
  await assert.rejects(peer.prepare('matmul-1'), /Fake: was stopped/);
});

test('an unknown task is refused before the peer is asked', async () => {
  const peer = await startPeer(fakeCommand(), timeouts);
  // @ts-expect-error the type does not allow the name either
  await assert.rejects(peer.prepare('dcgan-82'), /Unknown benchmark task "dcgan-82".*Did you mean "dcgan-28"/);
  await peer.stop();
});

test('peers that are not installed are listed with their errors', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'verisim-peers-'));
  try {
    const python = join(folder, 'no-python');
    const environment = { ...process.env, VERISIM_PEERS_PYTHON: python, VERISIM_PEERS_NODE: folder };
    const { peers, missing } = await startPeers({ threads: 1, environment });
    assert.deepEqual(peers, []);
    const errors = Object.fromEntries(missing.map(({ name, error }) => [name, error]));
    assert.deepEqual(Object.keys(errors), ['PyTorch', 'PyTorch compile', 'TensorFlow.js', 'jax-js']);
    assert.ok(errors.PyTorch?.startsWith(`"${python}" could not be started (spawn ${python} ENOENT)`));
    assert.match(errors['PyTorch compile'] ?? '', /Set VERISIM_PEERS_PYTHON to a Python that has PyTorch\./);
    const { missing: callPeers } = await startPeers({ threads: 1, environment, only: ['scikit-learn float32'] });
    assert.match(callPeers[0]?.error ?? '', /Set VERISIM_PEERS_PYTHON to a Python that has scikit-learn\./);
    assert.match(errors['TensorFlow.js'] ?? '', /Cannot find module '@tensorflow\/tfjs'/);
    assert.match(errors['jax-js'] ?? '', /Cannot find module '@jax-js\/jax'/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('without VERISIM_PEERS_NODE the JavaScript peers say what to set', async () => {
  const { VERISIM_PEERS_NODE: _, ...environment } = process.env;
  const { missing } = await startPeers({ threads: 1, environment, only: ['jax-js'] });
  assert.match(missing[0]?.error ?? '', /VERISIM_PEERS_NODE is not set\. Set it to a folder/);
});

test('an unknown peer is refused with the nearest name', async () => {
  await assert.rejects(startPeers({ threads: 1, only: ['pytorch'] }), (error) => {
    assert.ok(error instanceof UnknownNameError);
    assert.match(error.message, /Did you mean "PyTorch"\?/);
    return true;
  });
});
