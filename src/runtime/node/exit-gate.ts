// Lets a process end while its worker computes. ONNX Runtime's binding aborts the whole process when its thread is ended in the
// middle of a run, so at exit the main thread waits until the present run is over, and the worker begins no other.

const isBusy = 0;
const isClosed = 1;
/** A chunk of training takes a quarter of a second; whatever takes longer than this is ended the hard way. */
const patienceMilliseconds = 10_000;

/** The memory that both threads share. */
export function exitGate(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
}

/** In the main thread, at exit: waits, blocking, until the worker is idle for good. */
export function closeGate(gate: SharedArrayBuffer): void {
  const flags = new Int32Array(gate);
  Atomics.store(flags, isClosed, 1);
  Atomics.wait(flags, isBusy, 1, patienceMilliseconds);
}

/** In the worker: does some work, unless the process is about to end. */
export async function passGate(gate: SharedArrayBuffer, work: () => Promise<void>): Promise<void> {
  const flags = new Int32Array(gate);
  Atomics.store(flags, isBusy, 1);
  try {
    if (Atomics.load(flags, isClosed) === 0) await work();
  } finally {
    Atomics.store(flags, isBusy, 0);
    Atomics.notify(flags, isBusy);
  }
}
