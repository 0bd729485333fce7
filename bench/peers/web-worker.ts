// The browser's Worker on top of Node's threads: as much of it as a library needs that ships its worker as the source text
// behind a blob address. With it, a WebAssembly library written for browsers uses several threads in Node as well.
import { resolveObjectURL } from 'node:buffer';
import { Worker as Thread } from 'node:worker_threads';

const prelude = `
const { parentPort } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on('message', (data) => self.onmessage({ data }));
`;

/** The browser's Worker for blob addresses. */
class BlobWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: ((event: { readonly message: string }) => void) | null = null;
  readonly #thread: Promise<Thread>;
  #started: Thread | undefined;

  constructor(address: string | URL) {
    this.#thread = this.#start(String(address));
    this.#thread.catch((error: unknown) => this.onerror?.({ message: String(error) }));
  }

  postMessage(message: unknown): void {
    if (this.#started === undefined) void this.#thread.then((thread) => thread.postMessage(message));
    else this.#started.postMessage(message);
  }

  terminate(): void {
    void this.#thread.then((thread) => thread.terminate());
  }

  async #start(address: string): Promise<Thread> {
    const blob = resolveObjectURL(address);
    if (blob === undefined) throw new Error(`A worker's source was expected behind a blob address, not ${address}.`);
    const thread = new Thread(prelude + (await blob.text()), { eval: true });
    thread.on('message', (data: unknown) => this.onmessage?.({ data }));
    thread.on('error', (error) => this.onerror?.({ message: error.message }));
    this.#started = thread;
    return thread;
  }
}

/** Gives this process the browser's Worker and a `navigator` that reports `threads` processors. */
export function defineWebWorker(threads: number): void {
  Object.defineProperty(globalThis, 'Worker', { value: BlobWorker, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: threads }, configurable: true });
}
