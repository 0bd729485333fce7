// The worker thread that computes: a session host behind a message port.
import { parentPort, workerData } from 'node:worker_threads';
import type { DeviceName } from '../runtime.js';
import { type HostRequest, type OnnxRuntime, SessionHost } from '../session-host.js';

/** What the worker is started with. */
export interface WorkerStart {
  readonly device: DeviceName;
  readonly threads: number;
}

/** A request with its number, which the answer repeats. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: HostRequest;
}

const port = parentPort;
if (port !== null) {
  const { device, threads }: WorkerStart = workerData;
  const host = load(device, threads);
  // One request after the other: sessions must not run at the same time on every device, and the cores are shared anyway.
  let last: Promise<void> = Promise.resolve();
  port.on('message', ({ id, request }: NumberedRequest) => {
    last = last.then(async () => {
      try {
        port.postMessage({ id, answer: await (await host).answer(request) });
      } catch (error) {
        port.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
      }
    });
  });
}

async function load(device: DeviceName, threads: number): Promise<SessionHost> {
  if (device !== 'wasm') return new SessionHost(await import('onnxruntime-node'), device, threads);
  const web = await import('onnxruntime-web/wasm');
  web.env.wasm.numThreads = threads;
  const ort: OnnxRuntime = web;
  return new SessionHost(ort, device, threads);
}
