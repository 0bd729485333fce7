// The web worker that computes in browsers.
import type { DeviceName } from '../runtime.js';
import type { OnnxRuntime } from '../session-host.js';
import { workerServer } from '../worker-server.js';

const serve = workerServer({
  load,
  post: (message, transfer) => globalThis.postMessage(message, { transfer: [...transfer] }),
});
globalThis.addEventListener('message', ({ data }) => serve(data));

async function load(device: DeviceName, threads: number): Promise<OnnxRuntime> {
  const web = device === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm');
  web.env.wasm.numThreads = threads;
  web.env.logLevel = 'fatal';
  return web;
}
