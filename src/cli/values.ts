// Reading option values, with one clear message for those that do not fit.
import { InvalidArgumentError } from 'commander';

/** A whole number of at least `least`. */
export function wholeNumber(least = 1): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`Expected a whole number from ${least}, received "${text}".`);
    return value;
  };
}

/** A number above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError(`Expected a number above 0, received "${text}".`);
  return value;
}

/** Any number. */
export function anyNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError(`Expected a number, received "${text}".`);
  return value;
}

/** A share from 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError(`Expected a share from 0 to 1, such as 0.05, received "${text}".`);
  return value;
}

/** Shares from 0 to 1 that add up to 1: `0.9,0.1`. */
export function shares(text: string): readonly number[] {
  const values = text.split(',').map(share);
  const total = values.reduce((sum, value) => sum + value, 0);
  if (Math.abs(total - 1) > 1e-6)
    throw new InvalidArgumentError(`Expected shares that add up to 1, such as 0.9,0.1; "${text}" adds up to ${total}.`);
  return values;
}

/** The height and width of images: `64` for a square, or `48x64`. */
export function imageSide(text: string): readonly [height: number, width: number] {
  const [, height = '', width = height] = /^(\d+)(?:x(\d+))?$/.exec(text) ?? [];
  if (!(Number(height) >= 1 && Number(width) >= 1))
    throw new InvalidArgumentError(`Expected a number of pixels, 64, or height and width, 48x64; received "${text}".`);
  return [Number(height), Number(width)];
}

const columnKinds = ['numeric', 'categorical', 'ignore'] as const;

/** Collects what columns are declared to be, `name=kind`. */
export function columnDeclaration(
  text: string,
  before: Readonly<Record<string, (typeof columnKinds)[number]>> = {},
): Readonly<Record<string, (typeof columnKinds)[number]>> {
  const separator = text.lastIndexOf('=');
  const kind = columnKinds.find((known) => known === text.slice(separator + 1));
  if (separator < 1 || kind === undefined)
    throw new InvalidArgumentError(
      `Expected name=kind with a kind out of ${columnKinds.join(', ')}; received "${text}".`,
    );
  return { ...before, [text.slice(0, separator)]: kind };
}

/** The class in `label=7`. */
export function givenLabel(text: string): string {
  const [, label] = /^label=(.+)$/.exec(text) ?? [];
  if (label === undefined) throw new InvalidArgumentError(`Expected label=class, such as label=7; received "${text}".`);
  return label;
}

/** Collects the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** A threshold in [0, 1), or `draw`. */
export function threshold(text: string): number | 'draw' {
  if (text === 'draw') return text;
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError(`Expected a number from 0 to below 1, or draw, received "${text}".`);
}

/** A split, or a share of the rows. */
export function validationRows(text: string): 'valid' | 'test' | number {
  if (text === 'valid' || text === 'test') return text;
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError(`Expected valid, test, or a share between 0 and 1, received "${text}".`);
}
