// Opens a device in Node: a worker thread with onnxruntime-node (cpu, webgpu) or onnxruntime-web (wasm).
import { unavailableError } from '../device-error.js';
import { checkedCount, checkedDevice } from '../options.js';
import type { DeviceName, Runtime, RuntimeOptions } from '../runtime.js';
import { WorkerRuntime } from '../worker-runtime.js';
import { physicalCores } from './cores.js';
import { channelToWorker } from './worker-thread.js';

export { physicalCores } from './cores.js';

/** The devices that Node has. */
export const devices = ['cpu', 'webgpu', 'wasm'] as const satisfies readonly DeviceName[];

/**
 * Opens a device; by default the CPU, with as many threads as there are physical cores.
 *
 * @throws UnknownNameError for a device that does not exist here, ConfigError for a number of threads that is none,
 * DeviceError for a device that is not available
 * @example const runtime = await openRuntime({ device: 'cpu' });
 */
export async function openRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const device = checkedDevice(options.device ?? 'cpu', devices);
  const threads = checkedCount('threads', options.threads ?? physicalCores());
  // On other processors the native library may have the operators without what they stand on.
  const hasBlocks = device === 'cpu' && process.arch === 'x64';
  return WorkerRuntime.open(channelToWorker(device), { device, threads, spins: options.spins, hasBlocks }, (error) =>
    unavailableError(device, { known: devices, error, remedy: device === 'webgpu' ? webgpuRemedy() : '' }),
  );
}

/** WebGPU stands on the graphics interface of the system. */
function webgpuRemedy(): string {
  const drivers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Metal', win32: 'Direct3D 12' };
  const driver = drivers[process.platform] ?? "a Vulkan driver, such as NVIDIA's or Mesa from version 24";
  return `It needs a graphics processor and ${driver}.`;
}
