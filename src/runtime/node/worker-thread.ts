// Worker threads with a device each. To start one, with ONNX Runtime in it, takes some 40 ms; so a thread whose runtime was closed in good order
// waits a while for another runtime.
import { Worker } from 'node:worker_threads';
import { DeviceError } from '../../core/errors.js';
import type { DeviceName } from '../runtime.js';
import { WorkerChannel } from '../worker-channel.js';
import { closeGate, exitGate } from './exit-gate.js';
import type { WorkerStart } from './worker.js';

/** How long a thread waits: a script that opens one device after the other finds it, and nobody pays for long for what is garbage there. */
const patienceMilliseconds = 5000;

/** Threads that wait, one for each device at most. */
const waiting = new Map<DeviceName, WorkerThread>();

/** A channel to a worker of its own. It keeps the process alive only while answers are awaited. */
export function channelToWorker(device: DeviceName): WorkerChannel {
  const waited = waiting.get(device);
  waiting.delete(device);
  return (waited ?? new WorkerThread(device)).serve();
}

class WorkerThread {
  readonly #device: DeviceName;
  readonly #gate = exitGate();
  readonly #worker: Worker;
  #channel: WorkerChannel | undefined;
  #patience: NodeJS.Timeout | undefined;

  constructor(device: DeviceName) {
    this.#device = device;
    const workerData: WorkerStart = { gate: this.#gate };
    // Without the process's own flags: some, such as --input-type, are not for workers.
    const options = { name: `verisim ${device}`, execArgv: [], workerData };
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), options);
    this.#worker.unref();
    this.#worker.on('message', (message) => this.#channel?.receive(message));
    this.#worker.on('error', ({ message }) => this.#fail(`failed: ${message}`));
    this.#worker.on('exit', (code) => this.#fail(`ended with exit code ${code}.`));
  }

  /** The channel of the one runtime that it works for from now on. */
  serve(): WorkerChannel {
    clearTimeout(this.#patience);
    const atExit = () => closeGate(this.#gate);
    this.#channel = new WorkerChannel({
      post: (message, transfer) => this.#worker.postMessage(message, [...transfer]),
      setBusy: (isBusy) => {
        if (isBusy) {
          this.#worker.ref();
          process.on('exit', atExit);
        } else {
          this.#worker.unref();
          process.off('exit', atExit);
        }
      },
      end: async (isFree) => {
        if (isFree && this.#mayWait()) this.#wait();
        else await this.#worker.terminate();
      },
    });
    return this.#channel;
  }

  /** WebAssembly keeps the number of threads that it began with, and a graphics processor is given back as a whole. */
  #mayWait(): boolean {
    return this.#device === 'cpu' && !waiting.has(this.#device);
  }

  #wait(): void {
    this.#channel = undefined;
    waiting.set(this.#device, this);
    this.#patience = setTimeout(() => {
      this.#leave();
      void this.#worker.terminate();
    }, patienceMilliseconds).unref();
  }

  #leave(): void {
    if (waiting.get(this.#device) === this) waiting.delete(this.#device);
  }

  #fail(what: string): void {
    this.#leave();
    this.#channel?.fail(new DeviceError(`The worker of the device ${this.#device} ${what}`));
  }
}
