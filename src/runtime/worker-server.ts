// The worker's end of a channel: opens the device, then answers one request after the other. Once a device is closed another may be opened.
import { ConfigError, DeviceError } from '../core/errors.js';
import type { NumberedAnswer, NumberedRequest } from './protocol.js';
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
      if (request.kind === 'open')
        host = new SessionHost(await load(request.device, request.threads), request.device, request.threads);
      if (host === undefined) throw new DeviceError('The device is not open.');
      const result = await host.answer(request);
      if (request.kind === 'close') host = undefined;
      post({ id, answer: result }, request.kind === 'run' ? wholeBuffers(result.values) : []);
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

/** The buffers of values that nothing else lies in, so that they can be handed over instead of copied. */
function wholeBuffers(values: Values): ArrayBuffer[] {
  const buffers = Object.values(values).flatMap(({ data: { buffer, byteLength } }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
  );
  return [...new Set(buffers)];
}
