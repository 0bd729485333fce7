// verisim bench: speed and memory on this machine, in one process and one table.
import { Command, Option } from 'commander';
import { wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface BenchArguments {
  readonly peers?: boolean;
  readonly threads?: number;
  readonly rounds?: number;
  readonly only?: string;
  readonly profile?: boolean;
  readonly json?: boolean;
}

export function benchCommand(): Command {
  return new Command('bench')
    .description(
      'Measure speed and memory: training steps and their share of the peak rate, classical models, sampling, start-up.',
    )
    .option(
      '--peers',
      'do the same work with PyTorch, TensorFlow.js, jax-js and scikit-learn where they are installed, interleaved',
    )
    .addOption(new Option('--threads <number>', 'threads (default: the physical cores)').argParser(wholeNumber()))
    .addOption(
      new Option(
        '--rounds <number>',
        'rounds to take medians over (default: 15 of training steps, 5 of classical models)',
      ).argParser(wholeNumber()),
    )
    .option('--only <part of a name>', 'measure only tasks whose name contains this')
    .option('--profile', 'also tell where the time of each training step goes, operator by operator')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim bench
  $ verisim bench --only dcgan --profile
  $ verisim bench --only classical --peers

Classical models work on MNIST where it is on this machine (verisim datasets tells), else on rows made up to its size.
Peers live outside the package: VERISIM_PEERS_PYTHON names a Python that has torch or scikit-learn, VERISIM_PEERS_NODE a
folder whose node_modules has @tensorflow/tfjs or @jax-js/jax.
`,
    )
    .action(async (options: BenchArguments) => {
      const { bench } = await import('./actions/bench.js');
      await bench(options);
    });
}
