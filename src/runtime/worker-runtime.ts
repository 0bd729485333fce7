// A runtime whose sessions live in a worker: requests go over a channel, so the caller's event loop stays free.
import { ConfigError } from '../core/errors.js';
import { type LoweredProgram, type LoweredStepProgram, nextName, stepCountInput } from '../tensor/program.js';
import { buffersOf } from './buffers-of.js';
import { channelBlockOf } from './channel-block.js';
import { checkFeeds, checkVariableNames, checkVariables, stackedFeeds } from './check-feeds.js';
import { copiedViews, type PostedValues } from './copied-views.js';
import { heldRequest, WorkerHeldValues } from './held-values.js';
import { identityModel, probeModel } from './identity-model.js';
import type { HostAnswer, HostRequest, StepDescription } from './protocol.js';
import type { CompiledProgram, CompiledStepProgram, DeviceName, HeldValues, Runtime, Values } from './runtime.js';
import { forWebgpu } from './webgpu-model.js';
import type { WorkerChannel } from './worker-channel.js';

/** What is at the other end of a channel. */
export interface OpenedDevice {
  readonly device: DeviceName;
  readonly threads: number;
  /** Whether threads keep their cores busy after a run. Default: true. */
  readonly spins?: boolean | undefined;
  /** Whether it may have a convolution of channels in blocks. */
  readonly hasBlocks?: boolean;
}

/** A runtime over a channel. */
export class WorkerRuntime implements Runtime {
  readonly device: DeviceName;
  readonly threads: number;
  readonly #channel: WorkerChannel;
  readonly #hasBlocks: boolean;
  #channelBlock: Promise<number | undefined> | undefined;
  #programs = 0;
  #holdings = 0;

  private constructor(channel: WorkerChannel, { device, threads, hasBlocks = false }: OpenedDevice) {
    this.#channel = channel;
    this.#hasBlocks = hasBlocks;
    this.device = device;
    this.threads = threads;
  }

  /** The runtime, once the device at the other end of `channel` is open. @throws what `unavailable` makes of a failure */
  static async open(
    channel: WorkerChannel,
    opened: OpenedDevice,
    unavailable: (error: unknown) => Error,
  ): Promise<WorkerRuntime> {
    const { device, threads, spins = true } = opened;
    try {
      await channel.ask({ kind: 'open', device, threads, spins, probe: probeModel() });
    } catch (error) {
      await channel.close();
      throw unavailable(error);
    }
    return new WorkerRuntime(channel, opened);
  }

