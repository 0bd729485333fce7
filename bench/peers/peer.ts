// Peers: other libraries doing the same work, each in a process of its own, so that measurements can alternate.
//   const { peers, missing } = await startPeers({ threads: 2 });
//   for (const peer of peers) { await peer.prepare('mlp-gan'); console.log(peer.name, await peer.time('mlp-gan', { repetitions: 5 })); }
//   await Promise.all(peers.map((peer) => peer.stop()));
import { z } from 'zod';
import { type ChildCommand, JsonChild } from './json-child.js';
import { peerCommand, stepPeers } from './known-peers.js';
import { PeerError } from './peer-error.js';
import { checkTaskName, type TaskName } from './tasks.js';

/** The two losses of an adversarial step, in nats; `step` counts from 1. */
export interface StepLosses {
  readonly step: number;
  readonly discriminator: number;
  readonly generator: number;
}

/** What a peer tells about a task it has made ready. */
export interface Preparation {
  /** Losses at a few steps from a fixed seed, so that one sees that it trains; empty for a task without losses. */
  readonly losses: readonly StepLosses[];
  /** What was chosen on the way: memory format, optimiser variant, a replacement for what the library lacks. */
  readonly remarks: readonly string[];
  /** The most memory the process had resident, of 10^6 bytes, once it had done the task for the first time. */
  readonly megabytes?: number | undefined;
  /** How long the first whole call took. */
  readonly firstMs?: number | undefined;
  /** What a call reached, such as a likelihood: the same for all that do the same work. */
  readonly figure?: number | undefined;
  /** Operations of products and convolutions in one step, by the library's own count. */
  readonly gigaflop?: number | undefined;
}

/** A library that is timed on tasks. A failure of any method is a PeerError and leaves the other peers alone. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /**
   * Builds, compiles and warms up a task; may take minutes.
   *
   * @param folder what the task works on: the rows of a call, the start of a step
   * @throws PeerError where the peer cannot do the task
   */
  prepare(task: TaskName, folder?: string): Promise<Preparation>;
  /** Milliseconds of each of `repetitions` steps or calls, measured inside the peer's process after its own warm-up. */
  time(task: TaskName, options: { readonly repetitions: number }): Promise<number[]>;
  /** Ends the peer's process. */
  stop(): Promise<void>;
}

/** A peer that could not be started, and why. */
export interface MissingPeer {
  readonly name: string;
  readonly error: string;
}

/** The longest waits for an answer, in milliseconds. */
export interface PeerTimeouts {
  /** Default 120 000: importing a large library from a cold disk. */
  readonly start: number;
  /** Default 600 000: compiling a training step. */
  readonly prepare: number;
  /** Default 600 000. */
  readonly time: number;
}

/** Options of {@link startPeers}. */
export interface StartPeersOptions {
  /** Threads that every peer may use, where it can be told. */
  readonly threads: number;
  /** Where VERISIM_PEERS_PYTHON, VERISIM_PEERS_NODE and PATH are read; default: process.env. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Only these peers; default: all that make training steps. */
  readonly only?: readonly string[];
  readonly timeouts?: Partial<PeerTimeouts>;
}

const defaultTimeouts: PeerTimeouts = { start: 120_000, prepare: 600_000, time: 600_000 };
const versionSchema = z.object({ version: z.string() });
const preparationSchema = z.object({
  losses: z.array(z.object({ step: z.number(), discriminator: z.number(), generator: z.number() })),
  remarks: z.array(z.string()),
  megabytes: z.number().optional(),
  firstMs: z.number().optional(),
  figure: z.number().optional(),
  gigaflop: z.number().optional(),
});

/**
 * Starts every peer that is installed. PyTorch is found through the environment variable VERISIM_PEERS_PYTHON (a Python
 * that has it) or `python3` on the PATH, the JavaScript peers through VERISIM_PEERS_NODE (a folder whose node_modules
 * holds them). What is not there is listed in `missing` with its error.
 *
 * @throws UnknownNameError where `only` names no known peer
 */
export async function startPeers(options: StartPeersOptions): Promise<{ peers: Peer[]; missing: MissingPeer[] }> {
  const { threads, environment = process.env, only = stepPeers } = options;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const commands = only.map((name) => peerCommand(name, threads, environment));
  const started = await Promise.allSettled(commands.map((command) => startPeer(command, timeouts)));
  const peers: Peer[] = [];
  const missing: MissingPeer[] = [];
  started.forEach((outcome, index) => {
    if (outcome.status === 'fulfilled') peers.push(outcome.value);
    else missing.push({ name: only[index]!, error: problemOf(outcome.reason) });
  });
  return { peers, missing };
}

/**
 * Starts one peer and asks for its version.
 *
 * @throws PeerError where it cannot be started or does not answer
 */
export async function startPeer(command: ChildCommand, timeouts: PeerTimeouts = defaultTimeouts): Promise<Peer> {
  const child = new JsonChild(command);
  try {
    const answer = await child.request('hello', {}, timeouts.start);
    return new ProcessPeer(command, child, readAnswer(command.name, versionSchema, answer).version, timeouts);
  } catch (error) {
    await child.stop();
    throw error;
  }
}

class ProcessPeer implements Peer {
  readonly name: string;
  readonly version: string;
  readonly #command: ChildCommand;
  readonly #timeouts: PeerTimeouts;
  #child: JsonChild;
  #isStopped = false;

  constructor(command: ChildCommand, child: JsonChild, version: string, timeouts: PeerTimeouts) {
    this.name = command.name;
    this.version = version;
    this.#command = command;
    this.#child = child;
    this.#timeouts = timeouts;
  }

  async prepare(task: TaskName, folder?: string): Promise<Preparation> {
    checkTaskName(task);
    if (this.#isStopped) throw new PeerError(this.name, 'was stopped; start the peers again.');
    // A task that killed the process must not take the next task with it.
    if (!this.#child.isAlive) this.#child = new JsonChild(this.#command);
    const answer = await this.#child.request('prepare', { task, folder }, this.#timeouts.prepare);
    return readAnswer(this.name, preparationSchema, answer);
  }

  async time(task: TaskName, { repetitions }: { readonly repetitions: number }): Promise<number[]> {
    const answer = await this.#child.request('time', { task, repetitions }, this.#timeouts.time);
    return readAnswer(this.name, z.array(z.number()).length(repetitions), answer);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#child.stop();
  }
}

function readAnswer<T>(name: string, schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new PeerError(name, `answered ${JSON.stringify(answer)}, which is not what was asked: ${parsed.error.message}`);
}

/** What an error says, without the peer's name, which stands beside it. */
export function problemOf(error: unknown): string {
  if (error instanceof PeerError) return error.problem;
  return error instanceof Error ? error.message : String(error);
}
