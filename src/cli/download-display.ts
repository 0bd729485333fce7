// The progress of a download, on one line of standard error.
import type { DownloadProgress } from '../data/index.js';

/** A callback that shows how much of a data set has arrived. */
export function downloadDisplay(name: string): (progress: DownloadProgress) => void {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return ({ receivedBytes: received, totalBytes: total }) => {
    const whole = total === undefined ? '' : ` of ${megabytes(total)}`;
    const line = `Fetching ${name}: ${megabytes(received)}${whole} MB`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}${received === total ? '\n' : ''}`);
    else if (received === total) process.stderr.write(`${line}\n`);
  };
}
