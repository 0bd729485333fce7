// Whether what is fed fits what a program expects; checked before anything is sent to the device.
import { ConfigError, ShapeError } from '../core/errors.js';
import { unknownName } from '../core/nearest.js';
import type { LoweredProgram, LoweredStepProgram, ProgramInput } from '../tensor/program.js';
import { formatShape } from '../tensor/shape.js';
import type { Value, ValueData, ValueShapes, Values } from './runtime.js';

/** @throws UnknownNameError, ConfigError or ShapeError where the feeds, with what is held, are not those of the program */
export function checkFeeds({ name: program, inputs }: LoweredProgram, feeds: Values, held: ValueShapes = {}): void {
  for (const name of Object.keys(feeds)) inputNamed(inputs, name, 'input');
  for (const expected of inputs) {
    const value = feeds[expected.name];
    const description = held[expected.name];
    if (value !== undefined) checkValue(program, expected, value);
    else if (description === undefined) throw missing(program, expected);
    else if (!isOfShape(expected, description))
      throw new ShapeError(
        `${program}: "${expected.name}" has to be ${expected.dtype}${formatShape(expected.shape)}; held is ` +
          `${description.dtype}[${description.shape.join(', ')}].`,
      );
  }
}

/** @throws UnknownNameError or ShapeError where the values are not those of the program's variables */
export function checkVariables({ name: program, variables }: LoweredStepProgram, values: Values): void {
  for (const [name, value] of Object.entries(values))
    checkValue(program, inputNamed(variables, name, 'variable'), value);
}

/** @throws UnknownNameError for a name that is none of the program's variables */
export function checkVariableNames({ variables }: LoweredStepProgram, names: readonly string[]): void {
  for (const name of names) inputNamed(variables, name, 'variable');
}

/** The feeds of `count` steps as values; those that are held need not be given. @throws UnknownNameError, ConfigError or ShapeError where they are not those of the program */
export function stackedFeeds(
  { name: program, feeds }: LoweredStepProgram,
  count: number,
  data: Readonly<Record<string, ValueData>>,
  held: ReadonlySet<string> = new Set(),
): Values {
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigError(`${program}: ${count} steps were asked for; it has to be a whole number from 1.`);
  for (const name of Object.keys(data)) inputNamed(feeds, name, 'input');
  return Object.fromEntries(
    feeds.flatMap((expected) => {
      const given = data[expected.name];
      if (given === undefined && held.has(expected.name)) return [];
      if (given === undefined) throw missing(program, expected);
      const value = { dtype: expected.dtype, shape: [count, ...expected.shape.map(Number)], data: given };
      if (!ArrayBuffer.isView(given))
        throw new ShapeError(
          `${program}: the feed "${expected.name}" has to be a bare ${arrays[expected.dtype].name} with the numbers of all ` +
            `${count} steps, ${expected.dtype}${formatShape(value.shape)}; received ${kindOf(given)}.`,
        );
      checkValue(program, { ...expected, shape: value.shape }, value);
      return [[expected.name, value]];
    }),
  );
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a plain array' : `a value of type ${typeof value}`;
}

function missing(program: string, { name, dtype, shape }: ProgramInput): ConfigError {
  return new ConfigError(
    `The program ${program} needs the input "${name}", ${dtype}${formatShape(shape)}, which was not given.`,
  );
}

function inputNamed(inputs: readonly ProgramInput[], name: string, what: string): ProgramInput {
  const input = inputs.find((candidate) => candidate.name === name);
  if (input !== undefined) return input;
  throw unknownName(
    what,
    name,
    inputs.map((candidate) => candidate.name),
  );
}

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint8: Uint8Array,
} as const;

function isOfShape({ dtype, shape }: ProgramInput, value: Omit<Value, 'data'>): boolean {
  return (
    value.dtype === dtype &&
    value.shape.length === shape.length &&
    shape.every((dim, axis) => typeof dim !== 'number' || dim === value.shape[axis])
  );
}

function checkValue(program: string, expected: ProgramInput, { data, ...value }: Value): void {
  const { name, dtype, shape } = expected;
  const size = value.shape.reduce((product, dim) => product * dim, 1);
  if (isOfShape(expected, value) && data instanceof arrays[dtype] && data.length === size) return;
  const handedOver = data.length === 0 && size > 0 ? ' Its buffer may have been handed over to an earlier run.' : '';
  throw new ShapeError(
    `${program}: "${name}" has to be ${dtype}${formatShape(shape)} in a ${arrays[dtype].name}; received ` +
      `${value.dtype}[${value.shape.join(', ')}] with ${data.length} numbers in a ${data.constructor.name}.${handedOver}`,
  );
}
