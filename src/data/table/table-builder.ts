// Records of texts, read one after the other, as a data set: columns are told apart, the label taken out, missing values dealt with,
// categories and numbers encoded.
import { ConfigError, DatasetError, FileFormatError } from '../../core/errors.js';
import { unknownName } from '../../core/nearest.js';
import { arrayDataset } from '../array-dataset.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { defaultMissingTexts, isMissing } from './cells.js';
import { ColumnBuilder, type ColumnContent } from './column-builder.js';
import { detectHeader } from './detect.js';
import { encodeColumns, type ReadColumn } from './encode.js';
import type { ColumnDeclaration, TableOptions } from './options.js';

/** The default of a memory budget, in bytes. */
const defaultMemoryBudget = 2 ** 30;
/** Rows that are looked at to find out whether the first names the columns. */
const rowsLookedAt = 100;

interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

/** What a table builder is told besides the options. */
export interface TableFile {
  /** Names the file in errors. */
  readonly path: string;
  readonly delimiter: string;
  /** The most bytes that the columns may take. Default: 1 GiB. */
  readonly memoryBudget?: number;
}

/** A table that is being read. */
export class TableBuilder {
  readonly #file: TableFile;
  readonly #options: TableOptions;
  /** The texts that stand for a missing value, where they were given; all of them, in lower case. */
  readonly #missingTexts: readonly string[] | undefined;
  readonly #missing: ReadonlySet<string>;
  /** The first lines, until it is clear whether there is a header. */
  #start: Line[] = [];
  #columns: (ColumnBuilder | undefined)[] | undefined;
  #label: number | undefined;
  #hasHeader = false;
  #rows = 0;

  /** @throws ConfigError for options that contradict each other */
  constructor(file: TableFile, options: TableOptions = {}) {
    this.#file = file;
    this.#options = options;
    this.#missingTexts = options.missingTexts ?? options.schema?.missingTexts;
    this.#missing = new Set((this.#missingTexts ?? defaultMissingTexts).map((text) => text.toLowerCase()));
    if (options.schema !== undefined && (options.standardise !== undefined || options.categorical !== undefined))
      throw new ConfigError(
        `${file.path}: schema says how categories and numbers are encoded, so standardise and categorical cannot be given with it.`,
      );
  }

