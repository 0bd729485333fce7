// The most memory that this process ever had resident.
import { readFileSync } from 'node:fs';

const bytesPerMegabyte = 1e6;

/**
 * Megabytes (10^6 bytes) at most resident since the process started. Linux keeps it as VmHWM; what resourceUsage() tells there may be
 * the memory of the process that started this one, so it serves other systems only.
 */
export function peakMegabytes(): number {
  return (peakOf(readStatus()) ?? process.resourceUsage().maxRSS * 1024) / bytesPerMegabyte;
}

/** The peak in bytes that Linux's /proc/self/status tells, where it does. */
export function peakOf(status: string): number | undefined {
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

function readStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}
