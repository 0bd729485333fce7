// A runtime whose sessions live in a worker: requests go over a channel, so the caller's event loop stays free. The channel is
// the only thing that differs between Node and browsers.
import { ConfigError, ShapeError } from '../core/errors.js';
import { nearestName } from '../core/nearest.js';
import type { LoweredProgram, LoweredStepProgram, ProgramInput } from '../tensor/program.js';
import { formatShape } from '../tensor/shape.js';
import type { CompiledProgram, CompiledStepProgram, DeviceName, Runtime, Value, ValueData, Values } from './runtime.js';
import type { HostAnswer, HostRequest, StepDescription } from './session-host.js';

/** The way to a host. */
export interface HostChannel {
  /** Sends a request; `transfer` lists buffers that are handed over. */
  ask(request: HostRequest, transfer?: readonly ArrayBuffer[]): Promise<HostAnswer>;
  close(): Promise<void>;
}

/** A runtime over a channel. */
export class WorkerRuntime implements Runtime {
  readonly device: DeviceName;
  readonly threads: number;
  readonly #channel: HostChannel;
  #programs = 0;

  private constructor(channel: HostChannel, device: DeviceName, threads: number) {
    this.#channel = channel;
    this.device = device;
    this.threads = threads;
  }

  /** The runtime, once the device at the other end is open. @throws DeviceError where it cannot be opened */
  static async open(channel: HostChannel, device: DeviceName, threads: number): Promise<WorkerRuntime> {
    try {
      await channel.ask({ kind: 'open', device, threads });
    } catch (error) {
      await channel.close();
      throw error;
    }
    return new WorkerRuntime(channel, device, threads);
  }

  async compile(lowered: LoweredProgram): Promise<CompiledProgram> {
    const { program, ask } = await this.#create(lowered);
    let lastRunMs = 0;
    return {
      inputs: lowered.inputs,
      get lastRunMs() {
        return lastRunMs;
      },
      run: async (feeds) => {
        checkFeeds(lowered, feeds);
        const { values, milliseconds } = await ask({ kind: 'run', program, feeds });
        lastRunMs = milliseconds;
        return values;
      },
      dispose: once(() => ask({ kind: 'release', program })),
    };
  }

  async compileStep(lowered: LoweredStepProgram): Promise<CompiledStepProgram> {
    const { variables, feeds: feedInputs, metrics, stacked } = lowered;
    const names = variables.map(({ name }) => name);
    const { program, ask } = await this.#create(lowered, { variables: names, metrics, stacked });
    let lastRunMs = 0;
    return {
      variables,
      feeds: feedInputs,
      metrics,
      get lastRunMs() {
        return lastRunMs;
      },
      write: async (values) => {
        for (const [name, value] of Object.entries(values))
          checkValue(lowered.name, inputNamed(variables, name, 'variable'), value);
        await ask({ kind: 'write', program, variables: values });
      },
      read: async (wanted = names) => {
        for (const name of wanted) inputNamed(variables, name, 'variable');
        return (await ask({ kind: 'read', program, names: wanted })).values;
      },
      run: async (count, data) => {
        const feeds = stackedFeeds(lowered, count, data);
        const buffers = Object.values(data).flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []));
        const { values, milliseconds } = await ask({ kind: 'steps', program, count, feeds }, [...new Set(buffers)]);
        lastRunMs = milliseconds;
        return Object.fromEntries(metrics.map((name) => [name, Float64Array.from(values[name]?.data ?? [], Number)]));
      },
      dispose: once(() => ask({ kind: 'release', program })),
    };
  }

  async #create({ model }: LoweredProgram, step?: StepDescription) {
    const program = this.#programs++;
    const ask = (request: HostRequest, transfer?: readonly ArrayBuffer[]) => this.#channel.ask(request, transfer);
    await ask({ kind: 'create', program, model, ...(step === undefined ? {} : { step }) });
    return { program, ask };
  }

  async dispose(): Promise<void> {
    await this.#channel.close();
  }
}

function once(action: () => Promise<unknown>): () => Promise<void> {
  let done: Promise<unknown> | undefined;
  return async () => {
    done ??= action();
    await done;
  };
}

function inputNamed(inputs: readonly ProgramInput[], name: string, what: string): ProgramInput {
  const found = inputs.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const known = inputs.map((candidate) => candidate.name);
  const nearest = nearestName(name, known);
  throw new ConfigError(`There is no ${what} "${name}".${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`);
}

function checkFeeds({ name: program, inputs }: LoweredProgram, feeds: Values): void {
  for (const name of Object.keys(feeds)) inputNamed(inputs, name, 'input');
  for (const expected of inputs) {
    const value = feeds[expected.name];
    if (value === undefined) throw new ConfigError(`The program ${program} needs the input "${expected.name}".`);
    checkValue(program, expected, value);
  }
}

function checkValue(program: string, { name, dtype, shape }: ProgramInput, value: Value): void {
  const fits =
    value.shape.length === shape.length &&
    shape.every((dim, axis) => typeof dim !== 'number' || dim === value.shape[axis]);
  const size = value.shape.reduce((product, dim) => product * dim, 1);
  if (!fits || value.dtype !== dtype || value.data.length !== size)
    throw new ShapeError(
      `${program}: "${name}" has to be ${dtype}${formatShape(shape)}; received ${value.dtype}[${value.shape.join(', ')}] ` +
        `with ${value.data.length} numbers.`,
    );
}

function stackedFeeds(
  { name: program, feeds }: LoweredStepProgram,
  count: number,
  data: Readonly<Record<string, ValueData>>,
): Values {
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigError(`${program}: ${count} steps were asked for; it has to be 1 or more.`);
  for (const name of Object.keys(data)) inputNamed(feeds, name, 'input');
  return Object.fromEntries(
    feeds.map((expected) => {
      const given = data[expected.name];
      if (given === undefined) throw new ConfigError(`The step ${program} needs the input "${expected.name}".`);
      const value = { dtype: expected.dtype, shape: [count, ...expected.shape.map(Number)], data: given };
      checkValue(program, { ...expected, shape: value.shape }, value);
      return [expected.name, value];
    }),
  );
}
