// The versions that results depend on, for a run's records.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { version } from '../core/version.js';
import type { DeviceName } from '../runtime/runtime.js';

/** Verisim's, Node's, and that of the runtime which computes on a device. */
export function versionsOf(device: DeviceName): Record<string, string> {
  const runtime = device === 'wasm' ? 'onnxruntime-web' : 'onnxruntime-node';
  const require = createRequire(import.meta.url);
  // Only the number is read: the package itself stays the business of src/runtime.
  const runtimeVersion = packageVersion(require.resolve(runtime));
  return { verisim: version, node: process.version, [runtime]: String(runtimeVersion) };
}

/** The version of the package that holds a file; not all packages let their package.json be imported. */
function packageVersion(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (!existsSync(path)) continue;
    const { version } = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof version === 'string') return version;
  }
  return 'unknown';
}
