// Numbers as reports write them.

/** A value with the digits that say something: 1,234, 12.35, 0.0457, 8.3 × 10⁻⁶. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'none';
  const size = Math.abs(value);
  const text = unsigned(size);
  return value < 0 && text !== '0' ? `−${text}` : text;
}

function unsigned(size: number): string {
  if (size === Number.POSITIVE_INFINITY) return '∞';
  if (Number.isInteger(size) && size < 1000) return String(size);
  if (size >= 1e6) return scientific(size);
  if (size >= 1000) return Math.round(size).toLocaleString('en');
  if (size >= 100) return size.toFixed(1);
  if (size >= 10) return size.toFixed(2);
  if (size >= 0.1) return size.toFixed(3);
  return size >= 1e-4 ? size.toPrecision(3) : scientific(size);
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function scientific(size: number): string {
  const [digits = '', exponent = ''] = size.toExponential(1).split('e');
  const raised = exponent
    .replace('+', '')
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => superscripts[Number(digit)] ?? '');
  return `${digits} × 10${raised}`;
}

/** A number of things: 1,234. */
export function formatCount(value: number): string {
  return value.toLocaleString('en');
}

/** Seconds as people say them: 0.4 s, 8 s, 2.1 min, 3.4 h. */
export function durationText(seconds: number): string {
  if (seconds < 0.95) return `${Math.max(0.1, seconds).toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  return seconds < 3570 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Bytes as people say them: 512 MB, 1.4 GB. */
export function bytesText(bytes: number): string {
  const megabytes = bytes / 2 ** 20;
  return megabytes < 1000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}

/** Things a second: 15,000 a second, 3.2 a second. */
export function rateText(perSecond: number): string {
  return `${Number(perSecond.toPrecision(2)).toLocaleString('en')} a second`;
}
