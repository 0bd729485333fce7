// The side that owns ONNX Runtime's sessions. It lives in a worker and answers requests; it is written against the interface that
// onnxruntime-node and onnxruntime-web share.
import type { InferenceSession, TensorConstructor } from 'onnxruntime-common';
import { ConfigError } from '../core/errors.js';
import { deviceError } from './device-error.js';
import { HostedProgram } from './hosted-program.js';
import type { HeldRequest, HostAnswer, HostRequest } from './protocol.js';
import type { DeviceName, Values } from './runtime.js';

/** What the host needs of an ONNX Runtime package. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

type OpenRequest = Pick<Extract<HostRequest, { kind: 'open' }>, 'device' | 'threads' | 'spins'>;
type CreateRequest = Extract<HostRequest, { kind: 'create' }>;

/** Threads wait awake within a run, where the next operation follows at once, and fall asleep at its end. */
const shortSpins = { intra_op: { spin_duration_us: '100' }, force_spinning_stop: '1' };

/** Answers requests with sessions of one package on one device. */
export class SessionHost {
  readonly #ort: OnnxRuntime;
  readonly #device: DeviceName;
  readonly #options: InferenceSession.SessionOptions;
  readonly #programs = new Map<number, HostedProgram>();
  readonly #held = new Map<number, Values>();

  constructor(ort: OnnxRuntime, { device, threads, spins }: OpenRequest) {
    this.#ort = ort;
    this.#device = device;
    this.#options = {
      executionProviders: [device],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Errors are thrown, which says enough.
      logSeverityLevel: 4,
      ...(device === 'cpu' && !spins ? { extra: { session: shortSpins } } : {}),
    };
  }

  async answer(request: HostRequest): Promise<HostAnswer> {
    const start = performance.now();
    const values = await this.#handle(request);
    return { values, milliseconds: performance.now() - start };
  }

  async #handle(request: HostRequest): Promise<Values> {
    switch (request.kind) {
      case 'run':
        return this.#program(request.program).run({ ...this.#heldValues(request.held), ...request.feeds });
      case 'read':
        return this.#program(request.program).read(request.names);
      case 'steps':
        return this.#program(request.program).steps(request.count, request.feeds);
      case 'open':
        await (await this.#ort.InferenceSession.create(request.probe, this.#options)).release();
        break;
      case 'create':
        this.#programs.set(request.program, await this.#create(request));
        break;
      case 'write':
        this.#program(request.program).write(request.variables);
        break;
      case 'hold':
        this.#program(request.program).hold(request.feeds);
        break;
      case 'keep':
        this.#held.set(request.held, request.values);
        break;
      case 'drop':
        this.#held.delete(request.held);
        break;
      case 'endProfile':
        this.#program(request.program).endProfile();
        break;
      case 'release':
        await this.#release(request.program);
        break;
      case 'close':
        for (const program of this.#programs.keys()) await this.#release(program);
        this.#held.clear();
        break;
    }
    return {};
  }

  async #create({ name, model, step, profile }: CreateRequest): Promise<HostedProgram> {
    const profiling = profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile };
    const create = async (bytes: Uint8Array, options: InferenceSession.SessionOptions) => {
      try {
        return await this.#ort.InferenceSession.create(bytes, { ...this.#options, ...options });
      } catch (error) {
        throw deviceError(`The program ${name} cannot be compiled for the device ${this.#device}`, error);
      }
    };
    // Variables stay on a graphics processor; metrics, and what it does not compute with, come back to main memory.
    const locations = step?.variables.map(({ next, isFloat32 }) => [next, isFloat32 ? 'gpu-buffer' : 'cpu'] as const);
    const metrics = step?.metrics.map((metric) => [metric, 'cpu'] as const) ?? [];
    const placement =
      this.#device !== 'webgpu' || locations === undefined
        ? {}
        : { preferredOutputLocation: Object.fromEntries([...locations, ...metrics]) };
    // A plan of where every buffer goes takes a tenth to a third more memory than asking for each as it is needed, and no less time: the second
    // run, the first by the plan, takes more, since it asks for all of that memory anew.
    const memory = this.#device === 'cpu' ? { enableMemPattern: false } : {};
    return new HostedProgram({
      name,
      Tensor: this.#ort.Tensor,
      session: await create(model, { ...placement, ...memory, ...profiling }),
      step,
      openReader: (reader) => create(reader, {}),
    });
  }

  #heldValues(held: HeldRequest | undefined): Values {
    if (held === undefined) return {};
    const values = this.#held.get(held.number);
    if (values === undefined) throw new ConfigError('The values held have been disposed of; hold them again.');
    return Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => {
        const shape = held.shapes[name];
        return shape === undefined ? [] : [[name, { ...value, shape }] as const];
      }),
    );
  }

  #program(program: number): HostedProgram {
    const hosted = this.#programs.get(program);
    if (hosted === undefined) throw new ConfigError('The program has been disposed of; compile it again.');
    return hosted;
  }

  async #release(program: number): Promise<void> {
    const hosted = this.#programs.get(program);
    this.#programs.delete(program);
    await hosted?.release();
  }
}
