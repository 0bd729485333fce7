// One column while a table is read, in one pass and 8 bytes per cell. Cells are numbers of texts in a dictionary, until there are more
// texts than a category list would have: then the column has to be numbers, which are kept as such.
import { DatasetError, FileFormatError } from '../../core/errors.js';
import { nearestName } from '../../core/nearest.js';
import { decimalsOf, isCode, parseNumber } from './cells.js';
import type { ColumnDeclaration } from './options.js';

/** More different texts than this are no categories, unless declared. */
const mostCategories = 4096;
const mostDeclaredCategories = 65536;
/** A column of texts that are nearly all different, and more than a few, is an identifier or prose. */
const fewTexts = 50;

/** What a column turned out to be. */
export type ColumnContent =
  | {
      readonly kind: 'categorical';
      readonly categories: readonly string[];
      /** The category of each row, -1 where it is missing. */
      readonly values: Float64Array;
      readonly counts: readonly number[];
    }
  | {
      readonly kind: 'numeric';
      readonly isInteger: boolean;
      /** The most decimals, and whether all have as many. */
      readonly decimals: number;
      readonly isPadded: boolean;
      /** The number of each row, NaN where it is missing. */
      readonly values: Float64Array;
    };

interface Place {
  readonly text: string;
  readonly line: number;
}

/** A column that is being read. */
export class ColumnBuilder {
  readonly name: string;
  readonly #path: string;
  readonly #declared: ColumnDeclaration | undefined;
  /** Codes into `#texts` with -1 for missing, or numbers with NaN for missing. */
  #cells = new Float64Array(1024);
  #length = 0;
  #hasNumbers = false;
  #mostDecimals = 0;
  #fewestDecimals = Number.POSITIVE_INFINITY;
  readonly #texts: Place[] = [];
  readonly #counts: number[] = [];
  readonly #codes = new Map<string, number>();
  /** How many cells were missing, where first, and how that one was written. */
  missing = 0;
  firstMissingLine = 0;
  missingText = '';

  constructor(path: string, name: string, declared: ColumnDeclaration | undefined) {
    this.name = name;
    this.#path = path;
    this.#declared = declared;
    if (declared === 'numeric') this.#hasNumbers = true;
  }

  /** Takes the next cell. */
  add(text: string, isMissing: boolean, line: number): void {
    if (this.#length === this.#cells.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#cells);
      this.#cells = larger;
    }
    this.#cells[this.#length++] = isMissing ? this.#missing(text, line) : this.#cell(text, line);
  }

