// Opens a device in Node: a worker thread with onnxruntime-node (cpu, webgpu) or onnxruntime-web (wasm).
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ConfigError, DeviceError } from '../../core/errors.js';
import { unknownName } from '../../core/nearest.js';
import type { DeviceName, Runtime, RuntimeOptions } from '../runtime.js';
import type { HostAnswer } from '../session-host.js';
import { type HostChannel, WorkerRuntime } from '../worker-runtime.js';
import type { NumberedRequest, WorkerStart } from './worker.js';

/** The devices that Node has. */
export const nodeDevices = ['cpu', 'webgpu', 'wasm'] as const satisfies readonly DeviceName[];

/**
 * Opens a device.
 *
 * @throws UnknownNameError for a device that does not exist, DeviceError for one that is not available here
 * @example const runtime = await openRuntime({ device: 'cpu' });
 */
export async function openRuntime({
  device = 'cpu',
  threads = physicalCores(),
}: RuntimeOptions = {}): Promise<Runtime> {
  if (!nodeDevices.includes(device)) throw unknownName('device', device, nodeDevices);
  if (!Number.isInteger(threads) || threads < 1)
    throw new ConfigError(`threads is ${threads}; it has to be a whole number from 1.`);
  return new WorkerRuntime(startWorker({ device, threads }), device, threads);
}

interface Pending {
  readonly resolve: (answer: HostAnswer) => void;
  readonly reject: (error: Error) => void;
}

function startWorker(start: WorkerStart): HostChannel {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: start,
    name: `verisim ${start.device}`,
  });
  const pending = new Map<number, Pending>();
  let nextId = 0;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of pending.values()) reject(failure);
    pending.clear();
  };
  worker.on('message', ({ id, answer, error }: { id: number; answer?: HostAnswer; error?: string }) => {
    const request = pending.get(id);
    pending.delete(id);
    // An idle worker does not keep the process alive.
    if (pending.size === 0) worker.unref();
    if (answer !== undefined) request?.resolve(answer);
    else request?.reject(new DeviceError(`The device ${start.device} failed: ${error}`));
  });
  worker.on('error', (error) => fail(new DeviceError(`The worker of device ${start.device} failed: ${error.message}`)));
  worker.on('exit', (code) =>
    fail(new DeviceError(`The device ${start.device} has been disposed of (exit code ${code}).`)),
  );
  worker.unref();
  return {
    ask: (request, transfer = []) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        const id = nextId++;
        pending.set(id, { resolve, reject });
        worker.ref();
        const message: NumberedRequest = { id, request };
        worker.postMessage(message, [...transfer]);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}

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
