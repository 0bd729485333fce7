// Requests to a worker and its answers, matched by number. The same on every platform: a platform hands over a port and reports
// what arrives on it.
import { ConfigError, DeviceError } from '../core/errors.js';
import type { HostAnswer, HostRequest } from './session-host.js';
import type { HostChannel } from './worker-runtime.js';

/** A request with its number, which the answer repeats. */
export interface NumberedRequest {
  readonly id: number;
  readonly request: HostRequest;
}

/** The answer to the request of the same number, or why there is none. */
export type NumberedAnswer =
  | { readonly id: number; readonly answer: HostAnswer }
  | { readonly id: number; readonly error: string; readonly fault: 'caller' | 'device' };

/** What a platform's workers have in common. */
export interface WorkerPort {
  post(message: NumberedRequest, transfer: readonly ArrayBuffer[]): void;
  /** Told whenever answers begin or cease to be awaited: an idle worker must not keep its process alive. */
  setBusy(isBusy: boolean): void;
  terminate(): Promise<void>;
}

interface Pending {
  readonly resolve: (answer: HostAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A channel to a worker. */
export class WorkerChannel implements HostChannel {
  readonly #port: WorkerPort;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #failure: Error | undefined;

  constructor(port: WorkerPort) {
    this.#port = port;
  }

  ask(request: HostRequest, transfer: readonly ArrayBuffer[] = []): Promise<HostAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      const id = this.#nextId++;
      this.#port.post({ id, request }, transfer);
      if (this.#pending.size === 0) this.#port.setBusy(true);
      this.#pending.set(id, { resolve, reject });
    });
  }

  /** Settles the request that an answer belongs to. */
  receive(message: NumberedAnswer): void {
    const request = this.#pending.get(message.id);
    if (request === undefined) return;
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#port.setBusy(false);
    if ('answer' in message) request.resolve(message.answer);
    else request.reject(new (message.fault === 'caller' ? ConfigError : DeviceError)(message.error));
  }

  /** Rejects everything pending and to come. The first failure is the one that is reported. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    if (this.#pending.size > 0) this.#port.setBusy(false);
    this.#pending.clear();
  }

  async close(): Promise<void> {
    this.fail(new DeviceError('The device has been disposed of; open it again with openRuntime.'));
    await this.#port.terminate();
  }
}
