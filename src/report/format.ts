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
