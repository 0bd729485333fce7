// verisim bench: speed and memory on this machine, in one process and one table.
import { Command, Option } from 'commander';
import { wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface BenchArguments {
  readonly peers?: boolean;
  readonly threads?: number;
  readonly rounds: number;
  readonly only?: string;
  readonly profile?: boolean;
  readonly json?: boolean;
}

export function benchCommand(): Command {
  return new Command('bench')
    .description(
      'Measure speed and memory: peak matrix-product rate, training steps and their share of it, sampling, start-up.',
    )
    .option('--peers', 'run the same work in PyTorch, TensorFlow.js and jax-js where they are installed, interleaved')
    .addOption(new Option('--threads <number>', 'threads (default: the physical cores)').argParser(wholeNumber()))
    .addOption(new Option('--rounds <number>', 'rounds to take medians over').argParser(wholeNumber()).default(15))
    .option('--only <part of a name>', 'measure only tasks whose name contains this')
    .option('--profile', 'also tell where the time of each training step goes, operator by operator')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim bench
  $ verisim bench --only dcgan --profile

Peers live outside the package: VERISIM_PEERS_PYTHON names a Python that has torch, VERISIM_PEERS_NODE a folder whose
node_modules has @tensorflow/tfjs or @jax-js/jax.
`,
    )
    .action(async (options: BenchArguments) => {
      const { bench } = await import('./actions/bench.js');
      await bench(options);
    });
}
