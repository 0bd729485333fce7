// Opens a device in a browser: a web worker with onnxruntime-web.
import { DeviceError } from '../../core/errors.js';
import { unavailableError } from '../device-error.js';
import { checkedCount, checkedDevice } from '../options.js';
import type { DeviceName, Runtime, RuntimeOptions } from '../runtime.js';
import { WorkerChannel } from '../worker-channel.js';
import { WorkerRuntime } from '../worker-runtime.js';

/** The devices that browsers have. */
export const devices = ['webgpu', 'wasm'] as const satisfies readonly DeviceName[];

/**
 * Opens a device; by default WebAssembly, which every browser has, with half as many threads as there are logical processors.
 *
 * @throws UnknownNameError for a device that does not exist here, ConfigError for a number of threads that is none,
 * DeviceError for a device that is not available
 * @example const runtime = await openRuntime({ device: 'webgpu' });
 */
export async function openRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const device = checkedDevice(options.device ?? 'wasm', devices);
  const threads = checkedCount('threads', options.threads ?? defaultThreads());
  if (device === 'wasm' && threads > 1 && !globalThis.crossOriginIsolated)
    throw new DeviceError(
      `${threads} threads were asked for, but this page may use only one. Serve it with the headers ` +
        'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or ask for threads: 1.',
    );
  return WorkerRuntime.open(startWorker(device), { device, threads }, (error) =>
    unavailableError(device, { known: devices, error, remedy: device === 'webgpu' ? webgpuRemedy : '' }),
  );
}

const webgpuRemedy =
  'It needs a browser with WebGPU and a graphics processor, on a page served by https or from localhost.';

/** Browsers do not tell physical cores; most processors run two threads on each. Threads need a cross-origin isolated page. */
function defaultThreads(): number {
  return globalThis.crossOriginIsolated ? Math.max(1, Math.floor(navigator.hardwareConcurrency / 2)) : 1;
}

function startWorker(device: DeviceName): WorkerChannel {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: `verisim ${device}` });
  const channel = new WorkerChannel({
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    setBusy: () => {},
    end: async () => worker.terminate(),
  });
  worker.addEventListener('message', ({ data }) => channel.receive(data));
  worker.addEventListener('error', ({ message }) =>
    channel.fail(new DeviceError(`The worker of the device ${device} failed: ${message}`)),
  );
  return channel;
}
