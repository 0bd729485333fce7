// Running programs: one interface over devices and over Node and browsers. Programs run away from the caller's event loop.
import type { LoweredProgram, LoweredStepProgram, ProgramInput } from '../tensor/program.js';
import type { DType } from '../tensor/tensor.js';

/** Where programs run: `cpu` (native, Node only), `webgpu`, or `wasm` (everywhere, slower). */
export type DeviceName = 'cpu' | 'webgpu' | 'wasm';

/** The numbers of a value: float32 and float64 as such, int64 as BigInt64Array, bool as Uint8Array of 0 and 1, uint8 as Uint8Array. */
export type ValueData = Float32Array | Float64Array | BigInt64Array | Uint8Array;

/** A concrete array, in row-major order. */
export interface Value {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: ValueData;
}

/** Values by name. */
export type Values = Readonly<Record<string, Value>>;

/** Types and shapes by name. */
export type ValueShapes = Readonly<Record<string, Omit<Value, 'data'>>>;

/** What was measured of a run. */
export interface RunTiming {
  /** Milliseconds the device worked on the last run, the way there and back not counted. */
  readonly lastRunMs: number;
}

/** A program ready to run. */
export interface CompiledProgram extends RunTiming {
  readonly inputs: readonly ProgramInput[];
  /**
   * Computes the results for the fed inputs; those that are not fed are taken from what is held.
   *
   * @throws ShapeError, ConfigError where feeds are missing or do not fit, DeviceError where the device fails
   */
  run(feeds: Values, held?: HeldValues): Promise<Values>;
  /** The same with feeds whose buffers are handed over instead of copied: they must not be used again. */
  runOnce(feeds: Values, held?: HeldValues): Promise<Values>;
  /**
   * The same with buffers that are lent: they are at the device meanwhile and come back with the results, to be filled anew. New memory for every
   * run is slow to get, and a burden on the garbage collector.
   *
   * @param given feeds whose buffers are handed over for good
   */
  runLent(lent: Values, held?: HeldValues, given?: Values): Promise<LentRun>;
  dispose(): Promise<void>;
}

/** What comes back of a run with feeds that were lent. */
export interface LentRun {
  readonly results: Values;
  /** What was lent, in the same memory; the values that were fed have lost it. */
  readonly lent: Values;
}

/** Values that stay with the device, for many runs of any of its programs: data that is gone over many times. */
export interface HeldValues {
  /** What is held, without the numbers. */
  readonly descriptions: ValueShapes;
  /**
   * The same numbers in other shapes, of values not named in the same; nothing is moved, and disposing of one disposes of both.
   *
   * @throws ShapeError for shapes of another number of elements
   */
  reshaped(shapes: Readonly<Record<string, readonly number[]>>): HeldValues;
  dispose(): Promise<void>;
}

/** A step program ready to run, with its variables on the device. */
export interface CompiledStepProgram extends RunTiming {
  readonly variables: readonly ProgramInput[];
  readonly feeds: readonly ProgramInput[];
  readonly metrics: readonly string[];
  /** Sets variables. Those not named keep their values. */
  write(variables: Values): Promise<void>;
  /** The present values of all variables, or of those named. */
  read(names?: readonly string[]): Promise<Values>;
  /**
   * Does `count` steps with feeds stacked along a new first axis, [count, ...], and returns each metric of every step. The
   * feeds' buffers are handed over and must not be used again.
   *
   * A run happens as a whole or not at all: where it fails, or a metric is not finite, the variables stay as they were before
   * it. Metrics of steps that were not done any more are NaN.
   *
   * @throws ShapeError, ConfigError where feeds are missing or do not fit, DeviceError where the device fails
   */
  run(count: number, feeds: Readonly<Record<string, ValueData>>): Promise<Readonly<Record<string, Float64Array>>>;
  /**
   * Hands over feeds of `count` steps that all later runs take where they are given no others: data that is gone over many times.
   * Replaces what was held before.
   */
  hold(count: number, feeds: Readonly<Record<string, ValueData>>): Promise<void>;
  dispose(): Promise<void>;
}

/** An open device. */
export interface Runtime {
  readonly device: DeviceName;
  readonly threads: number;
  compile(program: LoweredProgram): Promise<CompiledProgram>;
  compileStep(program: LoweredStepProgram): Promise<CompiledStepProgram>;
  /** Channels that its convolution of channels in blocks takes together, or undefined where it has none: for lowering programs. */
  channelBlock(): Promise<number | undefined>;
  /** Hands values over to the device. Their buffers must not be used again. */
  hold(values: Values): Promise<HeldValues>;
  /** Frees the device and everything compiled on it; what is pending is rejected. */
  dispose(): Promise<void>;
}

/** How to open a device. */
export interface RuntimeOptions {
  /** Default: `cpu` in Node, `wasm` in browsers. */
  readonly device?: DeviceName;
  /** Threads that one operation may use; `webgpu` needs none. Default: the physical cores. */
  readonly threads?: number;
  /**
   * Whether threads on `cpu` go on keeping their cores busy for a while when a run is over. Then the next one begins sooner, but what the process
   * computes in between has to do without these cores: false suits work that goes back and forth between it and the device. Default: true.
   */
  readonly spins?: boolean;
}

/** A float32 value. */
export function float32(data: Float32Array, shape: readonly number[]): Value {
  return { dtype: 'float32', shape, data };
}

/** A float64 value. */
export function float64(data: Float64Array, shape: readonly number[]): Value {
  return { dtype: 'float64', shape, data };
}

/** An int64 value of no axes. */
export function int64Scalar(value: number): Value {
  return { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(value)) };
}
