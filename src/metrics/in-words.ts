// Numbers as sentences tell them: as many digits as anybody reads.

/** A number with three significant digits: 0.0123, 4.57, 81.3, 1024, 3.2e-7. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'no number' : value > 0 ? 'infinity' : 'minus infinity';
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) return String(Number(value.toPrecision(2)));
  return size >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** A share as a percentage: 81 %, 99.2 %, 0.4 %. Only what is everything reads as 100 %. */
export function percent(share: number): string {
  const value = share * 100;
  const rounded = value > 10 && value < 98.95 ? Math.round(value) : Number(value.toFixed(1));
  if (rounded === 0 && value > 0) return 'less than 0.1 %';
  if (rounded === 100 && value < 100) return 'nearly 100 %';
  return `${rounded} %`;
}

/** A number of things: 1 row, 5 rows. */
export function counted(count: number, one: string, more: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** A detail that is one number. */
export function numberOf(
  details: Readonly<Record<string, number | readonly number[]>> | undefined,
  name: string,
): number {
  const value = details?.[name];
  return typeof value === 'number' ? value : Number.NaN;
}

/** A detail that is a list of numbers. */
export function numbersOf(
  details: Readonly<Record<string, number | readonly number[]>> | undefined,
  name: string,
): readonly number[] {
  const value = details?.[name];
  // What went through JSON has null where there was NaN.
  return typeof value === 'object' ? value.map((one) => (typeof one === 'number' ? one : Number.NaN)) : [];
}
