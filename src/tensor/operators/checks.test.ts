// What every operator has to satisfy, checked for whole tables of examples at once so that few programs have to be compiled:
//   values      ONNX Runtime in float32 and in float64 equals evaluate(), which equals a reference number where one is given;
//   gradients   the expressions that differentiation makes equal central differences, and so do those of second order;
//   programs    gradients of both orders compile and give the same numbers as evaluate(), simplified or not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ConfigError } from '../../core/errors.js';
import { openRuntime } from '../../runtime/node/open.js';
import type { Runtime, Value } from '../../runtime/runtime.js';
import {
  add,
  constant,
  type DType,
  evaluate,
  gradients,
  input,
  inputName,
  type LoweringOptions,
  lowerProgram,
  multiply,
  type NdArray,
  type Shape,
  simplify,
  square,
  sum,
  type Tensor,
} from '../index.js';

/** Nested lists of numbers, as NumPy prints arrays. */
export type Nested = number | readonly Nested[];

/** An example input; `dtype` is left out for floats, which are tried as float32 and float64. */
export interface Example extends NdArray {
  readonly dtype?: DType;
}

/** One line of an operator table. */
export interface OperatorCase {
  readonly name: string;
  readonly inputs: readonly Example[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** Reference values, rounded to about six digits. */
  readonly expected?: Nested;
  /** The result's shape, for operators that change it. */
  readonly shape?: Shape;
  /** Whether the gradient is compared with differences; false at kinks and for operators without. Default true. */
  readonly smooth?: boolean;
  /** The gradient of the sum of the results, where it is a matter of choice, as at kinks. */
  readonly expectedGradient?: Nested;
  /** False for operators that runtimes have in float32 only: compiling has to be refused. Default true. */
  readonly float64?: boolean;
}

/** An array from nested lists, rounded to float32 so that every precision sees the same numbers. */
export function array(values: Nested, dtype?: DType): Example {
  const shape: number[] = [];
  for (let inner: Nested = values; typeof inner !== 'number'; inner = inner[0] ?? 0) shape.push(inner.length);
  return { shape, data: Float64Array.from(flat(values), Math.fround), ...(dtype === undefined ? {} : { dtype }) };
}

/** An array of the shape, with numbers that look random between -`scale` and `scale` and keep clear of 0. */
export function varied(shape: readonly number[], scale = 1): Example {
  const size = shape.reduce((a, b) => a * b, 1);
  const value = (i: number) => {
    const part = ((i * 0.618033988749895 + 0.137) % 1) * 2 - 1;
    return Math.fround(scale * (Math.abs(part) < 0.02 ? part + 0.05 : part));
  };
  return { shape, data: Float64Array.from({ length: size }, (_, i) => value(i)) };
}

function flat(values: Nested): number[] {
  return typeof values === 'number' ? [values] : values.flatMap(flat);
}

interface Built {
  readonly operatorCase: OperatorCase;
  readonly inputs: readonly Tensor[];
  readonly feeds: Readonly<Record<string, NdArray>>;
  readonly result: Tensor;
  /** A weighted sum of the results. */
  readonly loss: Tensor | undefined;
  readonly first: readonly Tensor[];
  /** The sum of the squared gradients. */
  readonly steepness: Tensor | undefined;
  readonly second: readonly Tensor[];
}

function build(operatorCase: OperatorCase, number: number, float: 'float32' | 'float64'): Built {
  const names = operatorCase.inputs.map((_, index) => `case${number}/x${index}`);
  const inputs = operatorCase.inputs.map(({ shape, dtype = float }, i) => input(names[i] ?? '', shape, dtype));
  const feeds = Object.fromEntries(operatorCase.inputs.map((example, i) => [names[i] ?? '', example]));
  const result = operatorCase.build(...inputs);
  const base = { operatorCase, inputs, feeds, result };
  const floats = inputs.filter((tensor) => tensor.dtype === float);
  if (
    result.dtype !== float ||
    floats.length === 0 ||
    (operatorCase.smooth === false && !operatorCase.expectedGradient)
  )
    return { ...base, loss: undefined, first: [], steepness: undefined, second: [] };
  const shape = result.shape.map(Number);
  const size = shape.reduce((a, b) => a * b, 1);
  const weight = (i: number) => (operatorCase.expectedGradient === undefined ? 0.5 + ((i * 0.754877) % 1) : 1);
  const weights = Float32Array.from({ length: size }, (_, i) => weight(i));
  const loss = sum(multiply(result, constant(weights, shape, float)));
  const first = gradients(loss, floats);
  const steepness = first.map((gradient) => sum(square(gradient))).reduce((a, b) => add(a, b));
  const second = gradients(steepness, floats);
  return { ...base, loss, first, steepness, second };
}

/** Registers the tests of a table of operators. */
export function testOperators(title: string, cases: readonly OperatorCase[]): void {
  let runtime: Runtime;
  before(async () => {
    runtime = await openRuntime({ threads: 1 });
  });
  after(() => runtime.dispose());

  test(`${title}: values equal the references`, () => {
    const problems = cases.flatMap((operatorCase, number) => {
      const { result, feeds } = build(operatorCase, number, 'float64');
      const [value] = evaluate([result], feeds);
      const shapeProblem =
        operatorCase.shape !== undefined && String(result.shape) !== String(operatorCase.shape)
          ? [`${operatorCase.name}: shape [${result.shape}], expected [${operatorCase.shape}]`]
          : [];
      const { expected } = operatorCase;
      return [
        ...shapeProblem,
        ...(expected === undefined ? [] : difference(`${operatorCase.name}`, value?.data, flat(expected), 2e-6)),
      ];
    });
    assert.deepEqual(problems, []);
  });

  test(`${title}: gradients equal central differences, of first and second order`, () => {
    const problems = cases.flatMap((operatorCase, number) => {
      const built = build(operatorCase, number, 'float64');
      const floats = built.inputs.filter((tensor) => tensor.dtype === 'float64');
      if (operatorCase.smooth === false) return expectedGradientProblems(built);
      return [
        ...gradientProblems(`${operatorCase.name}, first order`, built.loss, built.first, floats, built.feeds),
        ...gradientProblems(`${operatorCase.name}, second order`, built.steepness, built.second, floats, built.feeds),
      ];
    });
    assert.deepEqual(problems, []);
  });

  // float32: rounding errors of a few operations on numbers of the order of the largest, 2^-24 each, and the runtime's
  // approximations of sigmoid, tanh, erf and exp, which are good to 4e-7.
  for (const [float, tolerance] of [
    ['float32', 4e-6],
    ['float64', 1e-11],
  ] as const)
    test(`${title}: compiled programs agree in ${float}, with gradients of both orders`, async () => {
      const compiled = cases.flatMap((operatorCase, number) => {
        const built = build(operatorCase, number, float);
        if (float === 'float32' || operatorCase.float64 !== false) return [built];
        assert.throws(
          () => lowerProgram({ name: operatorCase.name, results: { y: built.result } }),
          (error) => error instanceof ConfigError && /float64/.test(error.message),
          `${operatorCase.name} should have been refused`,
        );
        return [];
      });
      const results = compiled.flatMap((built) => resultsOf(built));
      const feeds = Object.assign({}, ...compiled.map((built) => built.feeds));
      const values = await runProgram(runtime, Object.fromEntries(results), feeds);
      const problems = compiled.flatMap((built) => {
        const named = resultsOf(built);
        const tensors = named.map(([, tensor]) => tensor);
        const references = evaluate(tensors, built.feeds);
        const simplified = evaluate(simplify(tensors), built.feeds);
        return named.flatMap(([name], index) => [
          ...difference(name, values[name]?.data, references[index]?.data, tolerance),
          ...difference(`${name}, simplified`, simplified[index]?.data, references[index]?.data, tolerance),
        ]);
      });
      assert.deepEqual(problems, []);
    });
}

function resultsOf({ operatorCase, result, first, second }: Built): [string, Tensor][] {
  return [
    [`${operatorCase.name}: value`, result],
    ...first.map((tensor, i): [string, Tensor] => [`${operatorCase.name}: gradient ${i}`, tensor]),
    ...second.map((tensor, i): [string, Tensor] => [`${operatorCase.name}: second gradient ${i}`, tensor]),
  ];
}

/** Compiles and runs a program once. */
export async function runProgram(
  runtime: Runtime,
  results: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, NdArray>>,
  target?: LoweringOptions,
): Promise<Readonly<Record<string, Value>>> {
  const lowered = lowerProgram({ name: 'table', results }, target);
  const program = await runtime.compile(lowered);
  const used = lowered.inputs.map(({ name, dtype }) => {
    const { shape, data } = feeds[name] ?? { shape: [], data: new Float64Array() };
    return [name, { dtype, shape, data: typed(dtype, data) }] as const;
  });
  const values = await program.run(Object.fromEntries(used));
  await program.dispose();
  return values;
}

function typed(dtype: DType, data: Float64Array): Value['data'] {
  if (dtype === 'float32') return Float32Array.from(data);
  if (dtype === 'float64') return Float64Array.from(data);
  return dtype === 'int64' ? BigInt64Array.from(data, BigInt) : Uint8Array.from(data);
}

function expectedGradientProblems({ operatorCase: { name, expectedGradient }, first, feeds }: Built): string[] {
  if (expectedGradient === undefined) return [];
  return difference(`${name}, gradient`, evaluate(first, feeds)[0]?.data, flat(expectedGradient), 1e-6);
}

/** Compares gradients with (f(x + h) - f(x - h)) / 2h, entry by entry. */
function gradientProblems(
  name: string,
  loss: Tensor | undefined,
  claimed: readonly Tensor[],
  inputs: readonly Tensor[],
  feeds: Readonly<Record<string, NdArray>>,
): string[] {
  if (loss === undefined) return [];
  const at = (key: string, changed: NdArray) =>
    evaluate([loss], { ...feeds, [key]: changed })[0]?.data[0] ?? Number.NaN;
  const values = evaluate(claimed, feeds);
  return inputs.flatMap((tensor, index) => {
    const [key, original] = Object.entries(feeds).find(([candidate]) => inputName(tensor) === candidate) ?? [];
    if (key === undefined || original === undefined) return [`${name}: an input is not fed`];
    const numeric = original.data.map((value, i) => {
      const step = 1e-5 * Math.max(1, Math.abs(value));
      const moved = (by: number) => at(key, { shape: original.shape, data: original.data.with(i, value + by) });
      // Four points, so that the error is of order step^4 and rounding decides.
      return (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step);
    });
    return difference(`${name}, input ${index}`, values[index]?.data, numeric, 1e-6);
  });
}

/** Sentences about entries that differ by more than `tolerance` times the larger of 1 and the largest expected number. */
export function difference(
  name: string,
  received: ArrayLike<number | bigint> | undefined,
  expected: ArrayLike<number> | undefined,
  tolerance: number,
): string[] {
  if (received === undefined || expected === undefined || received.length !== expected.length)
    return [`${name}: ${received?.length} numbers, expected ${expected?.length}`];
  const finite = Array.from(expected).filter(Number.isFinite);
  const scale = finite.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  for (let i = 0; i < expected.length; i++) {
    const [got, wanted] = [Number(received[i]), expected[i] ?? Number.NaN];
    if (Object.is(got, wanted) || got === wanted) continue;
    if (!(Math.abs(got - wanted) <= tolerance * scale))
      return [`${name}: entry ${i} is ${got}, expected ${wanted} (scale ${scale})`];
  }
  return [];
}
