// The worker thread that computes in Node.
import { parentPort } from 'node:worker_threads';
import type { DeviceName } from '../runtime.js';
import type { OnnxRuntime } from '../session-host.js';
import { workerServer } from '../worker-server.js';

const port = parentPort;
if (port !== null)
  port.on(
    'message',
    workerServer(load, (message, transfer) => port.postMessage(message, transfer)),
  );

async function load(device: DeviceName, threads: number): Promise<OnnxRuntime> {
  if (device !== 'wasm') return import('onnxruntime-node');
  const web = await import('onnxruntime-web');
  web.env.wasm.numThreads = threads;
  web.env.logLevel = 'fatal';
  return web;
}
