// The versions that results depend on, for a run's records.
import { createRequire } from 'node:module';
import { version } from '../core/version.js';
import type { DeviceName } from '../runtime/runtime.js';

/** Verisim's, Node's, and that of the runtime which computes on a device. */
export function versionsOf(device: DeviceName): Record<string, string> {
  const runtime = device === 'wasm' ? 'onnxruntime-web' : 'onnxruntime-node';
  const require = createRequire(import.meta.url);
  // Only the number is read: the package itself stays the business of src/runtime.
  const { version: runtimeVersion } = require(`${runtime}/package.json`);
  return { verisim: version, node: process.version, [runtime]: String(runtimeVersion) };
}
