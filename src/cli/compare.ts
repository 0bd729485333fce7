// verisim compare: several models on one page.
import { Command, Option } from 'commander';
import { wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface CompareArguments {
  readonly out: string;
  readonly title?: string;
  readonly evaluate?: boolean;
  readonly samples?: number;
  readonly features?: string;
  readonly json?: boolean;
}

export function compareCommand(): Command {
  return new Command('compare')
    .argument('<run...>', 'run folders that have been evaluated')
    .description(
      'Put models side by side on one HTML page: samples, metrics, copying, training, cost, what each is for.',
    )
    .option('--out <file>', 'the page, one file that needs no other', 'report.html')
    .option('--title <text>', 'the heading of the page (default: by the number of models and the data)')
    .option('--evaluate', 'first evaluate the runs that have not been')
    .addOption(
      new Option('--samples <number>', 'with --evaluate: how many samples to draw of each model').argParser(
        wholeNumber(),
      ),
    )
    .option('--features <space>', 'with --evaluate: where rows are compared, as in "verisim evaluate"')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim compare runs/vae-mnist runs/dcgan-mnist --evaluate
  $ verisim compare runs/*-mnist --out mnist.html --title "Digits"
`,
    )
    .action(async (runs: readonly string[], options: CompareArguments) => {
      const { compareRuns } = await import('./actions/compare.js');
      await compareRuns(runs, options);
    });
}
