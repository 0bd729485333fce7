// A process that runs one command after the other, each as if it were alone: what a command needs is loaded once for all.
import { runCommand } from '../run-command.js';

/** A command for the process to run. */
export interface HostedCommand {
  readonly args: readonly string[];
  readonly cwd: string;
}

/** What it left. */
export interface HostedResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

type Write = (chunk: string | Uint8Array, ...rest: readonly unknown[]) => boolean;

process.on('message', (command: HostedCommand) => {
  void run(command).then((result) => process.send?.(result));
});
// The tests are over.
process.on('disconnect', () => process.exit());

async function run({ args, cwd }: HostedCommand): Promise<HostedResult> {
  process.chdir(cwd);
  process.exitCode = 0;
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  try {
    await runCommand(args);
    return { stdout: stdout.text(), stderr: stderr.text(), code: Number(process.exitCode) };
  } finally {
    stdout.release();
    stderr.release();
  }
}

/** Keeps what is written instead of writing it. */
function capture(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const chunks: Buffer[] = [];
  const { write } = stream;
  const keep: Write = (chunk, ...rest) => {
    chunks.push(Buffer.from(chunk as Uint8Array));
    const done = rest.find((one) => typeof one === 'function');
    if (done !== undefined) process.nextTick(done as () => void);
    return true;
  };
  stream.write = keep as typeof stream.write;
  return {
    text: () => Buffer.concat(chunks).toString(),
    release() {
      stream.write = write;
    },
  };
}
