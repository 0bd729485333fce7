// What happens to requests when a worker answers, dies, or is told to end; the worker here is a script.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, DeviceError } from '../core/errors.js';
import type { NumberedRequest } from './protocol.js';
import { WorkerChannel } from './worker-channel.js';

function scripted() {
  const posted: NumberedRequest[] = [];
  const busy: boolean[] = [];
  const ends: boolean[] = [];
  const channel = new WorkerChannel({
    post: (message) => {
      posted.push(message);
    },
    setBusy: (isBusy) => {
      busy.push(isBusy);
    },
    end: async (isFree) => {
      ends.push(isFree);
    },
  });
  const answer = { values: {}, milliseconds: 1 };
  return { channel, posted, busy, answer, ends };
}

const request = { kind: 'release', program: 0 } as const;

test('answers settle the request of their number, in any order', async () => {
  const { channel, posted, answer } = scripted();
  const first = channel.ask(request);
  const second = channel.ask(request);
  const [one, two] = posted;
  channel.receive({ id: two?.id ?? -1, answer: { ...answer, milliseconds: 2 } });
  channel.receive({ id: one?.id ?? -1, error: 'wrong', kind: 'config' });
  channel.receive({ id: 99, answer });
  assert.equal((await second).milliseconds, 2);
  await assert.rejects(first, new ConfigError('wrong'));
});

test('a worker is busy from the first request to the last answer', async () => {
  const { channel, busy, answer } = scripted();
  const asked = [channel.ask(request), channel.ask(request)];
  channel.receive({ id: 0, answer });
  assert.deepEqual(busy, [true]);
  channel.receive({ id: 1, answer });
  await Promise.all(asked);
  assert.deepEqual(busy, [true, false]);
});

test('a worker that dies rejects everything pending and to come, with the first reason', async () => {
  const { channel, busy } = scripted();
  const asked = [channel.ask(request), channel.ask(request)].map((pending) => pending.catch((error) => error));
  const death = new DeviceError('it died');
  channel.fail(death);
  channel.fail(new DeviceError('it ended'));
  assert.deepEqual(await Promise.all(asked), [death, death]);
  await assert.rejects(channel.ask(request), death);
  assert.deepEqual(busy, [true, false]);
});

test('closing rejects what is pending, lets the worker free its device, then ends it, once', async () => {
  const { channel, posted, answer, ends } = scripted();
  const pending = assert.rejects(channel.ask(request), /has been disposed of/);
  const closed = [channel.close(), channel.close()];
  await pending;
  assert.deepEqual(ends, []);
  assert.equal(posted.at(-1)?.request.kind, 'close');
  channel.receive({ id: posted.at(-1)?.id ?? -1, answer });
  await Promise.all(closed);
  assert.deepEqual(ends, [true]);
});

test('closing does not wait for a worker that is dead or dies meanwhile', async () => {
  const dead = scripted();
  dead.channel.fail(new DeviceError('it died'));
  await dead.channel.close();
  assert.deepEqual(dead.ends, [false]);
  const dying = scripted();
  const closed = dying.channel.close();
  dying.channel.fail(new DeviceError('it died'));
  await closed;
  assert.deepEqual(dying.ends, [false]);
});

test('a message that cannot be posted rejects and leaves nothing pending', async () => {
  const busy: boolean[] = [];
  const channel = new WorkerChannel({
    post: () => {
      throw new TypeError('cannot be cloned');
    },
    setBusy: (isBusy) => {
      busy.push(isBusy);
    },
    end: async () => {},
  });
  await assert.rejects(channel.ask(request), /cannot be cloned/);
  assert.deepEqual(busy, []);
});
