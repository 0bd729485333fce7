// verisim anomalies: rows that a model of normal data finds strange.
import { Command, Option } from 'commander';
import { addDataOptions, type DataArguments } from './data-options.js';
import { anyNumber, collect, share, wholeNumber } from './values.js';

/** The options as the command line gives them. */
export interface AnomaliesArguments extends DataArguments {
  readonly contamination: number;
  readonly threshold?: number;
  readonly anomaly: readonly string[];
  readonly samples?: number;
  readonly seed: number;
  readonly out?: string;
}

export function anomaliesCommand(): Command {
  return addDataOptions(new Command('anomalies'))
    .description(
      "Tell which rows are anomalies: their score, minus the log-density, is above that of most of the run's training rows.",
    )
    .addOption(
      new Option('--contamination <share>', 'the share of training rows taken for anomalies, which sets the threshold')
        .argParser(share)
        .default(0.1),
    )
    .addOption(
      new Option(
        '--threshold <nats>',
        'the score above which a row is an anomaly, instead of --contamination',
      ).argParser(anyNumber),
    )
    .addOption(
      new Option(
        '--anomaly <class>',
        'a class of anomalies, for AUROC; may be repeated (default: the rarer of two classes)',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--samples <number>',
        "samples per row, for bounds that are estimated (default: the model's)",
      ).argParser(wholeNumber()),
    )
    .addOption(new Option('--seed <number>', 'for bounds that are estimated').argParser(wholeNumber(0)).default(0))
    .option('--out <file>', 'where to write the score of every row: .npy, or .csv with the decisions')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText(
      'after',
      `
Examples:
  $ verisim anomalies runs/normal --data new.npy --contamination 0.01 --out scores.csv
  $ verisim anomalies runs/gaussian-bayes-two-moons --data rings --anomaly "radius 3"
`,
    )
    .action(async (run: string, options: AnomaliesArguments) => {
      const { anomalies } = await import('./actions/anomalies.js');
      await anomalies(run, options);
    });
}
