// verisim classify: the classes of rows, by Bayes' rule.
import { Command } from 'commander';
import { addDataOptions, type DataArguments } from './data-options.js';

/** The options as the command line gives them. */
export interface ClassifyArguments extends DataArguments {
  readonly out?: string;
}

export function classifyCommand(): Command {
  return addDataOptions(new Command('classify'))
    .description("Tell the class of each row by Bayes' rule, and how often that is right where the data has labels.")
    .option('--out <file>', 'where to write the class of every row: .npy for numbers, .csv for names and probabilities')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim classify runs/gaussian-bayes-mnist --data mnist --split test
  $ verisim classify runs/naive-bayes-mnist --data digits.npy --out classes.csv
`,
    )
    .action(async (run: string, options: ClassifyArguments) => {
      const { classify } = await import('./actions/classify.js');
      await classify(run, options);
    });
}
