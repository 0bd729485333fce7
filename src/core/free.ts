// Memory of arrays given back at once instead of by the garbage collector. V8 counts it as if it lay in its heap: some ten megabytes of arrays
// that nobody uses any more make it mark the whole heap anew, which takes 10 to 20 ms, again and again in a computation with large matrices.

/** A port that nobody listens at: what is handed over to it is gone, once the other end is closed, which takes a turn or two of the event loop. */
let nowhere: MessagePort | undefined;

/**
 * Frees the memory behind arrays. They are empty afterwards, and so is everything else that lies in the same memory: for arrays that nobody
 * else can have seen. Shared memory stays.
 *
 * @example
 * const product = multiply(a, b);
 * const trace = traceOf(product);
 * free(product);
 */
export function free(...arrays: readonly ArrayBufferView[]): void {
  const buffers = new Set(arrays.map(({ buffer }) => buffer));
  for (const buffer of buffers)
    if (buffer instanceof ArrayBuffer && buffer.byteLength > 0) {
      nowhere ??= deadPort();
      nowhere.postMessage(undefined, [buffer]);
    }
}

function deadPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
