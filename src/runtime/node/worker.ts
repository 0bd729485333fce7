// The worker thread that computes in Node.
import { parentPort, workerData } from 'node:worker_threads';
import type { DeviceName } from '../runtime.js';
import type { OnnxRuntime } from '../session-host.js';
import { workerServer } from '../worker-server.js';
import { passGate } from './exit-gate.js';

/** What the worker is started with. */
export interface WorkerStart {
  readonly gate: SharedArrayBuffer;
}

const port = parentPort;
if (port !== null) {
  const { gate }: WorkerStart = workerData;
  port.on(
    'message',
    workerServer({
      load,
      post: (message, transfer) => port.postMessage(message, transfer),
      around: (work) => passGate(gate, work),
    }),
  );
}

async function load(device: DeviceName, threads: number): Promise<OnnxRuntime> {
  if (device !== 'wasm') return import('onnxruntime-node');
  // The package's main entry is its build for Node, which finds its .wasm file and starts threads; `/wasm` is for browsers.
  const web = await import('onnxruntime-web');
  web.env.wasm.numThreads = threads;
  web.env.logLevel = 'fatal';
  return web;
}
