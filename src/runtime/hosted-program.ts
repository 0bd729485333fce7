// A program at its host: the session, and for a step program the variables, which stay on the device between runs.
import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common';
import { ConfigError } from '../core/errors.js';
import { deviceError } from './device-error.js';
import { entry, numbers, toTensor, toValue } from './ort-values.js';
import type { StepDescription } from './protocol.js';
import { int64Scalar, type Values } from './runtime.js';

/** What a program needs of its host. */
export interface ProgramOptions {
  readonly name: string;
  readonly Tensor: TensorConstructor;
  readonly session: InferenceSession;
  readonly step: StepDescription | undefined;
  /** Opens the model that brings variables back from the device. */
  readonly openReader: (model: Uint8Array) => Promise<InferenceSession>;
}

type Tensors = Record<string, OrtTensor>;

/** A program with its session and its variables. */
export class HostedProgram {
  readonly #options: ProgramOptions;
  #variables: Tensors = {};
  #held: Values = {};
  #reader: InferenceSession | undefined;

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  /** Computes the results for some feeds. */
  async run(feeds: Values): Promise<Values> {
    const results = await this.#run(this.#options.session, this.#tensors(feeds));
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, toValue(tensor)]));
  }

  /** Sets variables; those not named keep their values. */
  write(values: Values): void {
    const written = this.#tensors(values);
    for (const name of Object.keys(written)) this.#variables[name]?.dispose();
    this.#variables = { ...this.#variables, ...written };
  }

  /** Keeps feeds for all runs to come, so that they need not be sent again. */
  hold(feeds: Values): void {
    this.#held = feeds;
  }

  /** The present values of variables. */
  async read(names: readonly string[]): Promise<Values> {
    const { variables, reader } = this.#step();
    const state = this.#state();
    const isOnDevice = (name: string) => state[name]?.location !== 'cpu';
    const remote = variables.filter(({ name }) => names.includes(name) && isOnDevice(name));
    let results: Tensors = {};
    if (remote.length > 0) {
      // Asking a tensor on a device for its data aborts the process under Node; an output in main memory does not.
      this.#reader ??= await this.#options.openReader(reader);
      results = await this.#run(
        this.#reader,
        state,
        remote.map(({ next }) => next),
      );
    }
    return Object.fromEntries(
      variables
        .filter(({ name }) => names.includes(name))
        .map(({ name, next }) => [name, toValue(found(results[next] ?? state[name], name))]),
    );
  }

  /**
   * Does `count` steps and returns each metric of every step. It happens as a whole or not at all: where it fails, or a
   * metric is not finite, the variables stay as they were, so that a training that diverges keeps its last good weights.
   * Metrics of steps that were not done any more are NaN.
   */
  async steps(count: number, feeds: Values): Promise<Values> {
    const { metrics, countInput } = this.#step();
    const before = this.#state();
    const runs = countInput === undefined ? count : 1;
    const history = metrics.map((name) => ({ name, data: new Float64Array(count).fill(Number.NaN) }));
    let state = before;
    let isGood = true;
    try {
      for (let index = 0; index < runs && isGood; index++) {
        const all = { ...this.#held, ...feeds };
        const feed = countInput === undefined ? entriesOf(all, index, count) : all;
        const results = await this.#advance(state, feed, count);
        if (state !== before) disposeAll(state);
        state = results.variables;
        for (const { name, data } of history) {
          data.set(Float64Array.from(numbers(found(results.metrics[name], name)), Number), index);
          isGood &&= data.subarray(0, countInput === undefined ? index + 1 : count).every(Number.isFinite);
        }
      }
    } catch (error) {
      if (state !== before) disposeAll(state);
      throw error;
    }
    disposeAll(isGood ? before : state);
    this.#variables = isGood ? state : before;
    return Object.fromEntries(history.map(({ name, data }) => [name, { dtype: 'float64', shape: [count], data }]));
  }

  /** Writes the profile of all runs so far. */
  endProfile(): void {
    this.#options.session.endProfiling();
  }

  /** Frees everything: tensors on a device first, they need the session. */
  async release(): Promise<void> {
    disposeAll(this.#variables);
    this.#variables = {};
    this.#held = {};
    await this.#reader?.release();
    await this.#options.session.release();
  }

  /** One run from one state to the next; both stay alive. */
  async #advance(state: Tensors, feeds: Values, count: number): Promise<{ variables: Tensors; metrics: Tensors }> {
    const { variables, countInput } = this.#step();
    const steps = countInput === undefined ? {} : { [countInput]: int64Scalar(count) };
    const results = await this.#run(this.#options.session, { ...state, ...this.#tensors({ ...feeds, ...steps }) });
    const next: Tensors = {};
    for (const variable of variables) {
      next[variable.name] = found(results[variable.next], variable.name);
      delete results[variable.next];
    }
    return { variables: next, metrics: results };
  }

  async #run(session: InferenceSession, feeds: Tensors, fetches?: readonly string[]): Promise<Tensors> {
    try {
      return { ...(fetches === undefined ? await session.run(feeds) : await session.run(feeds, fetches)) };
    } catch (error) {
      throw deviceError(`The program ${this.#options.name} failed`, error);
    }
  }

  #step(): StepDescription {
    const { step, name } = this.#options;
    if (step === undefined) throw new ConfigError(`The program ${name} has no steps to run.`);
    return step;
  }

  /** The variables, all of them. */
  #state(): Tensors {
    for (const { name } of this.#step().variables)
      if (this.#variables[name] === undefined)
        throw new ConfigError(
          `The variable "${name}" of ${this.#options.name} has no value yet; write it before the first step.`,
        );
    return this.#variables;
  }

  #tensors(values: Values): Tensors {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, toTensor(this.#options.Tensor, value)]),
    );
  }
}

function entriesOf(feeds: Values, index: number, count: number): Values {
  return Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, entry(value, index, count)]));
}

function found(tensor: OrtTensor | undefined, name: string): OrtTensor {
  if (tensor === undefined) throw new ConfigError(`The program gave no value for "${name}".`);
  return tensor;
}

function disposeAll(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
