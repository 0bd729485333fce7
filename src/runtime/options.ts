// What may be asked of a device, the same on every platform.
import { ConfigError } from '../core/errors.js';
import { unknownName } from '../core/nearest.js';
import type { DeviceName } from './runtime.js';

/** The device, if this platform has it. @throws UnknownNameError */
export function checkedDevice(device: DeviceName, known: readonly DeviceName[]): DeviceName {
  if (!known.includes(device)) throw unknownName('device', device, known);
  return device;
}

/** A number of things, if it is one. @throws ConfigError */
export function checkedCount(name: string, count: number): number {
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigError(`${name} is ${count}; it has to be a whole number from 1.`);
  return count;
}
