// Opens a device in Node: a worker thread with onnxruntime-node (cpu, webgpu) or onnxruntime-web (wasm).
import { Worker } from 'node:worker_threads';
import { DeviceError } from '../../core/errors.js';
import { checkedDevice, checkedThreads } from '../options.js';
import type { DeviceName, Runtime, RuntimeOptions } from '../runtime.js';
import { WorkerChannel } from '../worker-channel.js';
import { WorkerRuntime } from '../worker-runtime.js';
import { physicalCores } from './cores.js';

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
  const threads = checkedThreads(options.threads ?? physicalCores());
  return WorkerRuntime.open(startWorker(device), device, threads);
}

function startWorker(device: DeviceName): WorkerChannel {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { name: `verisim ${device}` });
  worker.unref();
  const channel = new WorkerChannel({
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    setBusy: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
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
