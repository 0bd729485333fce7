// How many threads are worth starting.
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** The number of physical cores this process may use: threads of one core share the units that multiply. */
export function physicalCores(): number {
  const logical = availableParallelism();
  try {
    const folder = '/sys/devices/system/cpu';
    const cores = new Set<string>();
    for (const name of readdirSync(folder))
      if (/^cpu\d+$/.test(name))
        cores.add(readFileSync(`${folder}/${name}/topology/thread_siblings_list`, 'utf8').trim());
    return Math.max(1, Math.min(logical, cores.size));
  } catch {
    return logical;
  }
}
