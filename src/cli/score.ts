// verisim score: how plausible rows are to a model.
import { Command, Option } from 'commander';
import { addDataOptions, type DataArguments } from './data-options.js';
import { wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface ScoreArguments extends DataArguments {
  readonly samples?: number;
  readonly seed: number;
  readonly out?: string;
}

export function scoreCommand(): Command {
  return addDataOptions(new Command('score'))
    .description('Tell how plausible rows are to a model: the mean log-density of a row, or of a bound on it, in nats.')
    .addOption(
      new Option(
        '--samples <number>',
        "samples per row, for bounds that are estimated (default: the model's)",
      ).argParser(wholeNumber()),
    )
    .addOption(new Option('--seed <number>', 'for bounds that are estimated').argParser(wholeNumber(0)).default(0))
    .option('--out <file>', 'where to write the score of every row: .npy or .csv')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim score runs/gaussian-bayes-mnist --data mnist --split test
  $ verisim score runs/gaussian-bayes-two-moons --data points.npy --out scores.csv
`,
    )
    .action(async (run: string, options: ScoreArguments) => {
      const { score } = await import('./actions/score.js');
      await score(run, options);
    });
}
