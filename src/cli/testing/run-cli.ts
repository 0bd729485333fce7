// Runs the compiled command line: as a process of its own, as people do, or, many times faster, in one process for many commands.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { HostedCommand, HostedResult } from './cli-host.js';

/** The compiled program. */
export const cliPath = fileURLToPath(new URL('../main.js', import.meta.url));

/** What a command left. */
export interface CliResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Where and how to run. */
export interface CliOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with the running process, so that signals can be sent to it. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs a command to its end. */
export async function runCli(args: readonly string[], { cwd, env, onStart }: CliOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [cliPath, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  onStart?.(child);
  const [code, signal] = await once(child, 'close');
  return { ...output, code, signal };
}

/** Commands that run one after the other in one process. */
export interface SharedCli {
  run(args: readonly string[], cwd: string): Promise<CliResult>;
  /** Ends the process. */
  close(): void;
}

/** A process for many commands, with these variables beside the usual ones; it starts with the first. */
export function sharedCli(env: NodeJS.ProcessEnv): SharedCli {
  const path = fileURLToPath(new URL('./cli-host.js', import.meta.url));
  let host: ChildProcess | undefined;
  /** What the process wrote beside what its commands did. */
  let beside = '';
  const startHost = (): ChildProcess => {
    // No terminal, as commands of their own have none.
    const child = fork(path, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        beside += text;
      });
    return child;
  };
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (command: HostedCommand): Promise<CliResult> => {
    host ??= startHost();
    const ended = new AbortController();
    const { signal } = ended;
    const isLost = once(host, 'exit', { signal }).then(() => {
      host = undefined;
      throw new Error(`The process ended while it ran "verisim ${command.args.join(' ')}": ${beside}`);
    });
    isLost.catch(() => undefined);
    host.send(command);
    const [result] = (await Promise.race([once(host, 'message', { signal }), isLost])) as [HostedResult];
    ended.abort();
    return { ...result, signal: null };
  };
  return {
    run(args, cwd) {
      // Standard output and the current folder belong to one command at a time.
      const asked = last.then(() => ask({ args, cwd }));
      last = asked.catch(() => undefined);
      return asked;
    },
    close() {
      if (host?.connected === true) host.disconnect();
    },
  };
}
