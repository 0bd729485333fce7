// The worker's end of a channel: opens the device, then answers one request after the other.
import { VerisimError } from '../core/errors.js';
import type { DeviceName } from './runtime.js';
import { type OnnxRuntime, SessionHost } from './session-host.js';
import type { NumberedAnswer, NumberedRequest } from './worker-channel.js';

/** Loads the ONNX Runtime package for a device. */
export type PackageLoader = (device: DeviceName, threads: number) => Promise<OnnxRuntime>;

/** What to do with each message that arrives; `post` sends an answer and hands its buffers over. */
export function workerServer(
  load: PackageLoader,
  post: (message: NumberedAnswer, transfer: readonly ArrayBuffer[]) => void,
): (message: NumberedRequest) => void {
  let host: SessionHost | undefined;
  const answer = async ({ id, request }: NumberedRequest): Promise<void> => {
    try {
      if (request.kind === 'open') {
        const { device, threads } = request;
        host = new SessionHost(await load(device, threads), device, threads);
      }
      if (host === undefined) throw new VerisimError('The device is not open.');
      const result = await host.answer(request);
      post({ id, answer: result }, []);
    } catch (error) {
      const fault = error instanceof VerisimError ? 'caller' : 'device';
      post({ id, error: error instanceof Error ? error.message : String(error), fault }, []);
    }
  };
  // Sessions must not run at the same time on every device, and the cores are shared anyway.
  let last: Promise<void> = Promise.resolve();
  return (message) => {
    last = last.then(() => answer(message));
  };
}
