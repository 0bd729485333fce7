// The table of peers: how the process of each one is started. Adding a peer is adding a line here and its program.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lookUp } from '../../src/core/nearest.js';
import type { ChildCommand } from './json-child.js';

type CommandOf = (threads: number, environment: NodeJS.ProcessEnv) => Omit<ChildCommand, 'name'>;

const peerTable: Readonly<Record<string, CommandOf>> = {
  PyTorch: python([]),
  'PyTorch compile': python(['--compile']),
  'TensorFlow.js': node('tensorflow-js.js'),
  'jax-js': node('jax-js.js'),
};

/** The names of all peers, in the order of reports. */
export const knownPeers: readonly string[] = Object.keys(peerTable);

/** How to start the peer of this name. @throws UnknownNameError for an unknown name */
export function peerCommand(name: string, threads: number, environment: NodeJS.ProcessEnv): ChildCommand {
  return { name, ...lookUp('peer', peerTable, name)(threads, environment) };
}

/** The PyTorch peer. An empty variable counts as unset. */
function python(flags: readonly string[]): CommandOf {
  return (threads, environment) => ({
    command: environment.VERISIM_PEERS_PYTHON || 'python3',
    args: [join(packageRoot(), 'bench', 'peers', 'python', 'torch_peer.py'), '--threads', String(threads), ...flags],
    environment: {
      ...environment,
      OMP_NUM_THREADS: String(threads),
      MKL_NUM_THREADS: String(threads),
      // No pool of compiling processes that outlives the compilation.
      TORCHINDUCTOR_COMPILE_THREADS: '1',
      // PyTorch's tuning guide: keep freed memory, so that each step's activations are not mapped anew.
      MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
      MALLOC_TRIM_THRESHOLD_: String(2 ** 30),
      MALLOC_TOP_PAD_: String(2 ** 26),
      PYTHONDONTWRITEBYTECODE: '1',
    },
    remedy: 'Set VERISIM_PEERS_PYTHON to a Python that has PyTorch.',
  });
}

/** A peer in JavaScript: a compiled program beside this file, run by this same Node. */
function node(program: string): CommandOf {
  return (threads, environment) => ({
    command: process.execPath,
    args: [join(dirname(fileURLToPath(import.meta.url)), program), String(threads)],
    environment,
  });
}

/** The package's folder: the Python program lies in the sources, which the compiled files do not sit beside. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
