// The table of peers: how the process of each one is started. Adding a peer is adding a line here and its program.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lookUp } from '../../src/core/nearest.js';
import type { ChildCommand } from './json-child.js';

type CommandOf = (threads: number, environment: NodeJS.ProcessEnv) => Omit<ChildCommand, 'name'>;

/** Peers that make training steps, in the order of reports. */
const stepTable: Readonly<Record<string, CommandOf>> = {
  PyTorch: torch([]),
  'PyTorch compile': torch(['--compile']),
  'TensorFlow.js': node('tensorflow-js.js'),
  'jax-js': node('jax-js.js'),
};

/** Peers that do single calls, and Verisim itself in a process of its own. */
const callTable: Readonly<Record<string, CommandOf>> = {
  Verisim: node('verisim.js'),
  'scikit-learn': scikitLearn('float64'),
  'scikit-learn float32': scikitLearn('float32'),
  'torch-fidelity': metricLibrary('torch-fidelity'),
  prdc: metricLibrary('prdc'),
};

/** The names of the peers that make training steps. */
export const stepPeers: readonly string[] = Object.keys(stepTable);

/** How to start the peer of this name. @throws UnknownNameError for an unknown name */
export function peerCommand(name: string, threads: number, environment: NodeJS.ProcessEnv): ChildCommand {
  return { name, ...lookUp('peer', { ...stepTable, ...callTable }, name)(threads, environment) };
}

/** The PyTorch peer. */
function torch(flags: readonly string[]): CommandOf {
  return python('torch_peer.py', 'PyTorch', flags, {
    // No pool of compiling processes that outlives the compilation.
    TORCHINDUCTOR_COMPILE_THREADS: '1',
    // PyTorch's tuning guide: keep freed memory, so that each step's activations are not mapped anew.
    MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
    MALLOC_TRIM_THRESHOLD_: String(2 ** 30),
    MALLOC_TOP_PAD_: String(2 ** 26),
  });
}

/** The scikit-learn peer, on rows of one number type. */
function scikitLearn(type: 'float64' | 'float32'): CommandOf {
  return python('sklearn_peer.py', 'scikit-learn', ['--dtype', type]);
}

/** A library of metrics. */
function metricLibrary(library: 'torch-fidelity' | 'prdc'): CommandOf {
  return python('metrics_peer.py', library, ['--library', library]);
}

/** A peer in Python. An empty variable counts as unset. */
function python(
  program: string,
  library: string,
  flags: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): CommandOf {
  return (threads, environment) => ({
    command: environment.VERISIM_PEERS_PYTHON || 'python3',
    args: [join(packageRoot(), 'bench', 'peers', 'python', program), '--threads', String(threads), ...flags],
    environment: {
      ...environment,
      OMP_NUM_THREADS: String(threads),
      MKL_NUM_THREADS: String(threads),
      OPENBLAS_NUM_THREADS: String(threads),
      PYTHONDONTWRITEBYTECODE: '1',
      ...variables,
    },
    remedy: `Set VERISIM_PEERS_PYTHON to a Python that has ${library}.`,
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
