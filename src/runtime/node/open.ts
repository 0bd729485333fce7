// Opens a device in Node: a worker thread with onnxruntime-node (cpu, webgpu) or onnxruntime-web (wasm).
import { Worker } from 'node:worker_threads';
import { DeviceError } from '../../core/errors.js';
import { unavailableError } from '../device-error.js';
import { checkedCount, checkedDevice } from '../options.js';
import type { DeviceName, Runtime, RuntimeOptions } from '../runtime.js';
import { WorkerChannel } from '../worker-channel.js';
import { WorkerRuntime } from '../worker-runtime.js';
import { physicalCores } from './cores.js';
import { closeGate, exitGate } from './exit-gate.js';
import type { WorkerStart } from './worker.js';

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
  return WorkerRuntime.open(startWorker(device), { device, threads, hasBlocks }, (error) =>
    unavailableError(device, { known: devices, error, remedy: device === 'webgpu' ? webgpuRemedy() : '' }),
  );
}

/** WebGPU stands on the graphics interface of the system. */
function webgpuRemedy(): string {
  const drivers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Metal', win32: 'Direct3D 12' };
  const driver = drivers[process.platform] ?? "a Vulkan driver, such as NVIDIA's or Mesa from version 24";
  return `It needs a graphics processor and ${driver}.`;
}

/** Starts a worker. It keeps the process alive only while answers are awaited. */
export function startWorker(device: DeviceName): WorkerChannel {
  const gate = exitGate();
  const workerData: WorkerStart = { gate };
  // Without the process's own flags: some, such as --input-type, are not for workers.
  const options = { name: `verisim ${device}`, execArgv: [], workerData };
  const worker = new Worker(new URL('./worker.js', import.meta.url), options);
  const atExit = () => closeGate(gate);
  worker.unref();
  const channel = new WorkerChannel({
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    setBusy: (isBusy) => {
      if (isBusy) {
        worker.ref();
        process.on('exit', atExit);
      } else {
        worker.unref();
        process.off('exit', atExit);
      }
    },
    terminate: async () => {
      await worker.terminate();
    },
  });
  worker.on('message', (message) => channel.receive(message));
  worker.on('error', (error) =>
    channel.fail(new DeviceError(`The worker of the device ${device} failed: ${error.message}`)),
  );
  worker.on('exit', (code) =>
    channel.fail(new DeviceError(`The worker of the device ${device} ended with exit code ${code}.`)),
  );
  return channel;
}
