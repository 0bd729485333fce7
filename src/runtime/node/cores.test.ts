import assert from 'node:assert/strict';
import { test } from 'node:test';
import { physicalCores } from './cores.js';

/** Four processors, two on each core, as Linux describes them. */
const system: Readonly<Record<string, string>> = {
  '/proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0-3\n',
  '/proc/self/cgroup': '0::/outer/inner\n',
  ...Object.fromEntries(
    [0, 1, 2, 3].map((cpu) => [
      `/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`,
      `${cpu % 2},${(cpu % 2) + 2}\n`,
    ]),
  ),
};
const coresWith = (files: Readonly<Record<string, string>>, logical = 4) =>
  physicalCores((path) => ({ ...system, ...files })[path], logical);

test('threads of one core count once', () => {
  assert.equal(coresWith({}), 2);
});

test('only processors that the process is bound to count', () => {
  assert.equal(coresWith({ '/proc/self/status': 'Cpus_allowed_list:\t1,3\n' }, 2), 1);
});

test('limits of control groups count, outer ones too', () => {
  assert.equal(coresWith({ '/sys/fs/cgroup/outer/inner/cpu.max': '100000 100000\n' }), 1);
  assert.equal(coresWith({ '/sys/fs/cgroup/outer/cpu.max': '150000 100000\n' }), 1);
  assert.equal(coresWith({ '/sys/fs/cgroup/cpu.max': '50000 100000\n' }), 1);
  assert.equal(coresWith({ '/sys/fs/cgroup/cpu.max': 'max 100000\n' }), 2);
  assert.equal(
    coresWith({ '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '100000', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' }),
    1,
  );
  assert.equal(
    coresWith({ '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' }),
    2,
  );
});

test('a system that does not tell gets its logical processors', () => {
  assert.equal(
    physicalCores(() => undefined, 6),
    6,
  );
});

test('this machine has at least one', () => {
  assert.ok(physicalCores() >= 1);
});
