// How many threads are worth starting.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/** Reads a small system file; undefined where there is none. */
export type SystemFileReader = (path: string) => string | undefined;

/**
 * The number of physical cores this process may use, at least 1: threads of one core share the units that multiply. Respects
 * the processors the process is bound to and, in containers, the limits of its control group. Where the system does not tell
 * cores (other systems than Linux), the logical processors.
 */
export function physicalCores(read: SystemFileReader = readSystemFile, logical = availableParallelism()): number {
  const allowed = numbersIn(/^Cpus_allowed_list:\s*(\S+)/m.exec(read('/proc/self/status') ?? '')?.[1] ?? '');
  const cores = new Set<string>();
  for (const processor of allowed) {
    const siblings = read(`/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`);
    if (siblings !== undefined) cores.add(siblings.trim());
  }
  const physical = cores.size > 0 ? cores.size : logical;
  return Math.max(1, Math.min(logical, physical, Math.floor(groupLimit(read))));
}

/** How many processors' worth of time the control groups of this process allow; infinite without a limit. */
function groupLimit(read: SystemFileReader): number {
  // Version 2: "quota period" or "max period" in the process's group and all that it lies in.
  let limit = Number.POSITIVE_INFINITY;
  const group = /^0::(\/.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  for (let folder = group; ; folder = dirname(folder)) {
    const [quota, period] = (read(join('/sys/fs/cgroup', folder, 'cpu.max')) ?? '').trim().split(' ').map(Number);
    if (quota !== undefined && period !== undefined && quota > 0) limit = Math.min(limit, quota / period);
    if (folder === '/') break;
  }
  // Version 1.
  const quota = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') ?? -1);
  const period = Number(read('/sys/fs/cgroup/cpu/cpu.cfs_period_us') ?? 0);
  return quota > 0 && period > 0 ? Math.min(limit, quota / period) : limit;
}

/** The numbers of a list such as "0-3,8". */
function numbersIn(list: string): number[] {
  return list
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

function readSystemFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
