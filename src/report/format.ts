// Numbers as reports write them.

/** A value with three or four digits that say something: 12.3, 0.0457, 1,234. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'none';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size === 0
      ? '0'
      : size >= 1000
        ? Math.round(size).toLocaleString('en')
        : size >= 100
          ? size.toFixed(1)
          : size >= 10
            ? size.toFixed(2)
            : size >= 0.01
              ? size.toFixed(size >= 1 ? 3 : 4)
              : size.toExponential(1);
  return value < 0 && Number(text.replaceAll(',', '')) !== 0 ? `−${text}` : text;
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
