// Requests to a worker and its answers, matched by number. The same on every platform: a platform hands over a port and reports
// what arrives on it.
import { ConfigError, DeviceError } from '../core/errors.js';
import type { HostAnswer, HostRequest, NumberedAnswer, NumberedRequest } from './protocol.js';

/** What a platform's workers have in common. */
export interface WorkerPort {
  post(message: NumberedRequest, transfer: readonly ArrayBuffer[]): void;
  /** Told whenever answers begin or cease to be awaited: an idle worker must not keep its process alive. */
  setBusy(isBusy: boolean): void;
  /** Told last of all: ends the worker, or, where it `isFree` of everything that was asked of it, lets it serve another channel. */
  end(isFree: boolean): Promise<void>;
}

interface Pending {
  readonly resolve: (answer: HostAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A channel to a worker. */
export class WorkerChannel {
  readonly #port: WorkerPort;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #failure: Error | undefined;
  #closed: Promise<void> | undefined;

  constructor(port: WorkerPort) {
    this.#port = port;
  }

  /** Why nothing can be asked any more, if so. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Sends a request; `transfer` lists buffers that are handed over. */
  ask(request: HostRequest, transfer: readonly ArrayBuffer[] = []): Promise<HostAnswer> {
    return this.#failure === undefined ? this.#send(request, transfer) : Promise.reject(this.#failure);
  }

  /** Settles the request that an answer belongs to. */
  receive(message: NumberedAnswer): void {
    const request = this.#pending.get(message.id);
    if (request === undefined) return;
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#port.setBusy(false);
    if ('answer' in message) request.resolve(message.answer);
    else request.reject(new (message.kind === 'config' ? ConfigError : DeviceError)(message.error));
  }

  /** Rejects everything pending and to come. The first failure is the one that is reported. */
  fail(error: Error): void {
    this.#failure ??= error;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    if (pending.length > 0) this.#port.setBusy(false);
    for (const { reject } of pending) reject(this.#failure);
  }

  /** Rejects what is pending, lets the host free its device once the present run is over, and lets go of the worker. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    let isFree = false;
    if (this.#failure === undefined) {
      this.fail(new DeviceError('The runtime has been disposed of; open a new one with openRuntime.'));
      // Memory on a graphics processor has to be given back in order, which ending the worker would not do.
      isFree = await this.#send({ kind: 'close' }).then(
        () => true,
        () => false,
      );
    }
    await this.#port.end(isFree);
  }

  #send(request: HostRequest, transfer: readonly ArrayBuffer[] = []): Promise<HostAnswer> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#port.post({ id, request }, transfer);
      if (this.#pending.size === 0) this.#port.setBusy(true);
      this.#pending.set(id, { resolve, reject });
    });
  }
}
