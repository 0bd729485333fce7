// What the text of one cell says: a number, a missing value, or a text; and numbers back as text.

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?$/;
const infinitePattern = /^[+-]?inf(?:inity)?$/i;
/** Codes such as postcodes, 01067, lose their zeros as numbers. */
const codePattern = /^[+-]?0\d+$/;

/** The texts that stand for a missing value, whatever their case. */
export const defaultMissingTexts: readonly string[] = ['', 'NA', 'N/A', '?', 'nan', 'null'];

/** The number that a text is, infinite where it is too large for float64, or undefined where it is none. */
export function parseNumber(text: string): number | undefined {
  if (numberPattern.test(text)) return Number(text);
  if (infinitePattern.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return undefined;
}

/** Whether a text of digits is a code rather than a number: it starts with a zero that counts. */
export function isCode(text: string): boolean {
  return codePattern.test(text);
}

/** How many decimals a number's text has: 2 in 0.25 and in 2.5e-1, none in 1e3. */
export function decimalsOf(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const point = mantissa.indexOf('.');
  const written = point === -1 ? 0 : mantissa.length - point - 1;
  return Math.max(0, written - Number(exponent));
}

/** Whether a text stands for a missing value, given those that do in lower case. */
export function isMissing(text: string, missing: ReadonlySet<string>): boolean {
  return missing.has(text.toLowerCase());
}

// A float32 has between 7 and 8 digits; with 9 every one of them can be told apart.
const float32Digits = 9;

/**
 * A number as text with at most so many decimals; with as many digits as a float32 has where that is fewer, since more would be noise.
 *
 * @param isPadded whether zeros at the end are written too
 * @example formatNumber(5, 1, true) === '5.0'
 */
export function formatNumber(value: number, decimals: number, isPadded: boolean): string {
  const fixed = value.toFixed(Math.min(decimals, 100));
  const digits = fixed.replace(/^-?0*\.?0*/, '').replace('.', '').length;
  if (decimals > 0 && digits > float32Digits) return shortest(value);
  const text = isPadded || !fixed.includes('.') ? fixed : fixed.replace(/\.?0+$/, '');
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** The fewest digits that make the same float32. */
function shortest(value: number): string {
  const wanted = Math.fround(value);
  for (let digits = 1; digits < float32Digits; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === wanted) return String(Number(text));
  }
  return String(Number(value.toPrecision(float32Digits)));
}