  /** Takes the next record. @throws FileFormatError where it has another number of cells than those before it */
  add(cells: readonly string[], line: number): void {
    if (this.#columns !== undefined) {
      this.#addRow(this.#columns, cells, line);
      return;
    }
    this.#start.push({ cells, line });
    if (this.#options.header !== undefined || this.#start.length > rowsLookedAt) this.#begin();
  }

  /**
   * The data set of all records.
   *
   * @throws FileFormatError, DatasetError for an empty table, columns that are neither numbers nor categories, or missing values
   * @throws ConfigError, UnknownNameError for columns that are not there
   */
  finish(name: string, source: DatasetSource): Dataset {
    const { path, delimiter } = this.#file;
    const columns = this.#columns ?? this.#begin();
    if (this.#rows === 0)
      throw new FileFormatError(path, 'has a header and no rows. Where its first row is data, say header: false.');
    const read = columns.flatMap((builder, place): (ReadColumn & { readonly isLabel: boolean })[] =>
      builder === undefined
        ? []
        : [{ builder, content: contentOf(builder, place === this.#label), isLabel: place === this.#label }],
    );
    const label = read.findIndex(({ isLabel }) => isLabel);
    const encoded = encodeColumns(
      path,
      { features: read.filter(({ isLabel }) => !isLabel), ...(label === -1 ? {} : { label: read[label]! }) },
      this.#rows,
      this.#options,
    );
    const { classes, labels, data, features } = encoded;
    const position = this.#options.schema?.label?.position ?? label;
    const labelName = read[label]?.builder.name;
    return arrayDataset({
      name,
      exampleShape: [features.width],
      data,
      ...(labels === undefined ? {} : { labels }),
      ...(classes === undefined ? {} : { classes }),
      table: {
        columns: features.columns,
        ...(labelName === undefined || classes === undefined ? {} : { label: { name: labelName, position, classes } }),
        categorical: features.categorical,
        header: this.#hasHeader,
        delimiter,
        ...(this.#missingTexts === undefined ? {} : { missingTexts: this.#missingTexts }),
        ...(features.standardisation === undefined ? {} : { standardisation: features.standardisation }),
      },
      source,
    });
  }

  /** Decides about the header and takes the rows that waited for it. */
  #begin(): (ColumnBuilder | undefined)[] {
    const { path } = this.#file;
    const [first] = this.#start;
    if (first === undefined) throw new FileFormatError(path, 'is empty; a table has at least one row.');
    const { header, names: given } = this.#options;
    const hasHeader =
      header ??
      detectHeader(
        this.#start.map(({ cells }) => cells),
        this.#missing,
      );
    this.#hasHeader = hasHeader || given !== undefined;
    const names = given ?? columnNames(first.cells, hasHeader);
    if (names.length !== first.cells.length)
      throw new FileFormatError(path, `has ${first.cells.length} columns, but ${names.length} names were given.`);
    this.#checkNames(names, first.line);
    const { declarations, label } = this.#declare(names);
    this.#label = label;
    const columns = names.map((name, place) => {
      const declared = declarations[place];
      return declared === 'ignore' ? undefined : new ColumnBuilder(path, name, declared);
    });
    this.#columns = columns;
    for (const { cells, line } of this.#start.slice(hasHeader ? 1 : 0)) this.#addRow(columns, cells, line);
    this.#start = [];
    return columns;
  }

  #addRow(columns: readonly (ColumnBuilder | undefined)[], cells: readonly string[], line: number): void {
    const { path, memoryBudget = defaultMemoryBudget } = this.#file;
    if (cells.length !== columns.length)
      throw new FileFormatError(
        path,
        `line ${line} has ${cells.length} cells where the lines before it have ${columns.length}. Correct it; ` +
          'a cell with a delimiter in it has to be in "quotes".',
      );
    this.#rows += 1;
    if (this.#rows * columns.length * Float64Array.BYTES_PER_ELEMENT > memoryBudget)
      throw new DatasetError(
        `${path} takes more than ${memoryBudget} bytes in memory. Raise memoryBudget, leave columns out ('ignore'), ` +
          'or convert it to .npy, which is read from disk row by row.',
      );
    for (const [place, column] of columns.entries()) {
      const text = cells[place] ?? '';
      column?.add(text, isMissing(text, this.#missing), line);
    }
  }

  #checkNames(names: readonly string[], line: number): void {
    const twice = names.find((name, place) => names.indexOf(name) !== place);
    if (twice !== undefined)
      throw new FileFormatError(
        this.#file.path,
        `line ${line}: two columns are called "${twice}". Rename one; where this line is data, say header: false.`,
      );
  }

  /** What each column of the file is, and which one is the label. */
  #declare(names: readonly string[]): {
    readonly declarations: readonly (ColumnDeclaration | undefined)[];
    readonly label: number | undefined;
  } {
    const { columns = {}, label: wanted, schema } = this.#options;
    for (const name of Object.keys(columns)) if (!names.includes(name)) throw unknownName('column', name, names);
    const label =
      wanted === undefined ? indexOrUndefined(names.indexOf(schema?.label?.name ?? '')) : place(wanted, names);
    for (const column of schema?.columns ?? [])
      if (!names.includes(column.name)) throw unknownName('column', column.name, names);
    const declarations = names.map((name, index): ColumnDeclaration | undefined => {
      if (index === label) return schema?.label?.classes ?? declaredLabel(columns, name);
      if (schema === undefined) return Object.hasOwn(columns, name) ? columns[name] : undefined;
      const column = schema.columns.find((known) => known.name === name);
      return column === undefined ? 'ignore' : (column.categories ?? 'numeric');
    });
    return { declarations, label };
  }
}

/** Labels are categories, whatever they look like. */
function declaredLabel(columns: TableOptions['columns'], name: string): ColumnDeclaration {
  const declared = columns !== undefined && Object.hasOwn(columns, name) ? columns[name] : undefined;
  return declared !== undefined && typeof declared !== 'string' ? declared : 'categorical';
}

function contentOf(builder: ColumnBuilder, isLabel: boolean): ColumnContent {
  const content = builder.finish();
  if (isLabel && content.kind === 'categorical' && content.categories.length === 0)
    throw new DatasetError(`The label column "${builder.name}" has no values.`);
  return content;
}

function columnNames(cells: readonly string[], hasHeader: boolean): string[] {
  return cells.map((text, place) => (hasHeader && text.trim() !== '' ? text.trim() : `x${place + 1}`));
}

function indexOrUndefined(index: number): number | undefined {
  return index === -1 ? undefined : index;
}

/** The place of a column given by name, or by place from either end. */
function place(wanted: string | number, names: readonly string[]): number {
  const byName = names.indexOf(String(wanted));
  if (typeof wanted === 'string' && byName !== -1) return byName;
  const number = Number(wanted);
  if (String(wanted).trim() === '' || !Number.isInteger(number)) throw unknownName('column', String(wanted), names);
  const found = number < 0 ? names.length + number : number;
  if (found < 0 || found >= names.length)
    throw new ConfigError(
      `The label column ${wanted} was asked for; the ${names.length} columns are numbered from 0, or from the end as -1.`,
    );
  return found;
}
