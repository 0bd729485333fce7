// What tells contents apart: a SHA-256 of texts and numbers, on any runtime.

/**
 * The SHA-256 of parts in their order, in hexadecimal. Where one part ends and the next begins counts.
 *
 * @example await digest(['weights', Float32Array.of(1, 2)])
 */
export async function digest(parts: readonly (string | ArrayBufferView)[]): Promise<string> {
  const contents = parts.map((part) =>
    typeof part === 'string'
      ? new TextEncoder().encode(part)
      : new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
  );
  const lengths = new TextEncoder().encode(contents.map(({ length }) => length).join());
  const whole = new Uint8Array([lengths, ...contents].reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const content of [lengths, ...contents]) {
    whole.set(content, at);
    at += content.length;
  }
  const hash = await globalThis.crypto.subtle.digest('SHA-256', whole);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