  async compile(lowered: LoweredProgram): Promise<CompiledProgram> {
    const program = await this.#create(lowered);
    let lastRunMs = 0;
    const run = async (
      given: Values,
      held: HeldValues | undefined,
      posted: (feeds: Values) => PostedValues,
      lent: readonly string[] = [],
    ) => {
      checkFeeds(lowered, given, held?.descriptions);
      const { values: feeds, transfer } = posted(given);
      const wanted = lowered.inputs.flatMap(({ name }) => (name in given ? [] : [name]));
      const request: HostRequest = {
        kind: 'run',
        program: program.number,
        feeds,
        lent,
        ...(held === undefined ? {} : { held: heldRequest(held, this.#channel, wanted) }),
      };
      const answer = await program.ask(request, transfer);
      lastRunMs = answer.milliseconds;
      return answer;
    };
    return {
      inputs: lowered.inputs,
      get lastRunMs() {
        return lastRunMs;
      },
      run: async (feeds, held) => (await run(feeds, held, copiedViews)).values,
      runOnce: async (feeds, held) => (await run(feeds, held, handedOver)).values,
      runLent: async (lent, held, given) => {
        const answer = await run({ ...given, ...lent }, held, handedOver, Object.keys(lent));
        return { results: answer.values, lent: answer.lent ?? {} };
      },
      dispose: program.dispose,
    };
  }

  async compileStep(lowered: LoweredStepProgram): Promise<CompiledStepProgram> {
    const { variables, feeds: feedInputs, metrics } = lowered;
    const program = await this.#create(lowered, describeStep(lowered));
    let lastRunMs = 0;
    let held: { readonly count: number; readonly names: ReadonlySet<string> } = { count: 0, names: new Set() };
    return {
      variables,
      feeds: feedInputs,
      metrics,
      get lastRunMs() {
        return lastRunMs;
      },
      write: async (values) => {
        checkVariables(lowered, values);
        const { values: variables, transfer } = copiedViews(values);
        await program.ask({ kind: 'write', program: program.number, variables }, transfer);
      },
      read: async (names = variables.map(({ name }) => name)) => {
        checkVariableNames(lowered, names);
        return (await program.ask({ kind: 'read', program: program.number, names })).values;
      },
      hold: async (count, data) => {
        const feeds = stackedFeeds(lowered, count, data, new Set(feedInputs.map(({ name }) => name)));
        await program.ask({ kind: 'hold', program: program.number, feeds }, buffersOf(Object.values(data)));
        held = { count, names: new Set(Object.keys(data)) };
      },
      run: async (count, data) => {
        const feeds = stackedFeeds(lowered, count, data, held.count === count ? held.names : new Set());
        const request = { kind: 'steps', program: program.number, count, feeds } as const;
        const { values, milliseconds } = await program.ask(request, buffersOf(Object.values(data)));
        lastRunMs = milliseconds;
        return Object.fromEntries(metrics.map((name) => [name, Float64Array.from(values[name]?.data ?? [], Number)]));
      },
      dispose: program.dispose,
    };
  }

  channelBlock(): Promise<number | undefined> {
    this.#channelBlock ??= this.#hasBlocks
      ? channelBlockOf((program) => this.compile(program))
      : Promise.resolve(undefined);
    return this.#channelBlock;
  }

  async hold(values: Values): Promise<HeldValues> {
    const number = this.#holdings++;
    const descriptions = Object.fromEntries(
      Object.entries(values).map(([name, { dtype, shape }]) => [name, { dtype, shape }]),
    );
    await this.#channel.ask({ kind: 'keep', held: number, values }, handedOver(values).transfer);
    return new WorkerHeldValues(this.#channel, number, descriptions);
  }

  async #create({ name, model }: LoweredProgram, step?: StepDescription) {
    const number = this.#programs++;
    let released: Promise<unknown> | undefined;
    await this.#channel.ask({
      kind: 'create',
      program: number,
      name,
      model: this.device === 'webgpu' ? forWebgpu(model) : model,
      ...(step === undefined ? {} : { step }),
    });
    return {
      number,
      ask: async (request: HostRequest, transfer?: readonly ArrayBuffer[]): Promise<HostAnswer> => {
        if (released !== undefined && this.#channel.failure === undefined)
          throw new ConfigError(`The program ${name} has been disposed of; compile it again.`);
        return this.#channel.ask(request, transfer);
      },
      dispose: async () => {
        // With the worker gone there is nothing left to free, and whoever tidies up has another error to report.
        released ??= this.#channel.ask({ kind: 'release', program: number }).catch((error) => {
          if (this.#channel.failure === undefined) throw error;
        });
        await released;
      },
    };
  }

  async dispose(): Promise<void> {
    await this.#channel.close();
  }
}

/** Values whose memory is handed over. */
function handedOver(values: Values): PostedValues {
  return { values, transfer: buffersOf(Object.values(values).map(({ data }) => data)) };
}

function describeStep({ variables, metrics, stacked }: LoweredStepProgram): StepDescription {
  return {
    variables: variables.map(({ name, dtype }) => ({ name, next: nextName(name), isFloat32: dtype === 'float32' })),
    metrics,
    ...(stacked ? { countInput: stepCountInput } : {}),
    reader: identityModel(variables),
  };
}