  /** What the column is. @throws FileFormatError, DatasetError where it is neither numbers nor categories */
  finish(): ColumnContent {
    if (!this.#hasNumbers && this.#declared === undefined && this.#isNumeric()) this.#becomeNumbers();
    const values = this.#cells.subarray(0, this.#length);
    const decimals = this.#mostDecimals;
    if (this.#hasNumbers)
      return {
        kind: 'numeric',
        isInteger: decimals === 0,
        decimals,
        isPadded: this.#fewestDecimals >= decimals,
        values,
      };
    if (this.#declared === undefined) this.#refuseIdentifiers();
    const texts = this.#texts.map(({ text }) => text);
    const categories = Array.isArray(this.#declared) ? this.#declared : texts.toSorted(byValue);
    const codes = new Map(categories.map((text, code) => [text, code]));
    const counts = new Array<number>(categories.length).fill(0);
    const renamed = this.#texts.map(({ text, line }, old) => {
      const code = codes.get(text);
      if (code === undefined) throw this.#unseen(text, line, categories);
      counts[code] = this.#counts[old] ?? 0;
      return code;
    });
    return { kind: 'categorical', categories, values: values.map((old) => renamed[old] ?? -1), counts };
  }

  #missing(text: string, line: number): number {
    if (this.missing === 0) {
      this.firstMissingLine = line;
      this.missingText = text;
    }
    this.missing += 1;
    return this.#hasNumbers ? Number.NaN : -1;
  }

  #cell(text: string, line: number): number {
    if (this.#hasNumbers) return this.#number(text, line);
    const known = this.#codes.get(text);
    if (known !== undefined) {
      this.#counts[known] = (this.#counts[known] ?? 0) + 1;
      return known;
    }
    const code = this.#texts.length;
    if (code >= (this.#declared === undefined ? mostCategories : mostDeclaredCategories)) {
      if (this.#declared !== undefined) throw this.#tooMany();
      this.#becomeNumbers();
      return this.#number(text, line);
    }
    this.#texts.push({ text, line });
    this.#counts.push(1);
    this.#codes.set(text, code);
    return code;
  }

  #number(text: string, line: number): number {
    const value = parseNumber(text);
    if (value === undefined)
      throw new FileFormatError(
        this.#path,
        `line ${line}: column "${this.name}" holds "${text}" among numbers. Correct it; where it stands for a missing value, ` +
          `name it in missingTexts (--missing-text); where the column is not for the model, declare it 'ignore' (--column "${this.name}=ignore").`,
      );
    if (!Number.isFinite(value))
      throw new FileFormatError(
        this.#path,
        `line ${line}: column "${this.name}" holds "${text}", which is not a finite number. Correct it, or leave the row out.`,
      );
    const decimals = decimalsOf(text);
    this.#mostDecimals = Math.max(this.#mostDecimals, decimals);
    this.#fewestDecimals = Math.min(this.#fewestDecimals, decimals);
    return value;
  }

  #becomeNumbers(): void {
    const numbers = this.#texts.map(({ text, line }) => this.#number(text, line));
    for (let row = 0; row < this.#length; row++) this.#cells[row] = numbers[this.#cells[row] ?? -1] ?? Number.NaN;
    this.#hasNumbers = true;
  }

  /** Whether all texts are numbers. @throws FileFormatError where nearly all are: then the others are mistakes */
  #isNumeric(): boolean {
    let numbers = 0;
    let others = 0;
    let firstOther: Place | undefined;
    for (const [code, place] of this.#texts.entries()) {
      const count = this.#counts[code] ?? 0;
      if (isCode(place.text)) return false;
      if (parseNumber(place.text) !== undefined) numbers += count;
      else {
        others += count;
        firstOther ??= place;
      }
    }
    if (firstOther !== undefined && numbers >= 9 * others)
      throw new FileFormatError(
        this.#path,
        `line ${firstOther.line}: column "${this.name}" holds "${firstOther.text}" among ${numbers} numbers. Correct it; ` +
          `where it stands for a missing value, name it in missingTexts (--missing-text); where numbers are meant as categories, ` +
          `declare the column 'categorical' (--column "${this.name}=categorical").`,
      );
    return firstOther === undefined && numbers > 0;
  }

  #refuseIdentifiers(): void {
    const present = this.#length - this.missing;
    if (this.#texts.length <= fewTexts || this.#texts.length * 2 <= present) return;
    throw new DatasetError(
      `${this.#path}: column "${this.name}" has ${this.#texts.length} different texts in ${present} rows, which are no categories. ` +
        `Declare it 'ignore' to leave it out (--column "${this.name}=ignore"), or 'categorical' to keep it.`,
    );
  }

  #tooMany(): DatasetError {
    return new DatasetError(
      `${this.#path}: column "${this.name}" has more than ${mostDeclaredCategories} different texts. Declare it 'ignore' or 'numeric'.`,
    );
  }

  #unseen(text: string, line: number, categories: readonly string[]): FileFormatError {
    const nearest = nearestName(text, categories);
    return new FileFormatError(
      this.#path,
      `line ${line}: column "${this.name}" holds the category "${text}", which is not one of the ${categories.length} known` +
        `${nearest === undefined ? '' : ` (the nearest is "${nearest}")`}. Correct it, or leave the row out.`,
    );
  }
}

/** Numbers in their order, then texts by their characters: the same in every language. */
function byValue(a: string, b: string): number {
  const [x, y] = [parseNumber(a), parseNumber(b)];
  if (x !== undefined && y !== undefined && x !== y) return x - y;
  if ((x === undefined) !== (y === undefined)) return x === undefined ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}
