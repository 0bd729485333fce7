// Runs the compiled command line as a process of its own, as people do.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

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
