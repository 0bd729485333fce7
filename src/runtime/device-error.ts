// Errors of devices in one clear sentence: what failed, what the device said, what helps.
import { DeviceError } from '../core/errors.js';
import type { DeviceName } from './runtime.js';

/** The error for something that ONNX Runtime could not do; `what` names the program. */
export function deviceError(what: string, error: unknown): DeviceError {
  const message = oneLine(error);
  const isMemory = /alloc|out of memory|memory access out of bounds|shape is too large/i.test(message);
  const remedy = isMemory ? ' The memory does not suffice: use a smaller batch or a smaller model.' : '';
  return new DeviceError(`${what}: ${message}${remedy}`);
}

/** The error for a device that cannot be opened here, with those that can and what would make this one work. */
export function unavailableError(
  device: DeviceName,
  { known, error, remedy }: { readonly known: readonly DeviceName[]; readonly error: unknown; readonly remedy: string },
): DeviceError {
  const others = known.filter((name) => name !== device && name !== 'webgpu').join(', ');
  return new DeviceError(
    `The device ${device} was asked for, but it is not available here: ${oneLine(error)} ${remedy} ` +
      `Devices that need nothing else: ${others === '' ? 'none' : others}.`.trim(),
  );
}

/** ONNX Runtime's messages carry line breaks and the places in its source that they come from. */
function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/\S*\/onnxruntime\S*\.(?:cc|h):\d+ [^()]*\([^()]*\)(::<lambda\(\)>)?( const)?\s*(.* was false\. )?/, '')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[.\s]*$/, '.');
}
