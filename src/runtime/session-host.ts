// The side that owns ONNX Runtime's sessions and the variables of step programs. It lives in a worker and answers requests; it is
// written against the interface that onnxruntime-node and onnxruntime-web share.
import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common';
import { ConfigError } from '../core/errors.js';
import { nextName, stepCountInput } from '../tensor/program.js';
import { type DeviceName, int64Scalar, type Value, type ValueData, type Values } from './runtime.js';

/** What the host needs of an ONNX Runtime package. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

/** A request to the host; every one is answered once. */
export type HostRequest =
  | { readonly kind: 'open'; readonly device: DeviceName; readonly threads: number }
  | {
      readonly kind: 'create';
      readonly program: number;
      readonly model: Uint8Array;
      readonly step?: StepDescription;
      readonly profile?: string;
    }
  | { readonly kind: 'run'; readonly program: number; readonly feeds: Values }
  | { readonly kind: 'write'; readonly program: number; readonly variables: Values }
  | { readonly kind: 'read'; readonly program: number; readonly names: readonly string[] }
  | { readonly kind: 'steps'; readonly program: number; readonly count: number; readonly feeds: Values }
  | { readonly kind: 'release'; readonly program: number };

/** What the host has to know of a step program. */
export interface StepDescription {
  readonly variables: readonly string[];
  readonly metrics: readonly string[];
  readonly stacked: boolean;
}

/** The answer to a request. */
export interface HostAnswer {
  readonly values: Values;
  readonly milliseconds: number;
}

interface HostedProgram {
  readonly session: InferenceSession;
  readonly step: StepDescription | undefined;
  readonly variables: Map<string, OrtTensor>;
}

/** Answers requests with sessions of one package on one device. */
export class SessionHost {
  readonly #ort: OnnxRuntime;
  readonly #options: InferenceSession.SessionOptions;
  readonly #programs = new Map<number, HostedProgram>();

  constructor(ort: OnnxRuntime, device: DeviceName, threads: number) {
    this.#ort = ort;
    this.#options = sessionOptions(device, threads);
  }

  async answer(request: HostRequest): Promise<HostAnswer> {
    const start = performance.now();
    const values = await this.#handle(request);
    return { values, milliseconds: performance.now() - start };
  }

  async #handle(request: HostRequest): Promise<Values> {
    if (request.kind === 'open') return {};
    if (request.kind === 'create') {
      const profiling =
        request.profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: request.profile };
      const session = await this.#ort.InferenceSession.create(request.model, { ...this.#options, ...profiling });
      this.#programs.set(request.program, { session, step: request.step, variables: new Map() });
      return {};
    }
    const program = this.#programs.get(request.program);
    if (program === undefined) throw new ConfigError('The program has been disposed of; compile it again.');
    switch (request.kind) {
      case 'run':
        return this.#fetch(await program.session.run(this.#tensors(request.feeds)));
      case 'write':
        for (const [name, value] of Object.entries(request.variables)) {
          program.variables.get(name)?.dispose();
          program.variables.set(name, this.#tensor(value));
        }
        return {};
      case 'read':
        return Object.fromEntries(request.names.map((name) => [name, toValue(variable(program, name))]));
      case 'steps':
        return this.#steps(program, request.count, request.feeds);
      case 'release':
        for (const tensor of program.variables.values()) tensor.dispose();
        this.#programs.delete(request.program);
        await program.session.release();
        return {};
    }
  }

  async #steps(program: HostedProgram, count: number, feeds: Values): Promise<Values> {
    const { step } = program;
    if (step === undefined) throw new ConfigError('This program has no steps to run.');
    if (step.stacked) {
      const results = await this.#advance(program, step, {
        ...this.#tensors(feeds),
        [stepCountInput]: this.#tensor(int64Scalar(count)),
      });
      return this.#fetch(results);
    }
    const metrics = new Map(step.metrics.map((name) => [name, new Float64Array(count)]));
    for (let index = 0; index < count; index++) {
      const slices = Object.entries(feeds).map(([name, value]) => [name, part(value, index, count)] as const);
      const results = await this.#advance(program, step, this.#tensors(Object.fromEntries(slices)));
      for (const [name, tensor] of Object.entries(results)) {
        const values = metrics.get(name);
        if (values !== undefined) values[index] = Number(numbers(tensor)[0]);
      }
    }
    return Object.fromEntries([...metrics].map(([name, data]) => [name, { dtype: 'float64', shape: [count], data }]));
  }

  /**
   * One run: the variables take their next values; what is left are the metrics. Where a metric is not finite the variables
   * stay as they were, so that a training that diverges keeps its last good weights.
   */
  async #advance(
    program: HostedProgram,
    step: StepDescription,
    feeds: Record<string, OrtTensor>,
  ): Promise<Record<string, OrtTensor>> {
    for (const name of step.variables) feeds[name] = variable(program, name);
    const results = await program.session.run(feeds);
    const metrics: Record<string, OrtTensor> = {};
    for (const name of step.metrics) {
      const metric = results[name];
      if (metric !== undefined) metrics[name] = metric;
    }
    const isGood = Object.values(metrics).every((metric) => Array.from(numbers(metric), Number).every(Number.isFinite));
    for (const name of step.variables) {
      const next = results[nextName(name)];
      if (next === undefined) throw new ConfigError(`The step gave no value for "${name}".`);
      if (isGood) program.variables.get(name)?.dispose();
      else next.dispose();
      if (isGood) program.variables.set(name, next);
    }
    return metrics;
  }

  #tensor({ dtype, shape, data }: Value): OrtTensor {
    return new this.#ort.Tensor(dtype, data, shape);
  }

  #tensors(values: Values): Record<string, OrtTensor> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, this.#tensor(value)]));
  }

  #fetch(results: Readonly<Record<string, OrtTensor>>): Values {
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, toValue(tensor)]));
  }
}

function sessionOptions(device: DeviceName, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  };
}

function variable(program: HostedProgram, name: string): OrtTensor {
  const tensor = program.variables.get(name);
  if (tensor === undefined)
    throw new ConfigError(`The variable "${name}" has no value yet; write it before the first step.`);
  return tensor;
}

function numbers(tensor: OrtTensor): ValueData {
  const { data } = tensor;
  if (
    data instanceof Float32Array ||
    data instanceof Float64Array ||
    data instanceof BigInt64Array ||
    data instanceof Uint8Array
  )
    return data;
  throw new ConfigError(`A result is of type ${tensor.type}, which is not supported.`);
}

function toValue(tensor: OrtTensor): Value {
  const { type } = tensor;
  if (type !== 'float32' && type !== 'float64' && type !== 'int64' && type !== 'bool')
    throw new ConfigError(`A result is of type ${type}, which is not supported.`);
  return { dtype: type, shape: [...tensor.dims], data: numbers(tensor) };
}

/** Entry `index` of a value stacked along its first axis. */
function part({ dtype, shape, data }: Value, index: number, count: number): Value {
  const length = data.length / count;
  return { dtype, shape: shape.slice(1), data: data.subarray(index * length, (index + 1) * length) };
}
