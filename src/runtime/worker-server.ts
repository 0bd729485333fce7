// The worker's end of a channel: opens the device, then answers one request after the other. Once a device is closed another may be opened.
import { ConfigError, DeviceError } from '../core/errors.js';
import { buffersOf } from './buffers-of.js';
import type { HostAnswer, HostRequest, NumberedAnswer, NumberedRequest } from './protocol.js';
import type { DeviceName, Values } from './runtime.js';
import { type OnnxRuntime, SessionHost } from './session-host.js';

/** Loads the ONNX Runtime package for a device. */
export type PackageLoader = (device: DeviceName, threads: number) => Promise<OnnxRuntime>;

/** What a platform's worker does for the server. */
export interface WorkerSide {
  readonly load: PackageLoader;
  /** Sends an answer and hands its buffers over. */
  readonly post: (message: NumberedAnswer, transfer: readonly ArrayBuffer[]) => void;
  /** Wraps the work on each request. */
  readonly around?: (work: () => Promise<void>) => Promise<void>;
}

/** What to do with each message that arrives. */
export function workerServer({
  load,
  post,
  around = (work) => work(),
}: WorkerSide): (message: NumberedRequest) => void {
  let host: SessionHost | undefined;
  let isClosing = false;
  const answer = async ({ id, request }: NumberedRequest): Promise<void> => {
    try {
      if (isClosing && request.kind !== 'close') throw new DeviceError('The device is being disposed of.');
      if (request.kind === 'open') host = new SessionHost(await load(request.device, request.threads), request);
      if (host === undefined) throw new DeviceError('The device is not open.');
      const result = await host.answer(request);
      if (request.kind === 'close') host = undefined;
      const full = request.kind === 'run' ? { ...result, lent: lentFeeds(request) } : result;
      post({ id, answer: full }, request.kind === 'run' ? goneWith(full) : []);
    } catch (error) {
      const kind = error instanceof ConfigError ? 'config' : 'device';
      post({ id, error: error instanceof Error ? error.message : String(error), kind }, []);
    }
  };
  // Sessions must not run at the same time on every device, and the cores are shared anyway.
  let last: Promise<void> = Promise.resolve();
  return (message) => {
    const { kind } = message.request;
    // What still waits when the device is disposed of is not worth doing any more.
    if (kind === 'close') isClosing = true;
    if (kind === 'open') isClosing = false;
    last = last.then(() => around(() => answer(message)));
  };
}

type RunRequest = Extract<HostRequest, { kind: 'run' }>;

/** Feeds that go back. */
function lentFeeds({ lent, feeds }: RunRequest): Values {
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => lent.includes(name)));
}

/** What is handed over instead of copied: the buffers of results that nothing else lies in, and those of feeds that go back. */
function goneWith({ values, lent = {} }: HostAnswer): ArrayBuffer[] {
  const whole = Object.values(values).filter(({ data }) => data.buffer.byteLength === data.byteLength);
  return buffersOf([...whole, ...Object.values(lent)].map(({ data }) => data));
}
