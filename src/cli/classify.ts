// verisim classify: the classes of rows, by Bayes' rule.
import { Command, Option } from 'commander';
import { addDataOptions, type DataArguments } from './data-options.js';
import { shares } from './values.js';

/** The options as the command line gives them. */
export interface ClassifyArguments extends DataArguments {
  /** p(y), in the order of the runs. */
  readonly priors?: readonly number[];
  readonly out?: string;
}

export function classifyCommand(): Command {
  return addDataOptions(
    new Command('classify'),
    '<run...>',
    'the run of a model that knows classes, or one run for each class, as class=run or named as the run folder is',
  )
    .description("Tell the class of each row by Bayes' rule, and how often that is right where the data has labels.")
    .addOption(
      new Option(
        '--priors <shares>',
        'how probable each class is before a row is looked at, in the order of several runs: 0.9,0.1 (default: equal)',
      ).argParser(shares),
    )
    .option('--out <file>', 'where to write the class of every row: .npy for numbers, .csv for names and probabilities')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim classify runs/gaussian-bayes-mnist --data mnist --split test
  $ verisim classify runs/naive-bayes-mnist --data digits.npy --out classes.csv
  $ verisim classify cat=runs/a dog=runs/b --data pets.npy --priors 0.3,0.7
`,
    )
    .action(async (runs: readonly string[], options: ClassifyArguments) => {
      const { classify } = await import('./actions/classify.js');
      await classify(runs, options);
    });
}
