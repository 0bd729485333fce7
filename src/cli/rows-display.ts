// How many rows of a long pass are done, on one line of a terminal; elsewhere nothing, because the result follows.

/** A callback for passes over rows, on standard error; its line is cleared when all are done. */
export function rowsDisplay(
  what: string,
  stream: Pick<NodeJS.WriteStream, 'isTTY'> & { write(text: string): unknown } = process.stderr,
): (done: number, rows: number) => void {
  return (done, rows) => {
    if (!stream.isTTY) return;
    stream.write(done < rows ? `\r${what}: ${done} of ${rows} rows\u001b[K` : '\r\u001b[K');
  };
}
